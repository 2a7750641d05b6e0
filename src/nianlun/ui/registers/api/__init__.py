"""The API of every register: the same rights, the same validator and the same masks as the pages."""
