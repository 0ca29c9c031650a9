"""Conversations about goods that come back."""
