"""What the manuscript means: a book of memos, numbered and resolved."""
