"""The journal, the sales and the totals."""
