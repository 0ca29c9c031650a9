"""Numbered steps of the schema, each applied once, in order, at start.

A step is a module ``mNNNN_what`` with ``apply(connection)``. Add a new one; never change one that has
shipped.
"""
