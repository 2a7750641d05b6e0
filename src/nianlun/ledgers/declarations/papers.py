"""The papers that a ledger may hand out: their titles, the word in their numbers, and the fields that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nianlun.ledgers.declarations.check_fields import OF_EVERY_ENTRY, expression
from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.source import Source


@dataclass(frozen=True, slots=True)
class PaperKind:
    """`needs` are fields without which no ledger hands it out, `tells` those that it tells of where they are there."""

    title: str
    word: str  # 整改 in 〔2027〕整改第3号
    needs: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


PAPERS: Mapping[str, PaperKind] = {
    "rectification_notice": PaperKind("整改通知书", "整改", ("found", "demand", "deadline"), ("party_name", "where")),
    "supervision_notice": PaperKind("挂牌督办通知书", "督办", ("found", "deadline"), ("party_name", "where", "demand")),
    "recheck_opinion": PaperKind(
        "整改复查意见书", "复查", ("found", "recheck"), ("party_name", "where", "measures", "mended_on", "deadline")
    ),
    "inspection_record": PaperKind(
        "现场检查记录", "检查", ("target", "inspectors", "conclusion"),
        ("kind", "joint_with", "contact", "points", "problems", "demand", "deadline", "unsigned_why"),
    ),
    "acceptance_receipt": PaperKind(
        "受理回执", "受理", (),
        ("asks", "asker", "kind", "channel", "outside_number", "due", "scheme", "applicant", "agent", "papers"),
    ),
    "reply": PaperKind(
        "诉求办理答复单", "答复", ("asks", "reply"),
        ("asker", "kind", "handler_name", "outcome", "solved", "replied_on")
    ),
    "public_notice": PaperKind(
        "公示", "公示", ("public_from", "public_to", "public_where"),
        ("applicant", "scheme", "household_size", "amount", "period", "review", "name", "rule", "quota", "proposed"),
    ),
    "benefit_decision": PaperKind(
        "审批结果告知书", "告知", ("applicant", "scheme"),
        ("amount", "period", "decided_on", "valid_from", "valid_until", "reason"),
    ),
    "award": PaperKind(
        "表彰决定", "表彰", ("name", "result"),
        ("rule", "winners", "prize", "public_from", "public_to"),
    ),
    "meeting_minutes": PaperKind(
        "会议纪要", "纪要", ("topic", "minutes", "decisions"),
        ("kind", "starts_at", "ends_at", "venue", "chair", "recorder", "called", "present", "absent", "guests",
         "agenda", "open_points"),
    ),
    "service_confirmation": PaperKind(
        "服务确认单", "服务", ("detail", "done_on"),
        ("kind", "person_name", "address", "server", "minutes", "outcome", "paid", "price", "subsidy", "confirmed_by",
         "rating"),
    ),
    "acceptance_certificate": PaperKind(
        "项目验收单", "验收", ("name", "accepted_on", "acceptors", "acceptance"),
        ("kind", "scope", "contractor_name", "contract", "contract_sum", "finished_on", "warranty_until"),
    ),
    "expense_form": PaperKind(
        "经费支出审批单", "支出", ("what", "amount"),
        ("heading", "fund", "payee", "invoices", "asked_by", "witness", "opinion", "paid_on", "method", "voucher"),
    ),
    "situation_report": PaperKind(
        "突发情况信息报告", "信息", ("what", "where", "found_at", "told_at"),
        ("kind", "drill", "found_by", "in_danger", "told", "calls", "moved", "hurt", "dead", "lost", "homes", "loss",
         "reports", "measures", "cause"),
    ),
}  # fmt: skip


def check_papers(ledger: Ledger, source: Source) -> None:
    """That the papers which a ledger hands out are there, and that it has what they tell of."""
    codes = {field.code for field in ledger.fields}
    for place, one in enumerate(ledger.papers):
        expression(one.when, source, ("papers", place, "when"), codes | OF_EVERY_ENTRY)
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("flow", "steps", place, "paper"), step.paper) for place, step in enumerate(ledger.flow.steps)
    ]
    named += [(("papers", place, "paper"), one.paper) for place, one in enumerate(ledger.papers)]
    for path, code in named:
        if not code:
            continue
        if code not in PAPERS:
            source.fault(Fault.UNKNOWN_PAPER, path, code, "、".join(PAPERS))
            continue
        for need in PAPERS[code].needs:
            if need not in codes:
                source.fault(Fault.PAPER_FIELD, path, PAPERS[code].title, need)
