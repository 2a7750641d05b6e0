"""What a form shows for each field: the kind of input, what stands in it, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from nianlun.kernel.fields import Field

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|")


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form; after a clash `theirs` is what somebody else has saved, `mine` the side to begin with."""

    field: Field
    value: str
    error: str = ""
    suggestions: Sequence[str] = ()
    theirs: str | None = None
    mine: bool = True
    asked: bool = True  # else it is shown only

    @property
    def id(self) -> str:
        return f"field-{self.field.code}"

    @property
    def widget(self) -> str:
        """textarea, select, yes (a box to tick), or input."""
        match self.field.kind:
            case "long_text":
                return "textarea"
            case "choice":
                return "select"
            case "yes_no":
                return "yes" if self.field.required or self.value in {"是", "否"} else "select"
        return "input"

    @property
    def type(self) -> str:
        """Of an input. A day that no calendar takes stays as it was typed, so that it can be mended."""
        if self.field.kind == "date" and ISO_DAY.fullmatch(self.value):
            return "date"
        return "tel" if self.field.kind == "phone" else "text"

    @property
    def keyboard(self) -> str:
        return {"integer": "numeric", "decimal": "decimal", "account": "numeric"}.get(self.field.kind, "")

    @property
    def longest(self) -> int | None:
        return self.field.most if self.field.kind in {"text", "long_text"} else None

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(value, title, chosen); a value that is no longer offered stays, so that saving does not change it."""
        offered = dict(self.field.choices) if self.field.kind == "choice" else {"是": "是", "否": "否"}
        titles = {title: code for code, title in offered.items()}
        chosen = self.value if self.value in offered else titles.get(self.value, self.value)
        if chosen not in offered and chosen:
            offered[chosen] = chosen
        return [(value, title, value == chosen) for value, title in offered.items()]

    @property
    def described_by(self) -> str:
        told = [("help", self.field.help), ("theirs", self.theirs), ("error", self.error)]
        return " ".join(f"{self.id}-{part}" for part, there in told if there)


def in_words(field: Field, value: str) -> str:
    """A choice by its title, whichever way it was written."""
    return field.choices.get(value, value) if field.kind == "choice" else value


def same(field: Field, one: str, other: str) -> bool:
    """Whether two writings of a field say the same; a code and its title do."""
    return _plain(in_words(field, one)) == _plain(in_words(field, other))


def mark(field: Field, value: str) -> str:
    """A short digest of what a form showed, by which the form tells later what was changed in it."""
    return sha256(_plain(in_words(field, value)).encode()).hexdigest()[:12]


def marks(fields: Sequence[Field], shown: Mapping[str, str]) -> dict[str, str]:
    return {one.code: mark(one, shown.get(one.code, "")) for one in fields}


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").strip()
