"""Conversations about papers."""
