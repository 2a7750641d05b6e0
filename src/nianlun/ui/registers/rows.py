"""One record of a register for one viewer, or the answer that there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from nianlun.kernel.fields import Field
from nianlun.ui.registers.register import Register


def row_of(register: Register[Any, Any], viewer: Any, pk: UUID) -> Any | None:
    """The record, if the viewer may see it; whatever else there is does not exist for them."""
    return register.rows(viewer).filter(pk=pk).first()


def grouped(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """Fields under their headings, in their order; those without one stand under 基本信息."""
    groups: dict[str, list[Field]] = {}
    for one in fields:
        groups.setdefault(one.group or "基本信息", []).append(one)
    return groups
