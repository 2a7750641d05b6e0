"""Indexes that declarations ask for: which there should be, how they are called, and what makes each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PREFIX = "entry_asked_"
MOST_PER_LEDGER = 4
LONGEST_WORD = 18  # of each code in a name: PostgreSQL cuts names at 63 characters
# A list of one choice is walked in the list's own order; of several choices each entry may hold many.
ONE = "(community_id, (data ->> '{field}'), occurred_on DESC, id DESC)"
MANY = "USING gin ((data -> '{field}') jsonb_path_ops)"
OVER = {"choice": ONE, "choices": MANY}


@dataclass(frozen=True, slots=True)
class AskedIndex:
    """One index over a ledger's entries by one of its fields; a change of what makes it changes its name."""

    ledger: str
    field: str
    kind: str

    @property
    def name(self) -> str:
        digest = hashlib.sha256(f"{self.ledger} {self.field} {self._words}".encode()).hexdigest()[:10]
        return f"{PREFIX}{digest}_{self.ledger[:LONGEST_WORD]}_{self.field[:LONGEST_WORD]}"

    @property
    def sql(self) -> str:
        return self._words.format(name=self.name, field=self.field, ledger=self.ledger)

    @property
    def _words(self) -> str:
        over = OVER[self.kind]
        return f"CREATE INDEX CONCURRENTLY {{name}} ON ledgers_entry {over} WHERE ledger = '{{ledger}}'"


def asked_indexes(bodies: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, AskedIndex]:
    """By name, what ledgers in force ask for, given as (code, body), those that go first first.

    A code shared by several communities' own ledgers counts as one ledger: no code gets more than four.
    """
    found: dict[str, dict[str, AskedIndex]] = {}
    for code, body in bodies:
        kinds = {field["code"]: field["kind"] for field in body.get("fields", [])}
        for field in body.get("indexed", []):
            of_ledger = found.setdefault(code, {})
            if kinds.get(field) in OVER and len(of_ledger) < MOST_PER_LEDGER:
                one = AskedIndex(code, field, kinds[field])
                of_ledger[one.name] = one
    return {name: one for of_ledger in found.values() for name, one in of_ledger.items()}
