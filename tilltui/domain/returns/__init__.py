"""Goods that come back: what of a sale can still do so."""
