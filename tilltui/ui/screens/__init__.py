"""The full screens of the till."""
