"""A file's YAML with the line of every key, so that a fault can name where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import yaml

from nianlun.ledgers.declarations.faults import BadDeclaration, Fault, Found

Path = tuple[str | int, ...]
LARGEST = 300_000  # characters of one file
_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads a file in a tenth of the time


@dataclass(slots=True)
class Source:
    """What a file holds, and on which line each of its keys and items stands."""

    file: str
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of a key; of the nearest one around it where it does not stand in the file."""
        here = tuple(path)
        while here and here not in self.lines:
            here = here[:-1]
        return self.lines.get(here, 1)

    def fault(self, fault: Fault, path: Sequence[str | int], what: str = "", why: str = "") -> None:
        self.found.append(Found(fault, self.file, self.line_of(path), what, why))


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """YAML without its surprises: yes, no, on and 14:30 are words, 007 keeps its noughts."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def read_source(words: str, file: str) -> Source:
    """Parse a file; raises BadDeclaration where it is no YAML at all."""
    source = Source(file)
    if len(words) > LARGEST:
        source.found.append(Found(Fault.NOT_YAML, file, 0, f"超过 {LARGEST} 个字符"))
        raise BadDeclaration(source.found)
    loader = _Loader(words)
    try:
        node = loader.get_single_node()
        if node is not None:
            _note_lines(node, (), source, set(), node.start_mark)
            source.data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        source.found.append(Found(Fault.NOT_YAML, file, mark.line + 1 if mark else 1, str(said)))
        raise BadDeclaration(source.found) from error
    finally:
        loader.dispose()
    return source


def _note_lines(node: yaml.Node, path: Path, source: Source, met: set[int], mark: yaml.Mark) -> None:
    """Note where each key stands; a key that stands twice is a fault, which YAML itself lets pass.

    A node that is met twice was named by an alias, at `mark`: aliases are refused, they may multiply without end.
    """
    if id(node) in met:
        raise yaml.composer.ComposerError(None, None, "别名（*）不能用", mark)
    met.add(id(node))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            source.lines[(*path, name)] = key.start_mark.line + 1
            if name in seen:
                source.found.append(Found(Fault.TWICE, source.file, key.start_mark.line + 1, name))
            seen.add(name)
            _note_lines(key, (*path, name), source, met, key.start_mark)
            _note_lines(value, (*path, name), source, met, key.start_mark)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            source.lines[(*path, index)] = value.start_mark.line + 1
            _note_lines(value, (*path, index), source, met, node.start_mark)
