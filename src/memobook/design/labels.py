"""What a memo is called, beside its title: Memo 3, Appendix A, Part II.

What goes in: a numbered memo and the words of the book's language. What comes out: its
label, its line in contents, and what it is to a reading system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memobook.book.model import Book, Matter, Memo

__all__ = [
    "Semantics",
    "label_of",
    "list_label",
    "running_title",
    "semantics",
    "title_in_lists",
]

_BETWEEN = " · "


def label_of(memo: Memo, words: Mapping[str, str]) -> str:
    """Return a memo's label; empty for front and back matter."""
    if memo.label:
        return memo.label
    if memo.matter in {Matter.PART, Matter.APPENDIX}:
        return words[memo.matter.value].format(number=memo.numeral)
    return f"{words['memo']} {memo.numeral}" if memo.numeral else ""


def list_label(memo: Memo, words: Mapping[str, str]) -> str:
    """Return what stands before a title in contents: of parts and appendices."""
    return "" if memo.matter is Matter.MEMO else label_of(memo, words)


def title_in_lists(memo: Memo, words: Mapping[str, str]) -> str:
    """Return a memo's title as an outline or a navigation shows it."""
    label = list_label(memo, words)
    return f"{label}{_BETWEEN}{memo.title}" if label else memo.title


def running_title(book: Book, memo: Memo, words: Mapping[str, str]) -> str:
    """Return what stands above a left-hand page: the part's title, else the book's."""
    if book.host:
        return book.host.title
    if not memo.part:
        return book.title
    part = next(m for m in book.memos if m.part == memo.part)
    return title_in_lists(part, words)


@dataclass(frozen=True, slots=True)
class Semantics:
    """What a memo is, as reading systems and screen readers know it.

    https://www.w3.org/TR/epub-ssv-11/ and https://www.w3.org/TR/dpub-aria-1.1/
    """

    division: str
    """frontmatter, bodymatter or backmatter."""
    type: str
    """A term for epub:type; empty if there is none."""
    role: str
    """A role; empty if there is none."""

    @property
    def landmark(self) -> str:
        """What it is called among the landmarks."""
        return self.division if self.division == "bodymatter" else self.type


_DIVISIONS = {Matter.FRONT: "frontmatter", Matter.BACK: "backmatter"}
_BY_MATTER = {
    Matter.PART: Semantics("bodymatter", "part", "doc-part"),
    Matter.MEMO: Semantics("bodymatter", "chapter", "doc-chapter"),
    Matter.APPENDIX: Semantics("backmatter", "appendix", "doc-appendix"),
}
_BY_KIND = {
    "dedication": ("dedication", "doc-dedication"),
    "foreword": ("foreword", "doc-foreword"),
    "preface": ("preface", "doc-preface"),
    "introduction": ("introduction", "doc-introduction"),
    "conclusion": ("conclusion", "doc-conclusion"),
    "epilogue": ("epilogue", "doc-epilogue"),
    "afterword": ("afterword", "doc-afterword"),
    "acknowledgements": ("acknowledgments", "doc-acknowledgments"),
    "authors": ("contributors", ""),
    "glossary": ("glossary", "doc-glossary"),
    "figures": ("loi", ""),
    "tables": ("lot", ""),
    "abbreviations": ("glossary", "doc-glossary"),
    "bibliography": ("bibliography", "doc-bibliography"),
    "sources": ("bibliography", "doc-bibliography"),
}


def semantics(memo: Memo) -> Semantics:
    """Return what a memo is."""
    plain = _BY_MATTER.get(memo.matter)
    if memo.matter in {Matter.PART, Matter.APPENDIX} and plain:
        return plain
    division = _DIVISIONS.get(memo.matter, "bodymatter")
    if memo.kind in _BY_KIND:
        return Semantics(division, *_BY_KIND[memo.kind])
    return plain or Semantics(division, division, "")
