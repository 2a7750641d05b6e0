"""Papers that a step issues: numbered in the community and the year, and kept as they read then."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.ledgers.models import Entry, IssuedPaper
from nianlun.ledgers.papers import PAPERS
from nianlun.places.models import Community, User


def issue(*, entry: Entry, code: str, acting_user: User) -> IssuedPaper:
    """Issue a paper for an entry; the next number of its year, without gaps."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of its step")
    paper = PAPERS.get(code)
    if paper is None:
        raise UserError("没有这种文书的样式，请联系管理员。")
    year = today().year
    Community.objects.select_for_update().get(pk=entry.community_id)  # two papers at once never share a number
    issued = IssuedPaper.objects.filter(community=entry.community_id, code=code, year=year)
    last = issued.aggregate(last=Max("number"))["last"] or 0
    made = IssuedPaper.objects.create(
        entry=entry, community=entry.community, code=code, year=year, number=last + 1,
        body=paper.body(entry), issued_by=acting_user,
    )  # fmt: skip
    audit.record(
        "paper.issued", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"paper": paper.title, "number": made.number},
    )  # fmt: skip
    return made
