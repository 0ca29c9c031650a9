"""What is sold: codes, products, labels' codes."""
