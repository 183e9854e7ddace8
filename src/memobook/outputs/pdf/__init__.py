"""Lay out sections with WeasyPrint and bind them with pikepdf."""
