"""A receipt printer that is not there, and what would stand on its paper."""
