"""Card terminals that are not there, and the bank behind them."""
