"""Scales that are not there."""
