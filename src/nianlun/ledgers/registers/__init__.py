"""Each ledger as a register: the generic list, page, sheets and API of records serve its entries."""
