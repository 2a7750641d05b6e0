"""All writes of ledgers: one transaction each, with an audit row and the entry's history."""
