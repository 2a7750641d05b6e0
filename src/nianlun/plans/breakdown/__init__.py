"""The task breakdown table (任务分解表): every commitment of a plan on one row, as a sheet or a document to print."""
