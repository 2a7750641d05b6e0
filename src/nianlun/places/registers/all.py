"""Every register of the room, made known to the generic pages at start-up."""

from __future__ import annotations


def register_all() -> None:
    """Called once at start-up; one line for each kind of record."""
