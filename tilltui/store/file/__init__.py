"""The file that everything is kept in, and the thread that writes it."""
