"""Terminals that speak ZVT: Germany, Austria, Switzerland."""
