"""Conversations as straight lines, one module each, by room; no Textual in them."""
