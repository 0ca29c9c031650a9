"""Pop-ups over the sale: each is left with Esc, and closed by a scan, which rings its item."""
