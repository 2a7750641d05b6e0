"""Duties and the entries that were done for them: what a form offers, how it begins, and what pages of both show."""
