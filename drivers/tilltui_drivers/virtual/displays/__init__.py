"""A customer display that is not there."""
