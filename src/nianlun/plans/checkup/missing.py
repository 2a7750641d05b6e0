"""What a commitment leaves unsaid: who, when, and how one will know that it was done."""

from __future__ import annotations

from collections.abc import Iterator

from nianlun.plans.checkup.codes import Code
from nianlun.plans.checkup.finding import Finding
from nianlun.plans.reading.model import Item, Reading
from nianlun.plans.reading.schedule import Every, Named, OnDate


def missing(reading: Reading) -> Iterator[Finding]:
    for index, item in enumerate(reading.items):
        if not item.owners:
            yield Finding(Code.NO_OWNER, item.start, item.end, index)
        if not item.timings:
            yield Finding(Code.NO_DATE, item.start, item.end, index)
        if not measurable(item):
            yield Finding(Code.NO_MEASURE, item.start, item.end, index)


def measurable(item: Item) -> bool:
    """A figure, a frequency, or an occasion that either took place or did not; a bare deadline measures nothing."""
    return bool(item.targets) or any(isinstance(found.schedule, Every | Named | OnDate) for found in item.timings)
