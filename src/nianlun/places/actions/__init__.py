"""All writes of the register: atomic, with an audit row each."""
