"""Say a citation as a CSL style wants it. The only module that knows citeproc-py.

What goes in: a library, and what is cited, in reading order. What comes out: citations
and a list of works as nodes. What citeproc-py 0.11 does not do is done here: first
names that the style wants in full, American commas inside quotation marks, and
citations without the author's name.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from string import ascii_lowercase
from typing import Any
from xml.etree.ElementTree import Element

from memobook.book.brackets import Item
from memobook.book.htmltree import body_of
from memobook.book.library import Library
from memobook.book.tree import Child, Node, joined
from memobook.book.urls import shown

__all__ = ["Citing", "is_installed"]

# Which locators are pages? All others citeproc-py sets without their word, or with
# another one: these are set as the author wrote them.
_PAGES = re.compile(
    r"(?:pp?\.|S\.|pages?)?\s*"
    r"(?P<place>[\divxlc]+[\w–\-]*(?:,\s*\d[\w–\-]*)*)(?![\w.])"
)

_URL = re.compile(r"(?:https?://|(?<=doi:)10\.|(?<=doi: )10\.)[^\s<>]*[^\s<>.,;:)\]’”]")
_INITIALS = re.compile(r'(<style\b[^>]*?)\s+initialize-with="([^"]*)"')
_NAME = re.compile(r"<name\b(?![^>]*\binitialize(?:-with)?=\"(?!true))")
_AMERICAN = re.compile(r"(”|’)([.,])")


# Where in a citation each of its works stands: signs that no text holds.
_BEGIN, _THEN, _END = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(
    f"{_BEGIN}(?P<index>[0-9]+){_THEN}(?P<before>[^{_THEN}]*){_THEN}"
    f"(?P<said>[^{_THEN}]*){_THEN}(?P<after>[^{_THEN}]*?){_END}"
)
_LETTERS = 'disambiguate-add-year-suffix="true"'
_UNDATED = re.compile(
    r'<text\b(?=[^>]*term="no date")(?P<term>[^>]*)/>\s*'
    r'<text variable="year-suffix"(?: prefix="(?P<prefix>[^"]*)")?\s*/>'
)
"""Where a style has letters for works that have no year."""
_GROUP = re.compile(r'<group\b(?=[^>]*delimiter="([^"]*)")?[^>]*>|</group>')


def is_installed() -> bool:
    """Tell whether the extra that citations need is there."""
    try:
        import citeproc  # noqa: F401 (only looked for)
    except ImportError:
        return False
    return True


class Citing:
    """The citations of one book in one style."""

    def __init__(self, library: Library, language: str) -> None:
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        self.library = library
        self._is_american = language.lower() in {"en", "en-us"}
        style = _with_first_names(library.style)
        with warnings.catch_warnings():
            # It warns of every field that it does not know.
            warnings.simplefilter("ignore")
            source = CiteProcJSON([dict(work) for work in library.works.values()])
            made = CitationStylesStyle(
                BytesIO(style.encode()), locale=_locale(language), validate=False
            )
            self._engine: Any = CitationStylesBibliography(made, source, formatter.html)

        self._said: dict[tuple[int, tuple[Item, ...]], tuple[int, str, list[Any]]] = {}
        """What was cited since a text began, and a citation -> what was then cited, how
        it is said, and what citeproc-py is to know of it."""
        self._past = 0
        """Which citations the text has so far: the same number for the same ones."""
        self._letters: dict[str, str] = {}
        """Key of a work -> the letter behind its year, or what stands for that."""
        self._undated = self._said_undated(style)
        """What stands for a year, and what stands between that and a letter."""

        # “Ibid.” would mean the note before: there may be one of a link between.
        self._between = CitationItem("")
        Citation([self._between, CitationItem("")])

    def tell_apart(self, keys: Sequence[str]) -> None:
        """Give works that are cited alike a letter each, in the list's order: 2024a.

        `keys` are all that the book cites. Only for a style that asks for letters.
        https://docs.citationstyles.org/en/stable/specification.html#disambiguation
        """
        if self.library.makes_notes or _LETTERS not in self.library.style:
            return
        groups: dict[str, list[str]] = {}
        for key in self._in_order(keys):
            if _year(self.library.works[key]) or self._undated[0]:
                groups.setdefault(self._cited_alone(key), []).append(key)
        for group in groups.values():
            if len(group) > 1:
                self._letters |= dict(zip(group, ascii_lowercase, strict=False))

    def _in_order(self, keys: Sequence[str]) -> Iterator[str]:
        """Yield the keys as the list of works has them."""
        from citeproc import Citation, CitationItem

        self._engine.register(Citation([CitationItem(key) for key in keys]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._engine.sort()
        known = {key.lower(): key for key in keys}
        found = [known[key] for key in self._engine.keys]
        self._engine.keys, self._engine.items = [], []
        yield from found

    def _cited_alone(self, key: str) -> str:
        """Return how a work is cited in a book that cites nothing else."""
        from citeproc import Citation, CitationItem

        citation = Citation([CitationItem(key)])
        self._engine.register(citation)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            html = str(self._engine.cite(citation, lambda _: None))
        self._engine.keys, self._engine.items, self._engine._cites = [], [], []
        return html

    def register(self, items: Sequence[Item]) -> Any:  # noqa: ANN401 (citeproc's)
        """Take up a citation: the order of these is the order of numbers."""
        from citeproc import Citation

        marks = not self.library.makes_notes
        citation = Citation(
            [_item(item, index if marks else None) for index, item in enumerate(items)]
        )
        self._engine.register(citation)
        return citation

    def begin(self) -> None:
        """Begin a text in which every work is cited for the first time again."""
        self._engine._cites, self._past = [], 0

    def cite(
        self,
        citation: Any,  # noqa: ANN401 (citeproc's)
        items: Sequence[Item],
        targets: Sequence[str] = (),
    ) -> tuple[Child, ...]:
        """Return a citation that was taken up; each work leads to its target."""
        key = (self._past, tuple(items))
        cites = self._engine._cites
        if key in self._said:  # to say it anew takes milliseconds
            self._past, html, more = self._said[key]
            cites += more
        else:
            known = len(cites)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                html = str(self._engine.cite(citation, lambda _: None))
            cites.append(self._between)
            self._past = len(self._said) + 1
            self._said[key] = self._past, html, cites[known:]
        return self._nodes(_MARKED.sub(lambda m: self._one(m, items, targets), html))

    def _one(
        self, found: re.Match[str], items: Sequence[Item], targets: Sequence[str]
    ) -> str:
        """Return one work of a citation, without the signs of where it stands."""
        index = int(found["index"])
        item, said = items[index], found["said"]
        if item.is_bare:
            said = _without_author(said, self.library.works[item.key])
        said = found["before"] + self._lettered(said, item.key) + found["after"]
        if not targets:
            return said
        return f'<a class="citation" href="{escape(targets[index])}">{said}</a>'

    def _lettered(self, html: str, key: str) -> str:
        """Return a work with its letter behind the year, if it has one."""
        letter = self._letters.get(key)
        if letter is None:
            return html
        year, between = _year(self.library.works[key]), ""
        if not year:
            year, between = self._undated
        found = rf"(?<!\w){re.escape(year)}(?!\w)"
        return re.sub(found, rf"\g<0>{between}{letter}", html, count=1)

    def _said_undated(self, style: str) -> tuple[str, str]:
        found = _UNDATED.search(style)
        if found is None:
            return "", ""
        form = "short" if 'form="short"' in found["term"] else None
        term = self._engine.style.root.get_single_term("no date", form)
        around = [""]
        for group in _GROUP.finditer(style, 0, found.start()):
            if group[0] == "</group>":
                around.pop()
            else:
                around.append(group[1] or "")
        between = around[-1] if found["prefix"] is None else found["prefix"]
        return str(term), between

    def works(self) -> Iterator[tuple[str, tuple[Child, ...]]]:
        """Yield what was cited, in the style's order: a key and the work."""
        keys = {key.lower(): key for key in self.library.works}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._engine.sort()
            # Without the pages that were cited last.
            self._engine.items = [
                _in_list(item, self._engine) for item in self._engine.items
            ]
            lines = self._engine.bibliography()
        for item, line in zip(self._engine.items, lines, strict=True):
            # A number in brackets stands right before the work.
            html = re.sub(r"^(\[\d+\])(?=\S)", r"\1 ", "".join(map(str, line)))
            key = keys[item.key]
            yield key, self._nodes(self._lettered(html, key))

    def has_list(self) -> bool:
        """Tell whether the style has a list of works at all."""
        return bool(self._engine.style.has_bibliography())

    def _nodes(self, html: str) -> tuple[Child, ...]:
        if self._is_american:
            html = _AMERICAN.sub(r"\2\1", html)
        return _children(body_of(f"<p>{html}</p>")[0])


