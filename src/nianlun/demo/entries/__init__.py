"""A made-up year of entries: what each ledger tells of a community, from tables of sentence parts and a seed."""
