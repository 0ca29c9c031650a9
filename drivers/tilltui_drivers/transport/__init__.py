"""Byte pipes to devices, with deadlines."""