def _with_first_names(style: str) -> str:
    """Return a style in which only those names have initials that shall have them.

    citeproc-py knows no `initialize="false"`, but what a single name says for itself.
    """
    found = _INITIALS.search(style)
    if found is None or 'initialize="false"' not in style:
        return style
    plain = _INITIALS.sub(r"\1", style, count=1)
    return _NAME.sub(f'<name initialize-with="{found[2]}"', plain)


def _locale(language: str) -> str:
    """Return citeproc-py's locale for a language; American where it has none."""
    from pathlib import Path

    from citeproc import LOCALES_PATH

    names = {p.stem.removeprefix("locales-") for p in Path(LOCALES_PATH).glob("*.xml")}
    wanted = [language, f"{language[:2]}-{language[:2].upper()}", *sorted(names)]
    near = (n for n in wanted if n in names and n[:2] == language[:2])
    return "en-US" if language == "en" else next(near, "en-US")


def _item(item: Item, index: int | None) -> Any:  # noqa: ANN401
    from citeproc import CitationItem, Locator

    more: dict[str, Any] = {}
    if item.prefix:
        more["prefix"] = f"{item.prefix} "
    suffix = item.suffix
    if found := _PAGES.match(suffix):
        more["locator"] = Locator("page", found["place"].replace("-", "–"))
        suffix = suffix[found.end() :]
    if suffix:
        more["suffix"] = suffix if suffix[0] in ",.;:" else f", {suffix}"
    if index is not None:
        # Words and signs go through citeproc-py as they are, right beside the work.
        more["prefix"] = f"{_BEGIN}{index}{_THEN}{more.get('prefix', '')}{_THEN}"
        more["suffix"] = f"{_THEN}{more.get('suffix', '')}{_END}"
    return CitationItem(item.key, **more)


