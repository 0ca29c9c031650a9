"""The application around the sale: keys, scans, events, looks."""
