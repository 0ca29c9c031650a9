"""Tilltui: a full-screen till for the terminal."""

__version__ = "0.1.0"
