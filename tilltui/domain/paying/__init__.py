"""Taking the money, and giving it back."""
