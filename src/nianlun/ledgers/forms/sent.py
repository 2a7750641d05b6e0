"""A form that came back: head, values, files that came with it, and what stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.files import keep_file
from nianlun.ledgers.actions.writing import Head, Refused
from nianlun.ledgers.declarations.model import RECORDS, SECRET, FieldSpec
from nianlun.ledgers.forms.known import taken
from nianlun.ledgers.forms.raw import Raw, read_posted

HEAD = ("occurred_on", "subject", "building", "late_reason")


def read_form(request: HttpRequest, viewer: LedgerViewer, fields: list[FieldSpec]) -> Raw:
    """What stands in the fields; files that came with the form are kept and stand among the others."""
    raw = read_posted(fields, request.POST)
    for spec in fields:
        for given in request.FILES.getlist(f"{spec.code}.new"):
            kept = keep_file(acting_user=viewer.user, community=viewer.community, given=given, kind=spec.kind)
            if spec.kind == "signature":
                raw[spec.code] = str(kept.pk)
            else:
                raw[spec.code] = [*raw[spec.code], str(kept.pk)]
    return raw


def read_head(post: QueryDict) -> dict[str, str]:
    return {code: str(post.get(code, "")).strip() for code in HEAD}


def head_of(head: Mapping[str, str], lines: Iterable[str] = ()) -> Head:
    """The head as the action takes it; raises Refused where a day or a choice is none."""
    errors: dict[str, str] = {}
    day = day_of(head)
    if day is None:
        errors["occurred_on"] = "请填日期，如 2027-03-05。"
    kind, _, subject = head.get("subject", "").partition(":")
    building = _id(head.get("building", ""), "building", errors)
    if kind:
        _id(subject, "subject", errors)
    if errors or day is None:
        raise Refused(errors)
    return Head(day, kind, subject, building, lines=tuple(lines), late_reason=head.get("late_reason", "")[:200])


def _id(said: str, code: str, errors: dict[str, str]) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        errors[code] = "请从列表里选。"
        return None


def day_of(head: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(head.get("occurred_on", "")).strip())
    except ValueError:
        return None


def written_of(fields: list[FieldSpec], raw: Raw, post: QueryDict, viewer: LedgerViewer, shown: Raw) -> Raw:
    """What the action is given: without what stays as it is, and with what is taken over.

    `shown` is what stood in the fields when the form was opened: a secret value that comes back as its mask is left.
    """
    written: Raw = {}
    chosen = chosen_records(fields, post)
    for spec in fields:
        if spec.kind == "computed" or post.get(f"side-{spec.code}") == "theirs":
            continue
        value = raw.get(spec.code, "")
        if spec.kind in SECRET:
            if post.get(f"{spec.code}.take") == "1" and "*" in str(value):
                value = taken(viewer, spec, chosen)
            elif value and value == shown.get(spec.code):
                continue
        written[spec.code] = value
    return written


def chosen_records(fields: Iterable[FieldSpec], post: QueryDict) -> dict[str, str]:
    """Records that the form names, as kind:id: its subject, and those in fields."""
    found = {"subject": str(post.get("subject", ""))}
    for spec in fields:
        if spec.kind in RECORDS and (pk := str(post.get(spec.code, ""))):
            found[spec.code] = f"{spec.kind}:{pk}"
    return {code: one for code, one in found.items() if _is_record(one)}


def _is_record(said: str) -> bool:
    try:
        UUID(said.partition(":")[2])
    except ValueError:
        return False
    return True


def marks(raw: Raw) -> dict[str, str]:
    """Of each field a short digest, by which a form tells later what was changed in it."""
    return {code: mark(value) for code, value in raw.items()}


def mark(value: Any) -> str:
    plain = value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
    return sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]
