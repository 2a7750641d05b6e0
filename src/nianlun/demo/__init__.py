"""A made-up subdistrict with three communities, so that every page has something to show."""
