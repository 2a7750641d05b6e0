"""Pages of ledgers: their home, the form, the steps, papers and print; list and history are the generic ones."""
