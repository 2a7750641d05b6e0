"""docs/files.md tells every fault of a file by its number, cause and remedy."""

from __future__ import annotations

import re
from pathlib import Path

from nianlun.plans.reading.files import Fault

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "files.md"


def test_every_fault_stands_in_the_document() -> None:
    rows = re.findall(r"^\| (F\d{3}) \| ([^|]+) \| ([^|]+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(fault.value.code, fault.value.cause, fault.value.remedy) for fault in Fault]
