"""Attempts at charging a card, and what became of them."""
