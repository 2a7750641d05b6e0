"""Overlays: fields that a subdistrict or a community adds to a ledger that is somebody else's."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import Field, ValidationError

from nianlun.ledgers.declarations.check_fields import check_fields
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault
from nianlun.ledgers.declarations.model import CHOOSING, Code, FieldSpec, Ledger, Strict
from nianlun.ledgers.declarations.read import note_error
from nianlun.ledgers.declarations.refusals import check_refusals
from nianlun.ledgers.declarations.source import Path, Source, read_source
from nianlun.ledgers.rules.flow import groups_of_steps

PREFIX = "x_"  # of added fields: no shipped field begins so, now or later
MOST_ADDED = 30


class Overlay(Strict):
    """The whole file; `overlay` is the code of the ledger that it adds to."""

    overlay: Code
    version: int = Field(ge=1)
    fields: list[FieldSpec] = Field(min_length=1, max_length=MOST_ADDED)
    columns: list[Code] = Field([], max_length=2, description="added fields that the list shows")
    filters: list[Code] = Field([], max_length=2, description="added choices by which the list is narrowed")


def laid_over(ledger: Ledger, overlay: Overlay, *, retired: bool = False) -> Ledger:
    """The ledger with the overlay's fields after its own; with `retired` they are read and no longer asked."""
    added = [field.model_copy(update={"retired": True}) for field in overlay.fields] if retired else overlay.fields
    listed, narrowed = ([], []) if retired else (overlay.columns, overlay.filters)
    more = {
        "fields": [*ledger.fields, *added],
        "columns": [*ledger.columns, *listed],
        "filters": [*ledger.filters, *narrowed],
    }
    return ledger.model_copy(update=more)


def read_overlay(words: str, file: str, ledger: Ledger, opened_by: Collection[str] = ()) -> Overlay:
    """An overlay that can stand on the ledger; raises BadDeclaration with every fault that was found.

    `opened_by` are the titles of ledgers that open entries of this one by themselves: they cannot fill what is added.
    """
    source = read_source(words, file)
    overlay: Overlay | None = None
    if not isinstance(source.data, dict) or next(iter(source.data), None) != "overlay":
        source.fault(Fault.NOT_AN_OVERLAY, ())
    else:
        try:
            overlay = Overlay.model_validate(source.data)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False):
                note_error(source, one)
    if overlay is not None:
        whole = laid_over(ledger, overlay)
        shifted = _shifted(source, ledger)
        check_fields(whole, shifted)
        check_refusals(whole, shifted)
        _check_added(overlay, ledger, source, opened_by)
    if source.found or overlay is None:
        raise BadDeclaration(sorted(source.found, key=lambda one: one.line))
    return overlay


def _shifted(source: Source, ledger: Ledger) -> Source:
    """The same file and list of faults, its lines known by the places that its items have in the laid-over ledger."""
    before = {"fields": len(ledger.fields), "columns": len(ledger.columns), "filters": len(ledger.filters)}
    lines: dict[Path, int] = {}
    for path, line in source.lines.items():
        if len(path) > 1 and isinstance(path[1], int):
            path = (path[0], path[1] + before.get(str(path[0]), 0), *path[2:])
        lines[path] = line
    return Source(source.file, source.data, lines, source.found)


def _check_added(overlay: Overlay, ledger: Ledger, source: Source, opened_by: Collection[str]) -> None:
    waiting = groups_of_steps(ledger)
    added = {field.code: field for field in overlay.fields}
    for place, field in enumerate(overlay.fields):
        here: Path = ("fields", place)
        if not field.code.startswith(PREFIX):
            source.fault(Fault.NO_PREFIX, (*here, "code"), field.code)
        if field.group in waiting:
            source.fault(Fault.LATER_GROUP, (*here, "group"), field.group)
        must = (field.required or field.required_if) and field.default is None and not field.retired
        if must and opened_by:
            source.fault(Fault.OPENED_WITHOUT, here, field.title, "、".join(opened_by))
    for key in ("columns", "filters"):
        for place, code in enumerate(getattr(overlay, key)):
            if code not in added or (key == "filters" and added[code].kind not in CHOOSING):
                source.fault(Fault.UNKNOWN_FIELD, (key, place), code)
