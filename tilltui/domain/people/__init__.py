"""Customers, operators and their rights."""
