"""Small steps through an office document's XML, in its transitional and its strict namespaces alike."""

from __future__ import annotations

from collections.abc import Iterator

from nianlun.plans.reading.files.package import Element

OFF = {"0", "false", "off", "none"}


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    if element is not None:
        yield from (inner for inner in element if local(inner.tag) == name)


def child(element: Element | None, name: str) -> Element | None:
    return next(children(element, name), None)


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name, None where the element or the attribute is missing."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if local(key) == name), None)


def switched_on(element: Element | None) -> bool:
    """A toggle such as <w:vanish/>: present, and not switched off."""
    return element is not None and (attribute(element, "val") or "1").lower() not in OFF


def integer(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None and len(text) < 10 else default
    except ValueError:
        return default
