"""Registers: one declaration of a kind of record gives its list, filters, page, form, sheets and API."""
