"""Card terminals: charges, refunds, doubts."""
