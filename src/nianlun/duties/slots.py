"""What this room puts on shared pages."""

from __future__ import annotations


def register() -> None:
    """Called once at start-up."""
