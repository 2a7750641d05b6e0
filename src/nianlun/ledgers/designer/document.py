"""A draft's words as data that forms change part by part, and back; both views are of the same draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from nianlun.ledgers.declarations.faults import BadDeclaration, Found
from nianlun.ledgers.declarations.source import Path, read_source
from nianlun.ledgers.designer.checking import FILE

VERSION = re.compile(r"^version:.*$", re.MULTILINE)
# Where each kind of part stands in the file, and the key that names one.
PARTS: dict[str, Path] = {
    "field": ("fields",),
    "state": ("flow", "states"),
    "step": ("flow", "steps"),
    "point": ("points",),
}


@dataclass(slots=True)
class Document:
    """`data` is empty where the words are no YAML; then only the text can mend them."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    broken: list[Found] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        return bool(self.data)

    def parts(self, kind: str) -> dict[str, dict[str, Any]]:
        """Of one kind by code, in order; what is written otherwise than the format says is left to the text."""
        here: Any = self.data
        for key in PARTS[kind]:
            here = here.get(key) if isinstance(here, dict) else None
        if isinstance(here, dict):
            return {str(code): one for code, one in here.items() if isinstance(one, dict)}
        if isinstance(here, list):
            return {str(one["code"]): one for one in here if isinstance(one, dict) and "code" in one}
        return {}

    def place_of(self, line: int) -> tuple[str, str]:
        """The kind and code of the part that stands on a line; empty where it belongs to none."""
        known = [(number, -len(path), path) for path, number in self.lines.items() if number <= line and len(path) <= 3]
        if not known:
            return "", ""
        path = max(known, key=lambda one: one[:2])[2]
        for kind, at in PARTS.items():
            if path[: len(at)] == at and len(path) > len(at):
                which = path[len(at)]
                codes = list(self.parts(kind))
                code = str(which) if isinstance(which, str) else (codes[which] if which < len(codes) else "")
                return kind, code
        return "", ""


def read_document(words: str) -> Document:
    try:
        source = read_source(words, FILE)
    except BadDeclaration as error:
        return Document(broken=error.found)
    return Document(source.data if isinstance(source.data, dict) else {}, source.lines)


def written(data: Mapping[str, Any]) -> str:
    """As a file of the format: what holds few words stands on one line."""
    return yaml.dump(
        dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None
    )


class _Dumper(yaml.SafeDumper):
    """Without anchors, which the format refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def says_nothing(value: Any) -> bool:
    """Whether a key with this value is left out of a file; nought says something."""
    return value is None or value is False or value in ("", [], {})


def as_version(words: str, number: int) -> str:
    """The same words as another version; comments stay."""
    return VERSION.sub(f"version: {number}", words, count=1)
