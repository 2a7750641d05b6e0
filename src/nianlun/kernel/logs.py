"""What a log may not hold: secrets that stand in an address, ID numbers and mobile numbers."""

from __future__ import annotations

import logging
import re

NUMBERS_OF_PEOPLE = r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)"  # ID numbers, mobile numbers
SECRETS = rf"(?<=/feed/)[\w-]{{20,}}|{NUMBERS_OF_PEOPLE}"


class Redact(logging.Filter):
    """Puts … in place of whatever a pattern finds in a record's words, those of its traceback included."""

    def __init__(self, pattern: str = SECRETS) -> None:
        super().__init__()
        self.pattern = re.compile(pattern)

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if self.pattern.search(said):
            record.msg, record.args = self.pattern.sub("…", said), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.pattern.sub("…", record.exc_text)
        return True
