"""Clock, ids, audit, errors and starting up; no word of the domain."""
