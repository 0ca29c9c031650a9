"""What is kept of a sale for ever."""
