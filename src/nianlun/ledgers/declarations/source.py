"""A file's YAML with the line of every key, so that a fault can name where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from nianlun.ledgers.declarations.faults import BadDeclaration, Fault, Found

Path = tuple[str | int, ...]
LARGEST = 300_000  # characters of one file


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


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: no aliases that multiply, and yes and no are words."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "别名（*）不能用", self.get_mark())
        return super().compose_node(parent, index)


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
            _note_lines(node, (), source)
            source.data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        source.found.append(Found(Fault.NOT_YAML, file, mark.line + 1 if mark else 1, str(said)))
        raise BadDeclaration(source.found) from error
    finally:
        loader.dispose()
    return source


def _note_lines(node: yaml.Node, path: Path, source: Source) -> None:
    """Note where each key stands; a key that stands twice is a fault, which YAML itself lets pass."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            source.lines[(*path, name)] = key.start_mark.line + 1
            if name in seen:
                source.found.append(Found(Fault.TWICE, source.file, key.start_mark.line + 1, name))
            seen.add(name)
            _note_lines(value, (*path, name), source)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            source.lines[(*path, index)] = value.start_mark.line + 1
            _note_lines(value, (*path, index), source)
