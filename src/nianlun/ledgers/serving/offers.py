"""What the form of a new entry offers to complete: the duty that it was opened for, and others that wait."""

from __future__ import annotations

from dataclasses import dataclass

from nianlun.ledgers.forms.form import EntryForm
from nianlun.ledgers.serving.candidates import Candidate, candidates
from nianlun.plans.describe import say_target


@dataclass(frozen=True, slots=True)
class Offers:
    """`targets` are those of the duties that were chosen, in words."""

    chosen: list[Candidate]
    bound: list[Candidate]
    others: list[Candidate]
    targets: list[str]


def offered_in(form: EntryForm) -> Offers:
    """A fixed number of queries, however much waits."""
    found = candidates(form.viewer, form.ledger.ledger, form.lines, form.serves)
    chosen = [one for one in found if one.chosen]
    return Offers(
        chosen,
        [one for one in found if one.bound and not one.chosen],
        [one for one in found if not one.bound and not one.chosen],
        [say_target(target) for one in chosen for target in one.one.duty.targets],
    )
