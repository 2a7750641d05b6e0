"""A ledger proves itself: its examples are taken, its bad examples refused where they say."""

from __future__ import annotations

from datetime import date
from typing import Any

from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.source import Source
from nianlun.ledgers.rules.values import check_values

DAY = date(2027, 2, 1)  # on which examples are judged, so that they hold in any year
STANDING_ID = "00000000-0000-7000-8000-000000000000"  # of records that examples name by words


def check_examples(ledger: Ledger, source: Source) -> None:
    for place, example in enumerate(ledger.examples):
        errors = check_values(ledger, plain(example), today=DAY).errors
        if errors:
            said = "；".join(f"{code}：{message}" for code, message in errors.items())
            source.fault(Fault.BAD_EXAMPLE, ("examples", place), str(place + 1), said)
    for place, bad in enumerate(ledger.bad_examples):
        if bad.refused not in check_values(ledger, plain(bad.values), today=DAY).errors:
            source.fault(Fault.GOOD_BAD_EXAMPLE, ("bad_examples", place), str(place + 1))


def plain(value: Any) -> Any:
    """The words of an example; `~id` stands for the id of some record."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return STANDING_ID if value == "~id" else value
