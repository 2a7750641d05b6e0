"""Pure rules of ledgers: what may be written, what it comes to, when it is late; no database, no request."""
