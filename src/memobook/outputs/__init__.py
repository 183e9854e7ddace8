"""What comes out: a PDF and an EPUB, made by siblings."""
