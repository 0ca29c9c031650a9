"""The basket: ringing, correcting, parking."""
