"""The one search box: what finds a record, how it is indexed, and how it is found again."""
