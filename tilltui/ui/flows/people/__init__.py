"""Conversations about customers and who is at the till."""
