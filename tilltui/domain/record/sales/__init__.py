"""A closed sale: what is written of it, what its record says, and its number."""
