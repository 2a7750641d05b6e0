"""What a field is: its name, its kind and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class FieldError(ValueError):
    """What was written cannot stand in the field; the message says what to write, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `most` is the longest text, the greatest number or the longest list, by kind."""

    code: str
    title: str
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)  # code to title
    most: int | None = None
    least: int | None = None
    help: str = ""
    aliases: tuple[str, ...] = ()  # what sheets of others call it
    read_only: bool = False  # shown in lists and sheets, and never taken from them
    group: str = ""  # the heading under which a form shows it

    @property
    def secret(self) -> bool:
        """Sealed where it is stored, masked where it is shown."""
        return self.kind in SECRET_KINDS


SECRET_KINDS = frozenset({"id_number", "phone", "credit_code", "account"})
