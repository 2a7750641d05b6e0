"""Forms of entries: which fields are asked when, how each kind is shown, and what came back from the browser."""
