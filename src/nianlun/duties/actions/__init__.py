"""All writes of the duties' room: each is atomic, says who acts, and leaves an audit row that it can be undone by."""
