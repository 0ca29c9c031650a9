"""A twin of every device, for the demo shop, training and tests."""
