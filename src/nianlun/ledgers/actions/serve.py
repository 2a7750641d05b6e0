"""An entry is what was done for a time of a duty: linking it completes that time, taking it away opens it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from nianlun.duties.actions.acts import lock
from nianlun.duties.actions.reopen import reopen
from nianlun.duties.actions.work import RECORDABLE, Known, Standing, do, must_be_theirs, standing
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.kernel import audit
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.place_by_place import complete_if_all, fans_out, put_place, reopen_if_lacking
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.models import DutyEntry, Entry
from nianlun.places.models import User
from nianlun.places.policy import May, Policy

WITHDRAWN, UNLINKED = "台账记录已撤回", "已取消与台账记录的关联"


@transaction.atomic
def link(*, acting_user: User, pk: UUID, occurrences: Iterable[UUID], place: UUID | None = None) -> list[DutyEntry]:
    """The entry was done for these times of duties; a link that is there already stays as it is.

    `place`: where a duty is done place by place, the one that the entry is of, unless it says so itself.
    Raises PermissionDenied where the entry is another's, UserError where a time is not the user's to do.
    """
    entry = Entry.objects.select_for_update(of=("self",)).select_related("community", "building").get(pk=pk)
    known = Known.of(acting_user, entry.community)
    if not may_link(known.policy, entry):
        raise PermissionDenied
    if entry.withdrawn_at is not None:
        raise UserError("这条记录已撤回，不能关联任务；确有需要，请先恢复。")
    return [_link(entry, one, acting_user, known, place) for one in sorted(set(occurrences))]


@transaction.atomic
def link_all(*, acting_user: User, entries: Collection[UUID], occurrence: UUID) -> None:
    """Several entries were done for one time of a duty; raises as `link` does, and then none is linked.

    All are held before the time is, as one filing holds its entry first: two people never wait for each other.
    """
    list(Entry.objects.select_for_update(of=("self",)).filter(pk__in=entries).order_by("pk"))
    for pk in sorted(entries):
        link(acting_user=acting_user, pk=pk, occurrences=[occurrence])


@transaction.atomic
def unlink(*, acting_user: User, pk: UUID) -> DutyEntry:
    """The entry was not done for that time after all: what it alone completed is open again."""
    found = DutyEntry.objects.select_related("entry__community").get(pk=pk)
    if not may_link(Policy(acting_user), found.entry):
        raise PermissionDenied
    one = lock(found.occurrence_id, None)  # first, as every act on its links does: else two might wait for each other
    if not DutyEntry.objects.filter(pk=pk).exists():
        raise UserError("这条关联已经取消了。")
    found.refresh_from_db(fields=["act"])
    by_place = fans_out(one)
    if not by_place:
        _release(found, acting_user, UNLINKED)
    DutyEntry.objects.filter(pk=found.pk).delete()
    if by_place:
        reopen_if_lacking(one, acting_user, found.act)
    _note("unlinked", found.entry, one, acting_user)
    return found


@transaction.atomic
def release(*, acting_user: User, entry: Entry) -> None:
    """An entry no longer counts: its links stay to be seen, and what it alone completed is open again."""
    for found in entry.duties.order_by("occurrence_id"):
        one = lock(found.occurrence_id, None)
        found.refresh_from_db(fields=["act"])
        if fans_out(one):
            reopen_if_lacking(one, acting_user, found.act)
        else:
            _release(found, acting_user, WITHDRAWN)


@transaction.atomic
def resume(*, acting_user: User, entry: Entry) -> None:
    """An entry counts again: it completes what is still open and the user's to do."""
    links = list(entry.duties.filter(act=None).order_by("occurrence_id"))
    if not links:
        return
    known = Known.of(acting_user, entry.community)
    for found in links:
        one = lock(found.occurrence_id, None)
        try:
            _complete(found, one, entry, acting_user, known)
        except (UserError, PermissionDenied):
            continue  # somebody else has it now: the record comes back all the same


