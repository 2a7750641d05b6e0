"""Verifying one door of a round: what was found there, and taking back one's own last word."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.dateparse import parse_date

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.logs import NUMBERS_OF_PEOPLE
from nianlun.kernel.models import AuditRow
from nianlun.places.actions.rounds import must_be_open
from nianlun.places.models import (
    CONFIRMING,
    Confirmation,
    Outcome,
    Resident,
    ResidentState,
    Room,
    RoundRoom,
    User,
)
from nianlun.places.policy import May, Policy

VISITED, TAKEN_BACK = "room.visited", "room.visit_taken_back"
LONGEST_NOTE = 200


def require_door(policy: Policy, door: RoundRoom) -> None:
    """Refuse whoever may not verify it: 404 for one of elsewhere, 403 for a door that is a colleague's.

    Those who run rounds may take any door of the community.
    """
    if not policy.allows_record(May.VERIFY, door.room):
        raise Http404
    if door.worker_id != policy.user.pk and not policy.allows(May.ROUNDS, door.room.community):
        raise PermissionDenied


@transaction.atomic
def visit(*, acting_user: User, door: RoundRoom, outcome: str, note: str, revision: int) -> RoundRoom:
    """What was found at the door. What confirms the register is noted of the room and of who lives there.

    The same said again on the same day changes nothing; whoever comes second with something else is told (409).
    """
    found, said = Outcome(outcome), _checked(note)
    held = _hold(door)
    require_door(Policy(acting_user), held)
    must_be_open(held.round)
    day = today()
    if (held.outcome, held.note, held.done_by_id, held.done_on) == (found, said, acting_user.pk, day):
        return held
    if held.revision != revision or held.done_on is not None:
        raise StaleRevision(
            "这一户刚刚已经有人登记过，没有再保存。要改请由登记的人先撤销。",
            mine=_told(found.label, said, acting_user.name),
            theirs=_told(held.get_outcome_display(), held.note, held.done_by.name if held.done_by else ""),
        )
    before = {"outcome": held.outcome, "note": held.note, "by": _text(held.done_by_id)}
    residents = _confirm(held, found, said, acting_user, day) if found in CONFIRMING else {}
    told = {
        "community": held.room.community.code, "round": str(held.round_id), "door": str(held.pk),
        "outcome": found.value, "revision": held.revision + 1, "before": before,
        "room": [_text(held.room.verified_on), _text(held.room.verified_by_id)], "residents": residents,
    }  # fmt: skip
    held.outcome, held.note, held.done_by = found.value, said, acting_user
    held.done_on = day if found in CONFIRMING else None
    held.revision += 1
    held.save(update_fields=["outcome", "note", "done_by", "done_on", "revision"])
    if found in CONFIRMING:
        Room.objects.filter(pk=held.room_id).update(verified_on=day, verified_by=acting_user)
    _note(VISITED, held.room, acting_user, told)
    return held


def _confirm(held: RoundRoom, found: Outcome, said: str, acting_user: User, day: date) -> dict[str, list[str]]:
    """Confirm who lives there; gives when and by whom each was confirmed before, by id."""
    living = Resident.objects.select_for_update(of=("self",)).filter(room=held.room, state=ResidentState.LIVING)
    there = list(living.order_by("pk"))
    if found == Outcome.EMPTY and there:
        raise UserError(
            f"这里还登记着 {len(there)} 位居民。搬走了的请先登记迁出，再选“无人居住”；没遇到人请选“敲门无人”。",
            code="outcome",
        )
    Resident.objects.filter(pk__in=[one.pk for one in there]).update(verified_on=day, verified_by=acting_user)
    Confirmation.objects.create(
        room=held.room, round=held.round, outcome=found.value, note=said, on=day, by=acting_user
    )
    return {str(one.pk): [_text(one.verified_on), _text(one.verified_by_id)] for one in there}


@transaction.atomic
def take_back(*, acting_user: User, door: RoundRoom) -> RoundRoom:
    """Take back one's own last word on a door, if nobody had another since: all is as it was before."""
    held = _hold(door)
    require_door(Policy(acting_user), held)
    must_be_open(held.round)
    row = last_visit(held)
    if row is None or row.actor_id != acting_user.pk:
        raise UserError("这一户没有您刚才的登记，不能撤销。请刷新页面查看。")
    if held.done_on is not None:
        on, by = row.detail["room"]
        ours = Room.objects.filter(pk=held.room_id, verified_on=held.done_on, verified_by=acting_user)
        ours.update(verified_on=_day(on), verified_by=_id(by))
        for pk, (on, by) in row.detail["residents"].items():
            again = Resident.objects.filter(pk=pk, verified_on=held.done_on, verified_by=acting_user)
            again.update(verified_on=_day(on), verified_by=_id(by))
        made = Confirmation.objects.filter(room=held.room, round=held.round, by=acting_user, on=held.done_on)
        Confirmation.objects.filter(pk__in=made.order_by("-recorded_at").values("pk")[:1]).delete()
    before = row.detail["before"]
    held.outcome, held.note, held.done_by_id, held.done_on = before["outcome"], before["note"], _id(before["by"]), None
    held.revision += 1
    held.save(update_fields=["outcome", "note", "done_by", "done_on", "revision"])
    about = {"community": held.room.community.code, "round": str(held.round_id), "door": str(held.pk)}
    _note(TAKEN_BACK, held.room, acting_user, about)
    return held


def last_visit(door: RoundRoom) -> AuditRow | None:
    """The log's row of the visit that stands; None where none does."""
    rows = AuditRow.objects.filter(
        kind="room", record_id=door.room_id, action=VISITED, detail__door=str(door.pk), detail__revision=door.revision
    )
    return rows.order_by("-at").first()


def _hold(door: RoundRoom) -> RoundRoom:
    rows = RoundRoom.objects.select_for_update(of=("self", "room"))
    return rows.select_related("round", "room__building", "room__community", "done_by").get(pk=door.pk)


def _checked(note: str) -> str:
    said = " ".join(note.split())
    if len(said) > LONGEST_NOTE:
        raise UserError(f"说明最多 {LONGEST_NOTE} 个字，现在有 {len(said)} 个，请写短些。", code="note")
    if re.search(NUMBERS_OF_PEOPLE, said):
        raise UserError("说明里请不要写证件号码或电话号码，请登记到居民的资料里。", code="note")
    return said


def _told(outcome: str, note: str, who: str) -> str:
    return "\n".join(part for part in (outcome or "未登记", note, who) if part)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _day(said: str) -> date | None:
    return parse_date(said) if said else None


def _id(said: str) -> UUID | None:
    return UUID(said) if said else None


def _note(action: str, room: Room, acting_user: User, detail: dict[str, Any]) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="room", record_id=room.pk, subdistrict_id=room.subdistrict_id,
        detail=detail,
    )  # fmt: skip
