"""Amounts, currencies, rounding and taxes."""
