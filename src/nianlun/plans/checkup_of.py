"""The check-up of a version as it stands, against the other plans of its subdistrict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianlun.plans.access import adopted_version
from nianlun.plans.checkup import Code, Finding, KnownPlan, check_up
from nianlun.plans.models import ItemText, Plan, PlanVersion, VersionStatus
from nianlun.plans.rereading import reading_of

KNOWN = (VersionStatus.ADOPTED, VersionStatus.REVIEW)
ABOUT_MORE = (Code.NO_OWNER, Code.NO_DATE, Code.NO_MEASURE, Code.COPY, Code.LAST_YEAR)
MOST_KNOWN = 200  # plans; the newest


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding with its number in the list and the words it is about; `item` is the number of its card."""

    number: int
    finding: Finding
    words: str
    row: ItemText | None
    item: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one code."""

    number: str
    title: str
    findings: Sequence[Shown]

    @property
    def in_words(self) -> bool:
        """Whether it is about the very words, not about what an item lacks or the whole text."""
        return self.number not in {code.number for code in ABOUT_MORE}


def findings_of(version: PlanVersion) -> list[Finding]:
    """Everything that is wrong with the plan as it is now worded and reviewed; dropped items are left out."""
    rows = list(version.items.filter(dropped_reason=""))
    return list(check_up(reading_of(version, rows), known=_known(version), last_year=_last_year(version.plan)))


def groups_of(version: PlanVersion, cards: Sequence[ItemText]) -> list[Group]:
    """The findings by code, those that concern the law first."""
    standing = [(number, row) for number, row in enumerate(cards, start=1) if not row.dropped_reason]
    groups: dict[str, tuple[str, list[Shown]]] = {}
    for number, finding in enumerate(findings_of(version), start=1):
        item, row = standing[finding.item] if finding.item is not None else (None, None)
        words = version.text[finding.start : finding.end]
        _, shown = groups.setdefault(finding.code.number, (finding.code.value.title, []))
        shown.append(Shown(number, finding, words, row, item))
    return [Group(code, title, shown) for code, (title, shown) in sorted(groups.items(), reverse=True)]


def _known(version: PlanVersion) -> list[KnownPlan]:
    """Texts of the other plans of the subdistrict; of each plan the version that counts."""
    others = (
        PlanVersion.objects.filter(
            plan__community__subdistrict_id=version.plan.community.subdistrict_id, status__in=KNOWN
        )
        .exclude(plan_id=version.plan_id)
        .exclude(text="")
        .select_related("plan__community")
        .only("text", "status", "number", "plan__title", "plan__community__name")
        .order_by("plan_id", "status", "-number")  # adopted before review
        .distinct("plan_id")
    )
    return [KnownPlan(_name(other.plan), other.text) for other in others[:MOST_KNOWN]]


def _name(plan: Plan) -> str:
    return plan.title if plan.community.name in plan.title else f"{plan.community.name}：{plan.title}"


def _last_year(plan: Plan) -> KnownPlan | None:
    """The community's own plan of the year before, if it has been read."""
    before = Plan.objects.filter(community_id=plan.community_id, year=plan.year - 1).first()
    if before is None:
        return None
    version = adopted_version(before) or before.versions.exclude(text="").first()
    return KnownPlan(before.title, version.text) if version else None
