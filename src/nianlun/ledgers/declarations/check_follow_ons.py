"""What only the opened ledger can tell of a follow-on: that what it fills is there, and that what must be filled is."""

from __future__ import annotations

from collections.abc import Mapping

from nianlun.ledgers.declarations.check_fields import OF_EVERY_ENTRY
from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import FollowOn, Ledger
from nianlun.ledgers.declarations.source import Source

DUTY = "duty"
OF_A_DUTY = {"title": True, "due_on": False, "owner": False}  # what may be filled, and whether it must be


def check_follow_ons(ledger: Ledger, ledgers: Mapping[str, Ledger], source: Source) -> None:
    """Note what is wrong; a follow-on whose ledger is not among `ledgers` is passed over."""
    for place, follow in enumerate(ledger.follow_ons):
        if follow.opens != DUTY and follow.opens not in ledgers:
            continue
        title, fields = _asked_by(follow, ledgers)
        for code in follow.fill:
            if code not in fields:
                source.fault(Fault.UNKNOWN_FILL, ("follow_ons", place, "fill", code), code, title)
        for code, must in fields.items():
            if follow.automatic and must and code not in follow.fill:
                source.fault(Fault.UNFILLED, ("follow_ons", place), code, title)


def _asked_by(follow: FollowOn, ledgers: Mapping[str, Ledger]) -> tuple[str, dict[str, bool]]:
    """The opened one's title, and its fields: whether each must be filled from outside."""
    if follow.opens == DUTY:
        return "任务", OF_A_DUTY
    opened = ledgers[follow.opens]
    asked = {field.code: field for field in opened.fields if field.kind != "computed" and not field.retired}
    must = {code: field.required and field.default is None for code, field in asked.items()}
    return opened.title, {**dict.fromkeys(OF_EVERY_ENTRY, False), **must}
