"""Files of sheets into rows of text, in a process of their own: whatever a file holds, it takes nothing else down."""

from nianlun.ui.sheets.reading.faults import Fault, SheetRefused
from nianlun.ui.sheets.reading.reader import Peek, Rows, peek, rows

__all__ = ["Fault", "Peek", "Rows", "SheetRefused", "peek", "rows"]
