"""One clock for the whole product, in China's one time zone; tests and demonstrations may set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in China's time."""
    return _frozen or datetime.now(CHINA)


def today() -> date:
    return now().date()


def day_of(moment: datetime) -> date:
    """The day in China on which a moment falls: the database gives moments in another zone."""
    return moment.astimezone(CHINA).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock of this process at a moment (aware)."""
    global _frozen
    before, _frozen = _frozen, moment
    try:
        yield
    finally:
        _frozen = before
