"""Serial lines: one that is opened, one that is looked for, one with a printer at its end."""
