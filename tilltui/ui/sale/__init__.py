"""The cashier's screen."""
