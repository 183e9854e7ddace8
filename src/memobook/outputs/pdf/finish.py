"""Put into a laid-out PDF what only the boxes know, before it is written.

What goes in: a laid-out document and its PDF. What comes out: the same PDF, whose links
are described and whose page numbers are tagged.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from memobook.book.references import TARGET
from memobook.design.section import PAGE_SCHEME
from memobook.outputs.pdf.tagging import tag_page_numbers

if TYPE_CHECKING:
    from pydyf import PDF
    from weasyprint.document import Document

__all__ = ["finish"]


def finish(document: Document, pdf: PDF) -> None:
    """Make a link's words its description, where WeasyPrint writes the bare target.

    PDF/UA-1, 7.18.5, wants a description that a person can use. A finisher, as only the
    boxes know the words; the link of a box is an internal name of WeasyPrint's.
    """
    from pydyf import String

    root = document._html.etree_element
    words = {box: a for a in root.iter("a") for box in a.iter()}
    for page in document.pages:
        for kind, target, _, box in page.links:
            link = words.get(box.element)
            if link is None or box.link_annotation is None:
                continue
            alts = [image.get("alt", "") for image in link.iter("img")]
            text = " ".join(" ".join([*link.itertext(), *alts]).split())
            if target.startswith(PAGE_SCHEME):
                text = "".join(link.itertext()).replace(string.digits, "")
            own = (TARGET, PAGE_SCHEME)
            is_inside = kind == "internal" or target.startswith(own)
            said = link.get("title") or (text if is_inside else "") or target
            box.link_annotation["Contents"] = String(said)
    tag_page_numbers(document, pdf)
