"""Scales: one engine a protocol, one thread a scale."""
