"""What goes to head office."""
