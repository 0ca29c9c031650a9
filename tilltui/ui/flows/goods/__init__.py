"""Conversations about products."""