def _in_list(item: Any, engine: Any) -> Any:  # noqa: ANN401
    """Return an item as a work that is listed, and not cited in a place."""
    from citeproc import Citation, CitationItem

    bare = CitationItem(item.key)
    Citation([bare]).bibliography = engine
    return bare


def _year(work: Mapping[str, Any]) -> str:
    return str((work.get("issued") or {}).get("date-parts", [[""]])[0][0])


def _without_author(html: str, work: Mapping[str, Any]) -> str:
    """Return an author-date citation from its year on."""
    year = _year(work)
    at = html.find(year) if year else -1
    return html[at:] if at > 0 else html


_TAGS = {"b": "b", "i": "i", "sub": "sub", "sup": "sup", "u": "span", "l": "span"}


def _children(element: Element) -> tuple[Child, ...]:
    out: list[Child] = list(_linked(element.text or ""))
    for child in element:
        inside = _children(child)
        tag = _TAGS.get(str(child.tag))
        if child.tag == "a" and not any(_is_link(c) for c in inside):
            out.append(Node("a", tuple(child.items()), inside))
        elif tag:
            out.append(Node(tag, (), inside))
        elif "small-caps" in child.get("style", ""):
            out.append(Node("span", (("class", "smallcaps"),), inside))
        else:
            out += inside
        out += _linked(child.tail or "")
    return joined(out)


def _is_link(child: Child) -> bool:
    return isinstance(child, Node) and child.tag == "a"


def _linked(text: str) -> Iterator[Child]:
    """Yield a text, its addresses as links that need no note."""
    end = 0
    for found in _URL.finditer(text):
        yield text[end : found.start()]
        is_url = found[0].startswith("http")
        url = found[0] if is_url else f"https://doi.org/{found[0]}"
        attributes = (("href", url), ("class", "no-note"))
        yield Node("a", attributes, (shown(url) if is_url else found[0],))
        end = found.end()
    yield text[end:]
