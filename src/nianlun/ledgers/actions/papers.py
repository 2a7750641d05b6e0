"""Papers that a step issues, or a press: numbered in the community and the year, and kept as they read then."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.ledgers.actions.writing import ledger_of, lock
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.models import Entry, IssuedPaper
from nianlun.ledgers.papers import body_of
from nianlun.ledgers.rules.following import papers_now
from nianlun.places.models import Community, User


@transaction.atomic
def hand_out(*, acting_user: User, pk: UUID, code: str) -> IssuedPaper:
    """Issue a paper that the entry's ledger hands out now; one that would read like the last is that one."""
    entry = lock(pk, None, {})
    ledger = ledger_of(entry)
    if code not in papers_now(ledger, entry.data, entry.status, today()):
        raise UserError("现在不能出具这种文书，请刷新后再看。")
    last = entry.papers.filter(code=code).order_by("year", "number").last()
    if last is not None and last.body == body_of(entry, code):
        return last
    return issue(entry=entry, code=code, acting_user=acting_user)


def issue(*, entry: Entry, code: str, acting_user: User) -> IssuedPaper:
    """Issue a paper for an entry; the next number of its year, without gaps."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of its step")
    paper = PAPERS.get(code)
    if paper is None:
        raise UserError("没有这种文书的样式，请联系管理员。")
    year = today().year
    # Two papers at once never share a number; who files meanwhile holds up none.
    Community.objects.select_for_update(no_key=True).get(pk=entry.community_id)
    issued = IssuedPaper.objects.filter(community=entry.community_id, code=code, year=year)
    last = issued.aggregate(last=Max("number"))["last"] or 0
    made = IssuedPaper.objects.create(
        entry=entry, community=entry.community, code=code, year=year, number=last + 1,
        body=body_of(entry, code), issued_by=acting_user,
    )  # fmt: skip
    audit.record(
        "paper.issued", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"paper": paper.title, "number": made.number},
    )  # fmt: skip
    return made
