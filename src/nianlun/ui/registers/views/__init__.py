"""The pages of every register: its list, one record, the form."""
