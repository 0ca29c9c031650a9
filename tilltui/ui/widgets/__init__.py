"""The widgets of the till: dumb, painted line by line, never asking for a layout.

Import each from its own module, so that a screen loads only what it shows.
"""
