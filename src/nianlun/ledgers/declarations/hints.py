"""The patterns of `lines/suggestions.yaml`, by which sentences of a plan lead to shipped ledgers; read once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from nianlun.ledgers.declarations.shipped import ROOM
from nianlun.ledgers.rules.suggest import CERTAIN, FAINT, LIKELY, Hints

DATA = ROOM / "suggestions.yaml"
WEIGHTS = {"certain": CERTAIN, "likely": LIKELY, "faint": FAINT}


@cache
def shipped_hints() -> Hints:
    """Each tier of a ledger as one pattern after another, so that the reason names the words that were found."""
    read: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    patterns: dict[str, list[tuple[re.Pattern[str], float]]] = {}
    faint: dict[str, frozenset[str]] = {}
    for code, tiers in read["ledgers"].items():
        patterns[code] = [
            (re.compile(words), WEIGHTS[tier]) for tier, listed in tiers.items() for words in listed.split()
        ]
        faint[code] = frozenset(tiers.get("faint", "").split())
    return Hints(patterns, faint, re.compile("|".join(read["vows"].split())))
