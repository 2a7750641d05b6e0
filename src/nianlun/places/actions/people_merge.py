"""Two entries that are one person: what hangs on one goes to the other, noted so that all of it can go back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.ids import uuid7
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_moves import PLACE
from nianlun.places.actions.people_step import Step, later, take_back
from nianlun.places.models import (
    Household,
    Member,
    Merge,
    NotSame,
    Relationship,
    Residence,
    Resident,
    ResidentState,
    ResidentTag,
    User,
)
from nianlun.places.rules.relations import HEAD
from nianlun.places.rules.spells import without
from nianlun.places.search.index import index
from nianlun.places.signals import residents_merged, residents_parted

MERGED = "合并"
HOME = "home"  # of the choices: where they live
SECRETS = {
    "id_number": ("id_kind", "id_number_sealed", "id_number_digest", "born_on", "sex"),
    "phone": ("phone_sealed", "phone_digest", "phone_tail_digest"),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("name", "initials"),
    **SECRETS,
    "sex": ("sex",),
    "born_on": ("born_on",),
    **{code: (code,) for code in ("nationality", "education", "work_unit", "registered", "registered_address", "note")},
    "verified_on": ("verified_on", "verified_by_id"),
}
LIVES = (*PLACE, "relation", "state", "died_on")


@transaction.atomic
def merge(
    *,
    acting_user: User,
    kept: Resident,
    dropped: Resident,
    taken: Collection[str] = (),
    revisions: tuple[int, int] | None = None,
) -> Merge:
    """Join two entries; `taken` names what is taken over from the dropped one (of CHOICES, or HOME).

    Values change places, so that what is not kept stays with the dropped entry, secret ones sealed as they are.
    """
    if kept.pk == dropped.pk:
        raise UserError("请选择两条不同的记录。")
    both = Resident.objects.select_for_update().in_bulk(sorted((kept.pk, dropped.pk)))
    first, second = both[kept.pk], both[dropped.pk]
    if revisions is not None and revisions != (first.revision, second.revision):
        raise StaleRevision("其中一条刚刚被别人改过，没有合并。请对照后再合并。")
    if ResidentState.MERGED in {first.state, second.state}:
        raise UserError("其中一条已经合并过了，请刷新页面。")
    if first.community_id != second.community_id:
        raise UserError("两条记录不在同一个社区。请先把其中一条转到同一社区，再合并。")
    if unknown := set(taken) - {*CHOICES, HOME}:
        raise UserError(f"不能选择“{'、'.join(sorted(unknown))}”，请刷新页面。")
    if {"sex", "born_on"} & set(taken) and (first.id_number_digest or second.id_number_digest):
        raise UserError("性别和出生日期随证件号码走，请只选证件号码。")
    step, swapped = Step(), sorted({column for code in taken if code != HOME for column in CHOICES[code]})
    with clashes_told():
        _one_home(step, first, second, _lives_there(first, second, HOME in taken))
        step.change(second, state=ResidentState.MERGED.value, merged_into_id=first.pk, relation="", **_nowhere())
        _swap(first, second, swapped)
        for model, columns in (
            (ResidentTag, ("resident",)),
            (Relationship, ("resident", "other")),
            (Member, ("resident",)),
        ):
            _hand_over(step, model, columns, first, second)
        residents_merged.send(sender=Merge, kept=first, dropped=second, step=step)
        made = Merge.objects.create(
            kept=first, dropped=second, by=acting_user, at=now(), moved={"step": step.notes, "swapped": swapped}
        )
    _record("resident.merged", acting_user, made)
    index([*{(type(one), one.pk): one for one in (*step.touched.values(), first, second)}.values()])
    return made


@transaction.atomic
def part(*, acting_user: User, merge: Merge) -> None:
    """Undo a merge: both entries are as they were. Refused where what it set no longer stands as it was set."""
    held = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if held.undone_at is not None:
        raise UserError("这次合并已经撤销。")
    both = Resident.objects.select_for_update().in_bulk(sorted((held.kept_id, held.dropped_id)))
    if both[held.dropped_id].merged_into_id != held.kept_id:
        raise later()
    with clashes_told():
        # Back to their owners first: only one of two entries that stand may bear an ID number.
        _swap(both[held.kept_id], both[held.dropped_id], held.moved["swapped"])
        take_back(held.moved["step"])
        held.undone_at, held.undone_by = now(), acting_user
        held.save(update_fields=["undone_at", "undone_by"])
        kept, dropped = (Resident.objects.get(pk=pk) for pk in (held.kept_id, held.dropped_id))
        residents_parted.send(sender=Merge, kept=kept, dropped=dropped)
    _record("resident.parted", acting_user, held)
    index([kept, dropped])


@transaction.atomic
def not_same(*, acting_user: User, one: Resident, other: Resident) -> None:
    """Two entries were judged to be two people; nobody is asked about them again."""
    first, second = sorted((one, other), key=lambda resident: resident.pk)
    NotSame.objects.get_or_create(one=first, other=second, defaults={"by": acting_user, "at": now()})
    for resident, another in ((first, second), (second, first)):
        audit.record(
            "resident.not_same", actor_id=acting_user.pk, kind="resident", record_id=resident.pk,
            subdistrict_id=resident.subdistrict_id, detail={"other": str(another.pk)},
        )  # fmt: skip


def _lives_there(first: Resident, second: Resident, chosen: bool) -> bool:
    """Whether the home of the second is the one to keep: it was chosen, or the first has none and the second has."""
    if ResidentState.LIVING not in {first.state, second.state}:
        return chosen or (second.state == ResidentState.DIED and first.state != ResidentState.DIED)
    if first.state != second.state:
        return second.state == ResidentState.LIVING
    if (first.room_id is None) != (second.room_id is None):
        return first.room_id is None
    return chosen


def _one_home(step: Step, first: Resident, second: Resident, there: bool) -> None:
    """One history of where they lived: of the home that stays wholly, of the other the days that it leaves free."""
    spells = {one.pk: list(Residence.objects.select_for_update().filter(resident=one)) for one in (first, second)}
    stays, yields = (second, first) if there else (first, second)
    covered = [(spell.starts_on, spell.ends_on) for spell in spells[stays.pk]]
    left: list[Residence] = []
    for spell in spells[yields.pk]:
        whole = spell.starts_on, spell.ends_on
        parts = without(whole, covered)
        if parts == [whole]:
            left.append(spell)
            continue
        step.remove(spell)
        for starts_on, ends_on in parts:
            ended_by = spell.ended_by if ends_on == spell.ends_on else MERGED
            step.add(
                Residence(
                    id=uuid7(), resident=first, household_id=spell.household_id, room_id=spell.room_id,
                    building_id=spell.building_id, relation=spell.relation, starts_on=starts_on, ends_on=ends_on,
                    began_by=spell.began_by if starts_on == spell.starts_on else MERGED, ended_by=ended_by,
                )
            )  # fmt: skip
    for spell in (*left, *spells[stays.pk]):
        if spell.resident_id != first.pk:
            step.change(spell, resident_id=first.pk)
    lived = {name: getattr(stays, name) for name in LIVES}
    _leave_heads(step, first, second, stays)
    if there:
        step.change(second, **_nowhere())
        step.change(first, **lived)


def _leave_heads(step: Step, first: Resident, second: Resident, stays: Resident) -> None:
    """Households that either was the head of: the kept entry heads the one it lives in, another has no head."""
    home = stays.household_id
    for household in Household.objects.select_for_update().filter(head__in=(first, second)).order_by("pk"):
        step.change(household, head_id=first.pk if household.pk == home and stays.relation == HEAD else None)
    other = second if stays.pk == first.pk else first
    if other.household_id in {None, home}:
        return
    household = Household.objects.select_for_update().get(pk=other.household_id)
    if household.ended_on is None and not household.residents.exclude(pk__in=(first.pk, second.pk)).exists():
        step.change(household, ended_on=max(today(), household.started_on))


def _nowhere() -> dict[str, Any]:
    return dict.fromkeys(PLACE)


def _swap(first: Resident, second: Resident, columns: Collection[str]) -> None:
    """Let values change places. While one of the two is merged, no number is borne twice."""
    if not columns:
        return
    for column in columns:
        mine, theirs = getattr(first, column), getattr(second, column)
        setattr(first, column, theirs)
        setattr(second, column, mine)
    for one in (second, first):
        one.revision, one.changed_at = one.revision + 1, now()
        one.save(update_fields=[*(one._meta.get_field(name).name for name in columns), "revision", "changed_at"])


def _hand_over(step: Step, model: type[Model], columns: Collection[str], first: Resident, second: Resident) -> None:
    """Rows that name the second name the first; one that would then stand twice, or relate them to themselves, goes."""
    rows = Q()
    for column in columns:
        rows |= Q(**{column: second.pk})
    for row in model._base_manager.select_for_update().filter(rows).order_by("pk"):
        new: dict[str, UUID] = {
            f"{column}_id": first.pk for column in columns if getattr(row, f"{column}_id") == second.pk
        }
        if _stands_twice(row, new):
            step.remove(row)
        else:
            step.change(row, **new)


def _stands_twice(row: Model, new: dict[str, UUID]) -> bool:
    others = type(row)._base_manager.exclude(pk=row.pk)
    if isinstance(row, Relationship):
        one, other = new.get("resident_id", row.resident_id), new.get("other_id", row.other_id)
        return one == other or others.filter(resident=one, other=other, kind=row.kind).exists()
    if isinstance(row, ResidentTag):
        same = others.filter(resident=new["resident_id"], code=row.code)
        overlap = same.filter(Q(ends_on=None) | Q(ends_on__gt=row.starts_on))
        if row.ends_on is not None:
            overlap = overlap.filter(starts_on__lt=row.ends_on)
        return overlap.exists() or same.filter(starts_on=row.starts_on).exists()
    if isinstance(row, Member):
        return row.ends_on is None and others.filter(body=row.body_id, ends_on=None, **new).exists()
    return False


def _record(action: str, acting_user: User, merge: Merge) -> None:
    """In the log of both."""
    for resident, other in ((merge.kept, merge.dropped), (merge.dropped, merge.kept)):
        audit.record(
            action, actor_id=acting_user.pk, kind="resident", record_id=resident.pk,
            subdistrict_id=resident.subdistrict_id,
            detail={"merge": str(merge.pk), "other": str(other.pk), "kept": str(merge.kept_id)},
        )  # fmt: skip
