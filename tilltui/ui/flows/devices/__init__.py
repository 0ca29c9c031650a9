"""Conversations about devices."""
