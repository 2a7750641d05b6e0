"""Pages of the designer: what there is, one version with its parts, its text, its preview."""
