"""Duties that are done place by place: which places there are, which of them are done, and what words ask for it."""
