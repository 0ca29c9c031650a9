"""What is plugged in, and what is wrong with it."""