def may_link(policy: Policy, entry: Entry) -> bool:
    """Whoever filed the entry or worked on it, or the secretary."""
    own = policy.user.pk == entry.recorded_by_id or policy.user.pk in entry.doers
    return (own and policy.allows(May.DO, entry.community)) or policy.allows(May.HAND_OUT, entry.community)


def _link(entry: Entry, pk: UUID, user: User, known: Known, place: UUID | None) -> DutyEntry:
    kept = DutyEntry.objects.filter(entry=entry, occurrence=pk).first()
    if kept is not None:
        return kept
    if not Occurrence.objects.filter(pk=pk, community=entry.community_id).exists():
        raise UserError("有任务已经调整，请刷新后再选。")
    one = lock(pk, None)
    if one.status == OccurrenceStatus.VOID:
        raise UserError(f"“{_short(one)}”这一次已取消，不能关联。")
    by_place = fans_out(one)
    if not by_place:  # where it is done place by place, everybody sees to their own
        must_be_theirs(standing(user, one, known))
    made = DutyEntry.objects.create(entry=entry, occurrence=one, linked_by=user)
    _note("linked", entry, one, user)
    if by_place:
        put_place(made, one, entry, place)
    _complete(made, one, entry, user, known)
    return made


def _complete(found: DutyEntry, one: Occurrence, entry: Entry, user: User, known: Known) -> None:
    """Record the time, or one's share of it, as done on the day of the entry; nothing where it is done already."""
    if fans_out(one):
        complete_if_all(one, user, known)
        return
    if one.status not in RECORDABLE:
        return
    held = standing(user, one, known)
    by, waits = _doer(held, one, entry)
    if not waits:
        return
    row = do(acting_user=user, pk=one.pk, revision=None, done_on=entry.occurred_on, by=by, known=known)
    found.act = row.pk
    found.save(update_fields=["act"])


def _doer(held: Standing, one: Occurrence, entry: Entry) -> tuple[UUID | None, bool]:
    """Whom the work is recorded for (None: the acting user, or whom they stand in for), and whether it waits for it."""
    doers = [entry.recorded_by_id, *entry.doers]
    required = held.hands.required(one)
    if not required:
        return (doers[0] if held.manages and doers[0] in held.hands.roster.names else None), True
    done = set(one.shares.values_list("user_id", flat=True))
    waiting = [person for person in required if person not in done]
    if held.manages:
        person = next((person for person in doers if person in waiting), None)
        return person, person is not None
    return None, any(person in waiting for person in held.behalf)


def _release(found: DutyEntry, user: User, reason: str) -> None:
    """What the link completed goes over to another entry that was done for the same time, else it is open again."""
    if found.act is None:
        return
    share_of = AuditRow.objects.filter(pk=found.act).values_list("detail__share_of", flat=True).first()
    others = DutyEntry.objects.filter(occurrence=found.occurrence_id, entry__withdrawn_at=None, act=None)
    others = others.exclude(pk=found.pk).order_by("linked_at", "pk")
    if share_of:
        others = others.filter(entry__recorded_by=share_of)
    heir = others.first()
    act, found.act = found.act, None
    found.save(update_fields=["act"])
    if heir is None:
        reopen(acting_user=user, act=act, reason=reason)
    else:
        heir.act = act
        heir.save(update_fields=["act"])


def _note(what: str, entry: Entry, one: Occurrence, user: User) -> None:
    """In the history of both: nothing of the entry stands in the duty's but which ledger it is of."""
    audit.record(
        f"entry.{what}", actor_id=user.pk, kind="entry", record_id=entry.pk, subdistrict_id=entry.subdistrict_id,
        detail={"occurrence": str(one.pk)},
    )  # fmt: skip
    audit.record(
        f"occurrence.entry_{what}", actor_id=user.pk, kind="occurrence", record_id=one.pk,
        subdistrict_id=entry.subdistrict_id, detail={"entry": str(entry.pk), "ledger": ledger_of(entry).title},
    )  # fmt: skip


def _short(one: Occurrence) -> str:
    return one.duty.title if len(one.duty.title) <= 20 else one.duty.title[:19] + "…"
