"""Conversations about the end of the day."""
