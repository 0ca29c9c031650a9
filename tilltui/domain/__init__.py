"""The rules of selling: pure values and functions, the standard library alone."""
