"""What a paper says: taken from the entry as it is on the day of issue, in words, so that it reads alike ever after."""

from __future__ import annotations

from typing import Any

from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import RECORDS, SECRET, FieldSpec
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.models import Entry, IssuedPaper
from nianlun.ledgers.records import names_of
from nianlun.ledgers.registers.columns import in_words
from nianlun.ledgers.rules.points import rows_not_met
from nianlun.ledgers.rules.stored import from_json


def body_of(entry: Entry, code: str) -> dict[str, Any]:
    """By field code the words of the paper; `rows` of tables by column, `failed` points of a checklist; no secrets."""
    ledger = catalogue.held(entry.ledger_version_id, entry.overlay_version_id, entry.overlay_above_id).ledger
    kind = PAPERS[code]
    specs = [spec for spec in ledger.fields if spec.code in {*kind.needs, *kind.tells} and spec.kind not in SECRET]
    ids: dict[str, list[str]] = {
        spec.kind: [str(entry.data.get(spec.code, ""))] for spec in specs if spec.kind in RECORDS
    }
    names = names_of(ids)
    state, last = ledger.flow.states[entry.status], entry.steps.last()
    body: dict[str, Any] = dict.fromkeys((*kind.needs, *kind.tells), "")
    body |= {
        "subject": entry.subject_name, "day": entry.occurred_on.isoformat(), "rows": {}, "state": state.title,
        "settled": state.final, "well": state.tone != "bad", "place": str(entry.building or ""),
        "note": last.note if last else "", "checklist": "", "failed": [],
    }  # fmt: skip
    for spec in specs:
        value = from_json(entry.data.get(spec.code), spec)
        if spec.kind == "table" and isinstance(value, list):
            body["rows"][spec.code] = [_row(spec, row) for row in value]
        elif spec.kind == "checklist" and isinstance(value, dict):
            body |= _points(entry, value)
        else:
            body[spec.code] = in_words(spec, value, names)
    return body


def _row(spec: FieldSpec, row: dict[str, Any]) -> dict[str, str]:
    return {column.code: in_words(column, row.get(column.code), {}) for column in spec.columns}


def _points(entry: Entry, taken: dict[str, Any]) -> dict[str, Any]:
    """Which checklist was taken, with what score, and what was not met in the words of its points."""
    checklist = catalogue.checklists_for(entry.community, [taken]).get(str(taken.get("checklist")))
    if checklist is None:
        return {}
    failed = [
        {"finding": str(row["finding"]), "remedy": str(row["remedy"]), "basis": str(row["basis"])}
        for row in rows_not_met(checklist, taken).values()
    ]
    return {
        "checklist": checklist.title,
        "looked_at": len(taken["points"]),
        "score": taken.get("score"),
        "failed": failed,
    }


def template_of(issued: IssuedPaper) -> str:
    return f"ledgers/papers/{issued.code}.html"


def title_of(issued: IssuedPaper) -> str:
    return PAPERS[issued.code].title


def number_of(issued: IssuedPaper) -> str:
    """As it stands on the paper: 〔2027〕整改第3号."""
    return f"〔{issued.year}〕{PAPERS[issued.code].word}第{issued.number}号"
