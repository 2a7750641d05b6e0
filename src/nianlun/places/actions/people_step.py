"""A step in people's lives as the register keeps it: everything it changed is noted, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, ProtectedError

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.columns import Digest, SealedText
from nianlun.places.models import User
from nianlun.places.search.index import index, unindex

UNNOTED = frozenset({"revision", "created_at", "changed_at"})
HOUSEHOLD = "places.household"
LOOKED_THROUGH = 20  # rows of a record's log, newest first, among which its last step is sought
Note = dict[str, Any]  # model, id, was, is; `was` None: added, `is` None: removed


class Step:
    """Changes of one action, written as they are made and noted in their order."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.touched: dict[tuple[str, UUID], Model] = {}

    def change(self, record: Model, **values: Any) -> None:
        """Set columns (by attribute name, such as room_id) of a record that is locked or held by its parent's lock."""
        was = {name: plain(getattr(record, name)) for name in values}
        new = {name: plain(value) for name, value in values.items()}
        if was == new:
            return
        self._note(record, was, new)
        for name, value in values.items():
            setattr(record, name, value)
        fields = list(values)
        if hasattr(record, "revision"):
            record.revision, record.changed_at = record.revision + 1, now()  # type: ignore[attr-defined]
            fields += ["revision", "changed_at"]
        record.save(update_fields=[record._meta.get_field(name).name for name in fields])

    def add(self, record: Model) -> None:
        record.save(force_insert=True)
        self._note(record, None, columns_of(record))

    def remove(self, record: Model) -> None:
        self._note(record, columns_of(record), None)
        type(record)._base_manager.filter(pk=record.pk).delete()

    def _note(self, record: Model, was: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
        label = record._meta.label_lower
        self.notes.append({"model": label, "id": str(record.pk), "was": was, "is": new})
        self.touched[label, record.pk] = record

    def done(
        self, action: str, *, acting_user: User, about: Any, also: Iterable[tuple[str, Any]] = (), **detail: Any
    ) -> AuditRow:
        """Note the step in the log of the record it is about and, with their own words, of others; index them anew."""
        row = _record(action, acting_user, about, {**detail, "step": self.notes})
        for other_action, other in also:
            _record(other_action, acting_user, other, {**detail, "step_of": str(row.pk)})
        index([record for (_, pk), record in self.touched.items() if type(record)._base_manager.filter(pk=pk).exists()])
        return row


def take_back(notes: Iterable[Note]) -> list[Model]:
    """Undo noted changes, the last first; gives what they touched. Refused where something was changed since."""
    notes = list(notes)
    touched: dict[tuple[str, str], Model] = {}
    last: dict[tuple[str, str, str], Any] = {}
    for note in notes:  # a column that one step set twice must stand as it was set last
        for name, value in (note["is"] or {}).items():
            last[note["model"], note["id"], name] = value
    gone = {(note["model"], note["id"]) for note in notes if note["is"] is None}
    for model, pk in dict.fromkeys((note["model"], note["id"]) for note in notes):
        found = apps.get_model(model)._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None:
            if (model, pk) in gone:
                continue
            raise later()
        touched[model, pk] = found
        for (of, which, name), value in last.items():
            if (of, which) == (model, pk) and plain(getattr(found, name)) != value:
                raise later()
    try:
        for note in reversed(notes):
            touched |= _back(note, touched)
    except ProtectedError as error:  # something new hangs on what the step added
        raise later() from error
    unindex("household", [UUID(note["id"]) for note in notes if note["was"] is None and note["model"] == HOUSEHOLD])
    left = [record for record in touched.values() if record.pk is not None]
    index(left)
    return left


def _back(note: Note, touched: dict[tuple[str, str], Model]) -> dict[tuple[str, str], Model]:
    key = note["model"], note["id"]
    if note["is"] is None:
        model = apps.get_model(note["model"])
        made = model(pk=note["id"], **{name: _read(model, name, value) for name, value in note["was"].items()})
        made.save(force_insert=True)
        return {key: made}
    record = touched[key]
    if note["was"] is None:
        record.delete()  # its key is None from here on
        return {}
    values = {name: _read(type(record), name, value) for name, value in note["was"].items()}
    Step().change(record, **values)
    return {}


def later() -> UserError:
    return UserError("后来又登记了别的变动，不能撤销这一步。请先撤销后面的，或直接改正。", code="changed_since")


def last_step(record: Any) -> AuditRow | None:
    """The latest step that a record took part in and that was not taken back; None if there is none."""
    rows = AuditRow.objects.filter(
        kind=record._meta.model_name, record_id=record.pk, detail__has_any_keys=["step", "step_of", "undid"]
    ).order_by("-at", "-pk")[:LOOKED_THROUGH]
    undone: set[str] = set()
    for row in rows:
        if undid := row.detail.get("undid"):
            undone.add(undid)
        elif (step := str(row.detail.get("step_of") or row.pk)) not in undone:
            return row if "step" in row.detail else AuditRow.objects.get(pk=step)
    return None


def undo(*, acting_user: User, row: AuditRow) -> list[Model]:
    """Take back a step; gives what it touched. The caller holds the transaction and the right."""
    touched = take_back(row.detail["step"])
    told = {(row.kind, row.record_id), *others_of(row)}
    for kind, record_id in sorted(told):
        audit.record(
            f"{kind}.undone", actor_id=acting_user.pk, kind=kind, record_id=record_id,
            subdistrict_id=row.subdistrict_id, detail={"undid": str(row.pk), "was": row.action},
        )  # fmt: skip
    return touched


def others_of(row: AuditRow) -> set[tuple[str, UUID]]:
    """The other records in whose logs the step stands."""
    ids = {UUID(note["id"]) for note in row.detail["step"]}
    same = AuditRow.objects.filter(kind__in=["resident", "household"], record_id__in=ids, detail__step_of=str(row.pk))
    return set(same.values_list("kind", "record_id"))


def _record(action: str, acting_user: User, about: Any, detail: dict[str, Any]) -> AuditRow:
    return audit.record(
        action, actor_id=acting_user.pk, kind=about._meta.model_name, record_id=about.pk,
        subdistrict_id=about.subdistrict_id, detail=detail,
    )  # fmt: skip


def columns_of(record: Model) -> dict[str, Any]:
    """All columns of a row but its key and those that every write changes; rows with secrets are never removed."""
    fields = [field for field in record._meta.local_concrete_fields if not field.primary_key]
    assert not any(isinstance(field, SealedText | Digest) for field in fields)
    return {field.attname: plain(getattr(record, field.attname)) for field in fields if field.attname not in UNNOTED}


def plain(value: Any) -> Any:
    """The value as JSON holds it."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    return (field.target_field if field.is_relation else field).to_python(value)  # type: ignore[union-attr]
