"""How a book is set: templates, styles, fonts, and the sections made of them."""
