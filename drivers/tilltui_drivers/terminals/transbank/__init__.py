"""Transbank POS Integrado: Chile."""
