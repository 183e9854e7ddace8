"""Lay out a whole book as one document: WeasyPrint as it comes, for the comparison.

    python oneshot.py FOLDER

FOLDER has book.html, sheets.json and gets book.pdf. Nothing of memobook is imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration


def main(folder: Path) -> None:
    fonts = FontConfiguration()
    sheets = []
    for sheet in json.loads((folder / "sheets.json").read_text("utf-8")):
        layer = {"layer": "builtin", "layers": ["builtin"]} if sheet["builtin"] else {}
        sheets.append(
            CSS(
                string=sheet["text"],
                base_url=sheet["base"],
                font_config=fonts,
                **layer,
            )
        )
    HTML(filename=folder / "book.html").write_pdf(
        folder / "book.pdf",
        stylesheets=sheets,
        font_config=fonts,
        pdf_variant="pdf/ua-1",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
