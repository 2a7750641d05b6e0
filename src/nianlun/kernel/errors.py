"""Errors that a person can mend: each says what happened and what to do, in the reader's language."""

from __future__ import annotations


class UserError(Exception):
    """Something a person asked for cannot be done; the message says why and what to do next."""

    status = 422

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class StaleRevision(UserError):
    """Somebody else changed the record since it was shown; both values are kept for a side-by-side view."""

    status = 409

    def __init__(self, message: str, *, mine: object = None, theirs: object = None) -> None:
        super().__init__(message, code="stale")
        self.mine = mine
        self.theirs = theirs
