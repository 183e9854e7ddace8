"""Show in a block's words what changed: new ones in <ins>, old ones in <del>.

What goes in: the content of a block as it was and as it is. What comes out: the content
as it is, with marks. What is gone is words alone: nothing in it is live, so that no
anchor is there twice and no note is called that is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from memobook.book.headings import NUMBER
from memobook.book.tree import Child, Node, joined, text_of

__all__ = ["Version", "Word", "gone", "likeness", "reworded", "words_of"]

# A word, a sign or an ideograph, with the space behind it.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]\s*|(?:(?![\u3040-\u30ff\u3400-\u9fff])[\w’'-])+\s*"
    r"|[^\w\s]\s*|\s+"
)
_ATOMS = frozenset("br hr img math svg wbr".split())
# What is another word if it alone changes?
_FORMS = frozenset("a b code del em i ins kbd mark q s strong sub sup".split())


@dataclass(frozen=True, slots=True)
class Version:
    """What the words of one version of a memo need to be told apart."""

    notes: Mapping[str, Node] = field(default_factory=dict)
    """Its footnotes by their names."""
    changed: frozenset[str] = frozenset()
    """The paths of pictures that are not what they were; of the new version alone."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or what stands in a line like one: a picture, a call, a formula."""

    key: str
    """What is compared."""
    text: str
    """What is said of it if it is gone."""


def words_of(content: Iterable[Child], version: Version, form: str = "") -> list[Word]:
    """Return the words of a block in reading order."""
    return list(_words(content, version, form))


def _words(content: Iterable[Child], version: Version, form: str) -> Iterator[Word]:
    for child in content:
        if isinstance(child, str):
            for text in _WORD.findall(child):
                yield Word(form + text.strip(), text)
        elif (atom := _atom(child, version)) is not None:
            yield atom
        else:
            yield from _words(child.children, version, form + _form(child))


def _form(node: Node) -> str:
    if node.tag not in _FORMS:
        return ""
    return f"{node.tag} {node.get('href')}|"


def _atom(node: Node, version: Version) -> Word | None:
    """Return what stands in a line like one word; None for what holds words."""
    if node.has("data-note"):
        name = node.get("data-note")
        note = version.notes.get(name)
        text = " ".join(text_of(note).split()) if note else ""
        # A citation's note is called by its place, which moves.
        return Word(f"note {text if name.startswith('@') else name}", f" [{text}]")
    if node.tag == "img":
        star = "*" if node.get("src") in version.changed else ""
        said = f"[{node.get('alt') or node.get('src')}] "
        return Word(f"img {node.get('src')} {node.get('alt')}{star}", said)
    if NUMBER in node.classes:
        return Word("number", "")
    if "crossref" in node.classes:
        said = text_of(node) or node.get("data-number")
        return Word(f"ref {node.get('href')} {text_of(node)}", said)
    if node.tag in _ATOMS:
        said = text_of(node)
        return Word(f"{node.tag} {said}", f"{said} " if said else "")
    return None


def likeness(old: list[Word], new: list[Word]) -> float:
    """Return how alike two texts are, from 0 to 1."""
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() else 0.0


def _keys(words: list[Word]) -> list[str]:
    return [word.key for word in words]


def gone(content: Iterable[Child], version: Version) -> tuple[Child, ...]:
    """Return content that is not there any more, struck through."""
    return _struck(words_of(content, version))


def _struck(words: list[Word]) -> tuple[Child, ...]:
    text = "".join(word.text for word in words)
    return (Node("del", (), (text,)),) if text.strip() else ()


def reworded(
    old: Iterable[Child], new: tuple[Child, ...], before: Version, after: Version
) -> tuple[Child, ...]:
    """Return new content with marks where it differs from the old one."""
    was, now = words_of(old, before), words_of(new, after)
    matcher = SequenceMatcher(None, _keys(was), _keys(now), autojunk=False)
    writing = _Writing(after)
    for name, a1, a2, b1, b2 in matcher.get_opcodes():
        if name != "equal":
            writing.inserted.update(range(b1, b2))
            writing.deleted[b1] = was[a1:a2]
    marked = writing.content(new)
    return joined(_even((*marked, *writing.struck())))


def _even(content: Iterable[Child]) -> Iterator[Child]:
    """Yield content whose marks end where their words do, not with a space."""
    for child in content:
        if isinstance(child, str) or not child.children:
            yield child
            continue
        last = child.children[-1]
        if child.tag in {"del", "ins"} and isinstance(last, str) and last[-1].isspace():
            bare = last.rstrip()
            yield child.with_children((*child.children[:-1], bare))
            yield last[len(bare) :]
        else:
            yield child.with_children(_even(child.children))


@dataclass(slots=True)
class _Writing:
    """Goes through the new content word by word, and puts the marks in."""

    version: Version
    inserted: set[int] = field(default_factory=set)
    """The places of the words that are new."""
    deleted: dict[int, list[Word]] = field(default_factory=dict)
    """The place of a word -> what is gone from before it."""
    place: int = 0

    def struck(self) -> tuple[Child, ...]:
        return _struck(self.deleted.pop(self.place, []))

    def content(self, content: Iterable[Child]) -> tuple[Child, ...]:
        out: list[Child] = []
        for child in content:
            if isinstance(child, str):
                for text in _WORD.findall(child):
                    self._word(text, out)
            elif _atom(child, self.version) is not None:
                self._word(child, out)
            else:
                out.append(child.with_children(self.content(child.children)))
        return joined(out)

    def _word(self, word: Child, out: list[Child]) -> None:
        struck = self.struck()
        out += struck
        if struck and self.place in self.inserted and not text_of(struck)[-1].isspace():
            out.append(" ")
        if self.place not in self.inserted:
            out.append(word)
        elif out and isinstance(out[-1], Node) and out[-1].tag == "ins":
            out[-1] = out[-1].with_children((*out[-1].children, word))
        else:
            out.append(Node("ins", (), (word,)))
        self.place += 1
