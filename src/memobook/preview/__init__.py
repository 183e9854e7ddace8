"""See a book while it is written: build after every save, and show the outcome."""
