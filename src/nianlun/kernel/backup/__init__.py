"""Backups: everything that the product keeps in one checked file, and back from it; the data keys are never in it."""
