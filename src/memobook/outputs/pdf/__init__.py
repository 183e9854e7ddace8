"""Lay out sections with WeasyPrint, and bind what it wrote into one PDF.

layout.py is the door to WeasyPrint. Its boxes are read in boxes.py, beginnings.py and
tagging.py; it is mended in mends.py and actual_text.py, and spared work in thrift.py,
styles.py, shaping.py and xhtml.py.
"""
