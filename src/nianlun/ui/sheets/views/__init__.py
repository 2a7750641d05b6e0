"""Pages of sheets: an import from the upload to the undo, and the export."""
