"""What the shared pages keep: imports of sheets."""

from nianlun.ui.sheets.models import ColumnMapping, ImportBatch, ImportPart, ImportRow, ImportRun

__all__ = ["ColumnMapping", "ImportBatch", "ImportPart", "ImportRow", "ImportRun"]
