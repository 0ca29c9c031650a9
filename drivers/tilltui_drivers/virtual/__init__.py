"""A virtual device for every real one: a driver that needs none, or what a real driver's cable ends in.

For the demo shop, training and tests.
"""
