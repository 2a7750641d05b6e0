"""A plan, its sentences and items, the review, adoption, versions and the check-up."""
