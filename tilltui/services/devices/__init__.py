"""What is on a cable."""
