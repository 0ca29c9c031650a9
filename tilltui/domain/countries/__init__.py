"""What a country brings."""
