"""Pure rules of the register: no database, no request."""
