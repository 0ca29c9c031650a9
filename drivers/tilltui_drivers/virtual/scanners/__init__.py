"""A scanner that is not there."""
