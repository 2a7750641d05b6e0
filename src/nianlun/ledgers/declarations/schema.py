"""The format as JSON Schema, made of the models, so that editors complete and check declarations."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.overlay import Overlay
from nianlun.ledgers.declarations.presets import Presets

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS: dict[str, type[BaseModel]] = {"ledger": Ledger, "checklist": Checklist, "presets": Presets, "overlay": Overlay}


def schema_of(kind: str) -> dict[str, Any]:
    """The schema of a file of one of the kinds; raises KeyError for others."""
    return {"$schema": DIALECT, **KINDS[kind].model_json_schema(by_alias=True)}


def schema_words(kind: str) -> str:
    """As it is published: docs/<kind>.schema.json."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=1) + "\n"
