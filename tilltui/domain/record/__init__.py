"""What is kept for ever: a record for each thing that happened, sales in a room of their own."""
