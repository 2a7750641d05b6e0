"""The shell, shared pages, assets, and the slots that lower rooms fill."""
