"""The check of everything against everything."""
