"""One record as it was written, checked field by field: the same for a form, a row of a sheet and the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nianlun.kernel.fields.field import Field, FieldError
from nianlun.kernel.fields.kinds import KINDS
from nianlun.kernel.fields.text import tidy


@dataclass(slots=True)
class Checked:
    """`values` by the field's code, None where it was left empty; `errors` by code, "" for the record as a whole.

    A field that was not given at all stands in neither: it stays as it was.
    """

    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return not self.errors


def check(
    fields: Iterable[Field], raw: Mapping[str, str], *, masks: Mapping[str, str] | None = None, partial: bool = False
) -> Checked:
    """Read what was written into each field.

    `masks` are the masks of the secret values that the record has: one that comes back means unchanged, and any other
    value with a * is an error. `partial`: required fields may be left out, as for a record that exists already.
    """
    checked = Checked()
    for one in fields:
        if one.read_only:
            continue
        if one.code not in raw:
            if one.required and not partial:
                checked.errors[one.code] = f"请填写{one.title}。"
            continue
        written = tidy(raw[one.code])
        if not written:
            if one.required:
                checked.errors[one.code] = f"请填写{one.title}。"
            else:
                checked.values[one.code] = None
            continue
        if one.secret and "*" in written:
            if (masks or {}).get(one.code) == written:
                continue  # as we masked it: unchanged
            checked.errors[one.code] = f"{one.title}里有 *，请填完整的号码；不改就保持原样。"
            continue
        try:
            checked.values[one.code] = KINDS[one.kind](written, one)
        except FieldError as error:
            checked.errors[one.code] = str(error)
    return checked
