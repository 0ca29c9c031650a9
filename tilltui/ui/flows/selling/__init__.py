"""Conversations about the basket."""
