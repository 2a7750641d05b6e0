"""What a log may not hold: secrets that stand in an address."""

from __future__ import annotations

import logging
import re


class Redact(logging.Filter):
    """Puts … in place of whatever a pattern finds in a record's words."""

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.pattern = re.compile(pattern)

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if self.pattern.search(said):
            record.msg, record.args = self.pattern.sub("…", said), ()
        return True
