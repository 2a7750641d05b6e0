"""Writing places: many at once in one transaction, each against the revision that its writer saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.fields import Field, show
from nianlun.places.models import Building, Community, InCommunity, Room, User
from nianlun.places.search.index import index
from nianlun.ui.registers.changes import changes

Place = TypeVar("Place", bound=InCommunity)  # a Grid, Estate, Building or Room


@dataclass(frozen=True, slots=True)
class Write(Generic[Place]):
    """What is to stand in one record, by column; `known` is the record to change, None for a new one."""

    values: Mapping[str, object]
    known: Place | None = None
    revision: int | None = None  # of `known` as the writer last saw it; None: whatever it is


@dataclass(frozen=True, slots=True)
class Written(Generic[Place]):
    """The records in the order of their writes, and which of them are new or were changed."""

    records: list[Place]
    made: list[Place]
    changed: list[Place]


@dataclass(frozen=True, slots=True)
class Act:
    """Who writes, where, and by which way in: form, sheet:<run id>, api."""

    user: User
    community: Community
    source: str = "form"


def write_places(
    model: type[Place], writes: Sequence[Write[Place]], act: Act, fields: Sequence[Field]
) -> Written[Place]:
    """Add and change the records; one that would stay as it is is not written.

    Must run in the caller's transaction. Raises StaleRevision, and UserError where a code or number was just taken.
    """
    locked = _lock(model, [write.known.pk for write in writes if write.known is not None])
    records: list[Place] = []
    made: list[Place] = []
    changed: dict[Place, dict[str, list[str]]] = {}
    touched: set[str] = set()
    for write in writes:
        if write.known is None:
            record = model(subdistrict_id=act.community.subdistrict_id, community=act.community, **write.values)
            made.append(record)
        else:
            record = locked[write.known.pk]
            if write.revision is not None and write.revision != record.revision:
                raise _stale(record, write.values, fields)
            if found := changes(fields, _values(record, write.values), write.values):
                _fill(record, write.values)
                changed[record] = found
                touched |= set(write.values)
        records.append(record)
    _store(model, made, list(changed), touched)
    kind = model._meta.model_name or ""
    about = {"community": act.community.code, "source": act.source}
    told = [(record.pk, {**about, "changes": changes(fields, {}, _shown(record, fields))}) for record in made]
    _record(f"{kind}.added", told, kind, act)
    _record(f"{kind}.changed", [(record.pk, {**about, "changes": said}) for record, said in changed.items()], kind, act)
    index([*made, *changed])
    return Written(records, made, list(changed))


def _lock(model: type[Place], ids: Sequence[UUID]) -> dict[UUID, Place]:
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    joined = {Building: ("estate", "grid"), Room: ("building__estate", "building__grid", "unit")}.get(model, ())
    return {row.pk: row for row in (rows.select_related(*joined) if joined else rows)}


def _store(model: type[Place], made: Sequence[Place], changed: Sequence[Place], touched: set[str]) -> None:
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(made, batch_size=2_000)
            if changed:
                columns = [*sorted(touched), "revision", "changed_at"]
                model._default_manager.bulk_update(changed, columns, batch_size=500)
    except IntegrityError:
        raise UserError("代码或门牌号刚刚被别人用了，没有保存。请换一个再保存。", code="taken") from None


def _record(action: str, told: Sequence[tuple[UUID, Mapping[str, object]]], kind: str, act: Act) -> None:
    if told:
        audit.record_many(
            action, told, actor_id=act.user.pk, kind=kind, subdistrict_id=act.community.subdistrict_id
        )  # fmt: skip


def record_act(action: str, record: Place, act: Act, **detail: object) -> None:
    """Note one act on a place besides its edits, such as closing it."""
    audit.record(
        action, actor_id=act.user.pk, kind=record._meta.model_name or "", record_id=record.pk,
        subdistrict_id=record.subdistrict_id, detail={"community": act.community.code, **detail},
    )  # fmt: skip


def lock_one(record: Place, revision: int | None = None) -> Place:
    """The record as it stands now, held until the transaction ends; raises StaleRevision."""
    fresh = _lock(type(record), [record.pk])[record.pk]
    if revision is not None and fresh.revision != revision:
        raise StaleRevision("别人刚刚修改了这条记录，请看过最新内容后再办理。")
    return fresh


def _fill(record: Place, values: Mapping[str, object]) -> None:
    for column, value in values.items():
        setattr(record, column, value)
    touch(record)


def touch(record: Place) -> None:
    """The record is another edit from now on; the caller stores it."""
    record.revision += 1
    record.changed_at = now()


def _values(record: Place, columns: Mapping[str, object]) -> dict[str, object]:
    return {column: getattr(record, column) for column in columns}


def _shown(record: Place, fields: Sequence[Field]) -> dict[str, object]:
    return {one.code: getattr(record, one.code) for one in fields if not one.read_only and hasattr(record, one.code)}


def _stale(record: Place, values: Mapping[str, object], fields: Sequence[Field]) -> StaleRevision:
    wanted = [one for one in fields if one.code in values]
    return StaleRevision(
        "别人刚刚修改了这条记录，请核对两边后再保存。",
        mine="\n".join(f"{one.title}：{show(values[one.code], one)}" for one in wanted),
        theirs="\n".join(f"{one.title}：{show(getattr(record, one.code), one)}" for one in wanted),
    )
