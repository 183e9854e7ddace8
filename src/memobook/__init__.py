"""Turn Markdown memos into a print PDF and an EPUB with link notes."""
