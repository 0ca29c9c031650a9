"""Customer displays of two lines with twenty characters each."""
