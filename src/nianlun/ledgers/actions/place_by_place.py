"""A time of a duty that fans out: an entry counts for one of its places, and the last place makes the time done."""

from __future__ import annotations

from uuid import UUID

from nianlun.duties.actions.reopen import reopen
from nianlun.duties.actions.work import RECORDABLE, Known, do
from nianlun.duties.models import Occurrence
from nianlun.ledgers.fan_out.counts import count_of
from nianlun.ledgers.fan_out.ground import place_of
from nianlun.ledgers.models import DutyEntry, Entry, FanOut
from nianlun.places.models import User

NO_LONGER = "有地点的记录已撤回或取消关联"


def fans_out(one: Occurrence) -> bool:
    return FanOut.objects.filter(duty=one.duty_id).exists()


def put_place(found: DutyEntry, one: Occurrence, entry: Entry, wanted: UUID | None) -> None:
    """The place that the entry says it is of; else the one that its form was opened for, where it is one of these."""
    count = count_of(one)
    if count is None:
        return
    found.place_id = place_of(entry, count.places) or (wanted if wanted in count.places else None)
    found.save(update_fields=["place_id"])


def complete_if_all(one: Occurrence, user: User, known: Known) -> None:
    """Once every place has an entry the time is done, on the day of the latest of them."""
    count = count_of(one)
    if one.status not in RECORDABLE or count is None or not count.complete:
        return
    links = DutyEntry.objects.filter(occurrence=one, entry__withdrawn_at=None, place_id__in=count.places)
    last = links.select_related("entry").order_by("-entry__occurred_on", "-pk")[0]
    row = do(
        acting_user=user, pk=one.pk, revision=None, done_on=last.entry.occurred_on, known=known, whole=True
    )  # fmt: skip
    last.act = row.pk
    last.save(update_fields=["act"])


def reopen_if_lacking(one: Occurrence, user: User, act: UUID | None) -> None:
    """A time that its places had made done is open again where one of them lacks; `act` was a link's that is gone."""
    holder = DutyEntry.objects.filter(occurrence=one, act__isnull=False).first()
    made = act or (holder.act if holder else None)
    count = count_of(one)
    if made is None or count is None:
        return
    if not count.complete:
        reopen(acting_user=user, act=made, reason=NO_LONGER)
        DutyEntry.objects.filter(occurrence=one).update(act=None)
    elif holder is None:
        heir = DutyEntry.objects.filter(occurrence=one, entry__withdrawn_at=None).order_by("pk").first()
        if heir is not None:
            heir.act = made
            heir.save(update_fields=["act"])
