"""What of the web a book leads to: whether it is still there, and where a copy is."""
