"""Conversations about the money."""
