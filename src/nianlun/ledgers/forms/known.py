"""What is known already of whom an entry is about: taken over at a press, with how old it is, never silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from nianlun.kernel.clock import today
from nianlun.kernel.sealing.seal import masked, unseal
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.declarations.model import SECRET, FieldSpec
from nianlun.ledgers.forms.pickers import called
from nianlun.ledgers.records import ROWS


@dataclass(frozen=True, slots=True)
class Known:
    """`said` is what pages show (a secret one masked); `since` says when the record was last changed."""

    said: str
    since: str


def of_form(viewer: LedgerViewer, fields: list[FieldSpec], chosen: Mapping[str, str]) -> dict[str, Known]:
    """By field code; `chosen` are records as the form names them: subject → person:id, party → organisation:id."""
    wanted = [spec for spec in fields if spec.take_over]
    records = {code: record(viewer, one) for code, one in chosen.items() if one} if wanted else {}
    found: dict[str, Known] = {}
    for spec in wanted:
        source, _, attribute = spec.take_over.partition(".")
        kind, row = records.get(source) or ("", None)
        if row is None:
            continue
        said = _said(viewer, spec, kind, row, attribute)
        if said:
            found[spec.code] = Known(said, since_in_words(localtime(row.changed_at).date(), today()))
    return found


def since_in_words(day: date, today: date) -> str:
    """A day with how long ago it is: 2027-03-05（8 个月前）."""
    days = (today - day).days
    if days < 1:
        ago = "今天"
    elif days < 60:
        ago = f"{days} 天前"
    elif days < 730:
        ago = f"{days // 30} 个月前"
    else:
        ago = f"{days // 365} 年前"
    return f"{day.isoformat()}（{ago}）"


def record(viewer: LedgerViewer, named: str) -> tuple[str, Any] | None:
    """The record that `kind:id` names, where the viewer may see it."""
    kind, _, pk = named.partition(":")
    try:
        wanted = UUID(pk)
    except ValueError:
        return None
    if kind not in ROWS:
        return None
    row = ROWS[kind](viewer.policy, viewer.community).filter(pk=wanted).first()
    return (kind, row) if row is not None else None


def taken(viewer: LedgerViewer, spec: FieldSpec, chosen: Mapping[str, str]) -> str:
    """A secret value as it is, for an entry that takes it over; empty where there is none to be had."""
    source, _, attribute = spec.take_over.partition(".")
    found = record(viewer, chosen.get(source, ""))
    if found is None or not _said(viewer, spec, *found, attribute):
        return ""
    return unseal(getattr(_holder(*found), f"{attribute}_sealed", ""))


def _holder(kind: str, row: Any) -> Any:
    """Whose number and name a household's are: its head's."""
    return row.head if kind == "household" and row.head is not None else row


def _said(viewer: LedgerViewer, spec: FieldSpec, kind: str, row: Any, attribute: str) -> str:
    holder = _holder(kind, row)
    if attribute == "name":
        return called(kind, row)
    model = holder._meta.model_name
    if viewer.policy.hides(f"{model}.{attribute}", holder):
        return ""
    if spec.kind in SECRET:
        return masked(spec.kind, getattr(holder, f"{attribute}_sealed", ""))
    if attribute == "address" and not hasattr(holder, "address"):
        return str(row.building) if getattr(row, "building", None) else ""
    return str(getattr(holder, attribute, "") or "")
