"""See a book while it is written: build again after every save, and show the outcome."""
