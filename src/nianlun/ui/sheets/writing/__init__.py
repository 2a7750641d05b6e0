"""Sheets that are handed out: exports, blank ones to fill in, bad rows to mend."""
