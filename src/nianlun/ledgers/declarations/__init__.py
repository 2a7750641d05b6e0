"""What a ledger's file says: read, checked, and refused with a numbered fault where it cannot stand."""
