"""Compile a Typst file to a tagged PDF, with the fonts of one folder and no others.

    python typeset.py BOOK.typ BOOK.pdf FONTS

Not PDF/UA-1, which Typst could write: it refuses pictures without a text of their own,
and pandoc 3.9 drops the text of a figure's picture.
"""

from __future__ import annotations

import sys

import typst

if __name__ == "__main__":
    source, target, fonts = sys.argv[1:]
    typst.compile(
        source,
        output=target,
        font_paths=[fonts],
        ignore_system_fonts=True,
        pdf_tags=True,
    )
