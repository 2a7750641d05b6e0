"""What an edit changed, field by field, for the audit row; of secret fields only that they changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nianlun.kernel.fields import Field, show

CHANGED = "changed"


def changes(fields: Iterable[Field], before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[str]]:
    """Old and new in words, by field code, of the fields in `after` that differ from `before`: `detail["changes"]`.

    Both hold values by field code, as `kernel.fields.check` gives them; secret ones may be given plain, as digests or
    as masks, as long as both sides are given alike: the answer holds ["", "changed"] for them.
    """
    found: dict[str, list[str]] = {}
    for one in fields:
        if one.code not in after:
            continue
        old, new = before.get(one.code), after[one.code]
        if show(old, one) == show(new, one):
            continue
        found[one.code] = ["", CHANGED] if one.secret else [show(old, one), show(new, one)]
    return found
