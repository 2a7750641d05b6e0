"""What a row of a sheet would change of the record that it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianlun.kernel.fields import Field, show
from nianlun.kernel.fields.text import tidy
from nianlun.kernel.sealing.masks import mask
from nianlun.ui.registers.register import Draft, Register


def differences(
    register: Register[Any, Any],
    viewer: Any,
    draft: Draft[Any],
    written: Mapping[str, str],
    fields: Mapping[str, Field],
) -> dict[str, list[str]]:
    """[before, after] in words by field code, secret ones as masks; what the viewer does not see is left alone."""
    shown = register.read(draft.known, viewer)
    opened: Mapping[str, str] | None = None
    found: dict[str, list[str]] = {}
    for code, said in written.items():
        if code not in draft.checked.values or code not in shown:
            continue
        before, field = shown[code], fields[code]
        if not field.secret:
            after = show(draft.checked.values[code], field)
            if before not in (after, tidy(said)) and tidy(before) != tidy(said):
                found[code] = [before, after]
            continue
        plain = str(draft.checked.values[code] or "")
        after = mask(field.kind, plain)
        if after == before:
            opened = opened or register.open(draft.known, viewer)
            if opened.get(code) == plain:
                continue
        found[code] = [before, after]
    return found
