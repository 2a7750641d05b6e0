"""How big a sheet may be, and how much of it is worked on at once."""

from __future__ import annotations

MOST_BYTES = 30 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 8_000_000
MOST_SHEETS = 50
MOST_UNPACKED = 400 * 1024 * 1024  # bytes of an .xlsx once unpacked
MOST_ENTRIES = 3_000  # files within an .xlsx
LONGEST_CELL = 32_767  # characters, as spreadsheets have it
PEEKED = 40  # rows kept of each worksheet, to guess its columns and show a sample
BATCH = 2_000  # rows checked or written in one transaction
READING_MEMORY = 2 * 1024**3  # bytes the reading process may ask for
READING_SECONDS = 120
KEPT_DAYS = 30  # what a finished import needs for its undo
WAITING_DAYS = 3  # an import that nobody went on with
