"""The whole check-up of one plan, in the order of its text."""

from __future__ import annotations

from collections.abc import Sequence

from nianlun.plans.checkup.copies import near_copies
from nianlun.plans.checkup.figures import contradictions
from nianlun.plans.checkup.finding import Finding, KnownPlan
from nianlun.plans.checkup.laws import outdated_laws
from nianlun.plans.checkup.missing import missing
from nianlun.plans.checkup.places import ItemPlaces
from nianlun.plans.checkup.wording import burdens, masks, needs_legal_basis, vague
from nianlun.plans.reading.model import Reading


def check_up(
    reading: Reading, *, known: Sequence[KnownPlan] = (), last_year: KnownPlan | None = None
) -> tuple[Finding, ...]:
    """Every finding on a plan as read; `known` are other plans to compare with, `last_year` the community's own."""
    places = ItemPlaces(reading)
    findings = [
        *near_copies(reading.text, known, last_year),
        *missing(reading),
        *vague(reading),
        *masks(reading, places),
        *contradictions(reading),
        *outdated_laws(reading, places),
        *needs_legal_basis(reading, places),
        *burdens(reading, places),
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.code.number, finding.end)))
