"""Rows out of files that spreadsheets write."""
