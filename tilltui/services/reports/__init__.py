"""What the owner reads: one module a report, and their table."""
