"""What a draft begins with: a blank that can stand, a copy of another ledger, the fields that a ledger is to get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.designer.document import read_document, written


def blank_ledger(code: str, title: str) -> str:
    """Two states and one field, so that what is added stands on something whole."""
    return written({
        "ledger": code, "version": 1, "title": title, "about": ["person", "household", "organisation", "place"],
        "fields": [{"code": "what", "title": "事项", "kind": "text", "group": "登记", "required": True, "most": 60}],
        "title_of": "what",
        "flow": {
            "start": "open",
            "states": {
                "open": {"title": "办理中", "tone": "open"},
                "done": {"title": "已办结", "final": True, "tone": "good"},
            },
            "steps": [
                {
                    "code": "finish", "title": "办结", "source": ["open"], "target": "done",
                    "who": ["secretary", "worker"],
                },
            ],
        },
        "columns": ["what"],
        "examples": [{"what": "示例"}],
        "bad_examples": [{"values": {"what": ""}, "refused": "what"}],
    })  # fmt: skip


def blank_checklist(code: str, title: str, line: str) -> str:
    return written({
        "checklist": code, "version": 1, "title": title, "line": line,
        "points": [{"code": "p1", "title": "在这里写应当怎样", "weight": 1}],
    })  # fmt: skip


def overlay(ledger: Ledger, field: Mapping[str, Any] | None = None) -> str:
    first = field or {"code": "x_bz", "title": "补充说明", "kind": "text", "most": 100}
    return written({"overlay": ledger.ledger, "version": 1, "fields": [dict(first)]})


def copied(words: str, declared: Ledger | Checklist, code: str, title: str) -> str:
    """Another's declaration under a code and a title of one's own; its other names stay with the first."""
    data = dict(read_document(words).data)
    first = "ledger" if isinstance(declared, Ledger) else "checklist"
    begun = {first: code, "version": 1, "title": title}
    return written({**begun, **{key: value for key, value in data.items() if key not in {*begun, "aliases"}}})
