"""Plant faults: in sources, in how a book is laid out, and in its finished files.

What goes in: a sound project and its outputs as bytes. What comes out: the same with one
fault. What must be found, and where, says tests/checks/test_faults.py.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Name, String
from PIL import Image

from memobook.checks.printed import PrintedBook
from tests.harness import make

ONE = """---
title: The first memo
abstract: An abstract of the first memo.
key_points:
  - A point that is kept.
---

The first paragraph opens the memo with a
[link to a treaty](https://example.org/treaty "The Treaty"), and it goes on for a while.

## A second heading

A footnote is called here.[^a] Then comes [another link](https://example.org/other), and
a sentence with [the third chapter](three.md#deep-down) in it.

### A third heading

A quiet paragraph of several ordinary words ends this part of the text.

[^a]: The footnote tells of [its source](https://example.org/source) in full.
"""
TWO = """# The second memo

Elephants never forget the way to the river.

![A blue square](images/blue.png)

/// figure-caption
A square that is blue
///

![](images/line.png){.decorative}

| Country | Treaty | Year |
| --- | --- | --- |
| India | Antarctic | 1983 |
| Japan | Lunar | 1979 |

/// table-caption
Who joined and when
///

## Of drawings

A line in [the first memo](one.md) says more.

![A green drawing](images/green.svg)
"""
THREE = """# The third memo

A sentence leads back to [the second heading](one.md#a-second-heading).

## Deep down

The last words are about whales.[^w]

- The item of a list
- Another item with [a page](https://example.org/page)

[^w]: Whales have a note of their own.
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40mm"'
    ' height="20mm"><rect width="40" height="20" fill="#080"/></svg>'
)


def picture(width: int, colour: str) -> bytes:
    """Return a PNG, half as high as it is wide."""
    out = io.BytesIO()
    Image.new("RGB", (width, width // 2), colour).save(out, "PNG")
    return out.getvalue()


FILES: dict[str, str | bytes] = {
    "manuscript/one.md": ONE,
    "manuscript/two.md": TWO,
    "manuscript/three.md": THREE,
    "manuscript/images/blue.png": picture(1600, "blue"),
    "manuscript/images/line.png": picture(30, "red"),
    "manuscript/images/green.svg": SVG,
    "styles/print.css": "figure img { width: 60mm }\n",
}


BOOK = """[book]
title = "A Small Book"
language = "en-US"
date = 2025-06-09
publisher = "The Press"
imprint = "An imprint of one sentence."

[contents]
memos = ["one.md", "two.md", "three.md"]

[pdf]
paper = "a5"
"""


def sound(root: Path, **changes: str) -> Path:
    """Write the sound project, some of its memos with other texts."""
    memos = {f"manuscript/{name}.md": text for name, text in changes.items()}
    return make(root, {**FILES, "manuscript/book.toml": BOOK, **memos})


# The EPUB


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return an EPUB whose entries were changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


def said(name: str, old: str, new: str, times: int = 1) -> Callable[[bytes], bytes]:
    """Return what replaces a text in a file of an EPUB; a regular expression."""

    def change(entries: dict[str, bytes]) -> None:
        text = entries[f"EPUB/{name}"].decode()
        text, count = re.subn(old, new, text, count=times, flags=re.DOTALL)
        assert count, (name, old)
        entries[f"EPUB/{name}"] = text.encode()

    return lambda data: repacked(data, change)


def without(suffix: str) -> Callable[[bytes], bytes]:
    """Return what takes a file out of an EPUB."""

    def change(entries: dict[str, bytes]) -> None:
        (name,) = (n for n in entries if n.endswith(suffix))
        del entries[name]

    return lambda data: repacked(data, change)


def other_picture(data: bytes) -> bytes:
    """Put another picture in the place of the blue one."""

    def change(entries: dict[str, bytes]) -> None:
        (name,) = (n for n, d in entries.items() if d == FILES[BLUE])
        entries[name] = picture(1600, "yellow")

    return repacked(data, change)


def damaged_picture(data: bytes) -> bytes:
    """Lose a part of the blue picture."""

    def change(entries: dict[str, bytes]) -> None:
        (name,) = (n for n, d in entries.items() if d == FILES[BLUE])
        entries[name] = entries[name][:30]

    return repacked(data, change)


BLUE = "manuscript/images/blue.png"


def swapped_spine(data: bytes) -> bytes:
    """Exchange the second memo and the third in the spine."""

    def change(entries: dict[str, bytes]) -> None:
        text = entries["EPUB/content.opf"].decode()
        start, end = text.index("<spine"), text.index("</spine>")
        spine = text[start:end]
        found = re.findall(r"<itemref [^>]*>", spine)
        two, three = found[-2], found[-1]
        spine = spine.replace(two, "@").replace(three, two).replace("@", three)
        entries["EPUB/content.opf"] = (text[:start] + spine + text[end:]).encode()

    return repacked(data, change)


def compressed_mimetype(data: bytes) -> bytes:
    """Compress what must not be."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def late_mimetype(data: bytes) -> bytes:
    """Put mimetype last."""

    def change(entries: dict[str, bytes]) -> None:
        entries["mimetype"] = entries.pop("mimetype")

    return repacked(data, change)


def cut(data: bytes) -> bytes:
    """Lose the second half of a file."""
    return data[: len(data) // 2]


# The PDF

Change = Callable[[pikepdf.Pdf], None]


def rewritten(change: Change) -> Callable[[bytes], bytes]:
    """Return what changes a PDF's objects."""

    def changed(data: bytes) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            change(pdf)
            pdf.save(out)
        return out.getvalue()

    return changed


def elements(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    """Return the structure's elements of a kind, in reading order."""
    found = []

    def walk(element: pikepdf.Object) -> None:
        if element.get(Name.S) == Name(f"/{kind}"):
            found.append(element)
        kids = element.get(Name.K, Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and Name.S in kid:
                walk(kid)

    walk(pdf.Root.StructTreeRoot.K[0])
    return found


def removed(kind: str, index: int) -> Change:
    """Return what takes an element out of the structure."""

    def change(pdf: pikepdf.Pdf) -> None:
        element = elements(pdf, kind)[index]
        parent = element.P
        kept = [
            k for k in parent.K
            if not (isinstance(k, pikepdf.Dictionary) and k.objgen == element.objgen)
        ]  # fmt: skip
        parent.K = Array(kept)

    return change


def other_kind(kind: str, index: int, new: str) -> Change:
    """Return what makes an element one of another kind."""

    def change(pdf: pikepdf.Pdf) -> None:
        elements(pdf, kind)[index].S = Name(f"/{new}")

    return change


def alternative(text: str | None) -> Change:
    """Return what changes or drops the first picture's alternative text."""

    def change(pdf: pikepdf.Pdf) -> None:
        figure = elements(pdf, "Figure")[0]
        if text is None:
            del figure.Alt
        else:
            figure.Alt = String(text)

    return change


def untagged(pdf: pikepdf.Pdf) -> None:
    """Drop the structure."""
    del pdf.Root.StructTreeRoot


def swapped_parts(pdf: pikepdf.Pdf) -> None:
    """Exchange the last two memos in the order of reading."""
    parts = pdf.Root.StructTreeRoot.K[0].K
    one, two = parts[-2], parts[-1]
    parts[-2], parts[-1] = two, one


def other_address(old: str, new: str) -> Change:
    """Return what lets a link lead elsewhere."""

    def change(pdf: pikepdf.Pdf) -> None:
        found = 0
        for page in pdf.pages:
            for annotation in page.obj.get(Name.Annots, ()):
                if Name.A in annotation and annotation.A.get(Name.URI) == old:
                    annotation.A.URI = String(new)
                    found += 1
                elif annotation.get(Name.Dest) == old:
                    annotation.Dest = String(new)
                    found += 1
        assert found, old

    return change


def no_outline(pdf: pikepdf.Pdf) -> None:
    """Drop the outline."""
    with pdf.open_outline() as outline:
        outline.root.clear()


def no_font_file(pdf: pikepdf.Pdf) -> None:
    """Drop the file of the font that the first memo's text is set in."""
    for page in pdf.pages:
        for font in page.resources.get(Name.Font, {}).values():
            (inner,) = font.DescendantFonts
            if "Literata" in str(font.BaseFont):
                for name in (Name.FontFile2, Name.FontFile3):
                    if name in inner.FontDescriptor:
                        del inner.FontDescriptor[name]


def titled(pdf: pikepdf.Pdf) -> None:
    """Give the document another title."""
    pdf.docinfo.Title = "Another Book"


def speechless(pdf: pikepdf.Pdf) -> None:
    """Drop the language."""
    del pdf.Root.Lang


def no_picture(pdf: pikepdf.Pdf) -> None:
    """Draw no picture any more."""
    for page in pdf.pages:
        instructions = [
            i for i in pikepdf.parse_content_stream(page) if str(i.operator) != "Do"
        ]
        page.obj.Contents = pdf.make_stream(
            pikepdf.unparse_content_stream(instructions)
        )


def glyphs(words: str, turn: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Return what changes the glyphs of the line in which some words are printed."""

    def changed(data: bytes) -> bytes:
        book = PrintedBook(data)
        ((page, mark),) = {
            (run.page, run.mark)
            for drawn in book.drawn
            for run in drawn.runs.values()
            if words in run.text
        }

        def change(pdf: pikepdf.Pdf) -> None:
            _turn(pdf, page, mark, turn)

        return rewritten(change)(data)

    return changed


def _turn(
    pdf: pikepdf.Pdf, page: int, mark: int, turn: Callable[[bytes], bytes]
) -> None:
    inside = False
    out: list[Any] = []
    for instruction in pikepdf.parse_content_stream(pdf.pages[page]):
        name, operands = str(instruction.operator), list(instruction.operands)
        if name == "BDC":
            inside = operands[1].get(Name.MCID) == mark
        elif name == "EMC":
            inside = False
        elif name == "TJ" and inside:
            codes = b"".join(bytes(p) for p in operands[0] if isinstance(p, String))
            parts = [String(turn(codes))]
            instruction = pikepdf.ContentStreamInstruction(
                [Array(parts)], instruction.operator
            )
        out.append(instruction)
    pdf.pages[page].obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(out))


def reversed_glyphs(codes: bytes) -> bytes:
    """Return glyphs in the opposite order: another word."""
    pairs = [codes[i : i + 2] for i in range(0, len(codes), 2)]
    return b"".join(reversed(pairs))


def no_glyph(codes: bytes) -> bytes:
    """Return glyphs whose first is that of a character that the font has not."""
    return b"\0\0" + codes[2:]
