"""Ledgers: declared kinds of records, their entries, and how entries move."""
