"""Sheets in and out, for every register: files are read, checked, previewed, written, undone, and made again."""
