"""Package sections with EbookLib."""
