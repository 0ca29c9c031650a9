"""Conversations about card terminals."""
