"""The kinds of records that the register keeps, each declared once for list, page, form, sheet and API."""
