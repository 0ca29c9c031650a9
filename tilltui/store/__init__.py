"""Everything that is kept, and the only SQL. ``Store.open`` is the door."""
