"""Change WeasyPrint in a worker process: mend its faults, and spare it work.

mends.py and actual_text.py mend what it does wrong; thrift.py, with xhtml.py, styles.py
and shaping.py, lets it do the same in less time.
"""
