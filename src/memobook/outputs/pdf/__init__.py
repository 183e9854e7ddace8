"""Lay out sections with WeasyPrint, and bind what it wrote into one PDF."""
