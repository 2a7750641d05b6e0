"""Times of duties that an entry may have been done for: the user's own that wait in this period."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, IntegerField, Q, Value, When

from nianlun.duties import standing
from nianlun.duties.desk import WHOSE_ALL, WHOSE_ME, Desk, Row
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.kernel.clock import today
from nianlun.ledgers.models import ItemLedger
from nianlun.places.lines import LINE_TITLES
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer

MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """One time of a duty as a form offers it; `bound`: the plan's item is carried out by entries of this ledger."""

    one: Occurrence
    due: str
    late: int
    bound: bool
    chosen: bool

    @property
    def title(self) -> str:
        return self.one.duty.title

    @property
    def line(self) -> str:
        return LINE_TITLES.get(self.one.line, self.one.line)


def candidates(
    viewer: CommunityViewer,
    ledger: str,
    lines: Collection[str],
    chosen: Collection[UUID] = (),
    but: Iterable[UUID] = (),
) -> list[Candidate]:
    """Those that were chosen first, then what the ledger is bound to, then the lines' others, the most pressing first.

    Offered are times whose window has begun and that the user may do; `but` are those that the entry serves already.
    """
    may_all = viewer.policy.allows(May.HAND_OUT, viewer.community)
    if not viewer.policy.allows(May.DO, viewer.community):
        return []
    desk = Desk(viewer.community, viewer.user, today(), WHOSE_ALL if may_all else WHOSE_ME, manages=may_all)
    bound = set(
        ItemLedger.objects.filter(ledger=ledger, refused=False, item__duty__community=viewer.community).values_list(
            "item_id", flat=True
        )
    )  # fmt: skip
    fits = Q(duty__item__in=bound) | Q(line__in=list(lines))
    waiting = fits & Q(status=OccurrenceStatus.OPEN, window_start__lte=today()) & desk.scope()
    rank = Case(
        When(pk__in=list(chosen), then=Value(0)), When(duty__item__in=bound, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    found = (
        Occurrence.objects.filter(Q(pk__in=list(chosen)) | waiting, community=viewer.community)
        .exclude(pk__in=list(but))
        .select_related("duty", "duty__created_by", "taken_by", "handed_by")
        .annotate(rank=rank)
        .order_by("rank", "act_on", "line", "pk")[: MOST + len(chosen)]
    )
    rows = list(found)
    mine = {row.one.pk for row in desk.rows_of(rows) if _mine(row)}
    shown = [one for one in rows if one.pk in chosen or one.pk in mine][: max(MOST, len(chosen))]
    day = today()
    return [
        Candidate(
            one, standing.due_said(one, day), standing.late_days(one, day), one.duty.item_id in bound, one.pk in chosen
        )
        for one in shown
    ]


def _mine(row: Row) -> bool:
    """It waits for the user: not for another while they stand in, nor for the other shares of a group."""
    return row.can_do and not (row.stand_in and not row.behalf)
