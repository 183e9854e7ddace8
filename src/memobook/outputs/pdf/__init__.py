"""Lay out sections with WeasyPrint, and bind what it wrote into one PDF.

layout.py is the door to WeasyPrint, which engine/ mends and spares work. Its boxes are
read in boxes.py, beginnings.py and tagging.py.
"""
