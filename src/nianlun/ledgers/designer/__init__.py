"""Ledgers, checklists and added fields made in the browser, in the same format as the shipped files."""
