"""Books of random manuscripts: several memos in one, so that a trial of each is cheap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from hypothesis import strategies as st

from tests.drafts import PICTURES, Memo, first_draft
from tests.fuzz.looks import drawings, sheets
from tests.fuzz.markdown import bodies, numbered
from tests.fuzz.mutations import damaged, mutated
from tests.fuzz.settings import blocks, broken_books, tables
from tests.harness import HARD

__all__ = [
    "BOOK",
    "Dress",
    "FuzzBook",
    "Manuscript",
    "book_of",
    "dresses",
    "manuscripts",
]

BOOK = "manuscript/book.toml"
_ONE = "---\ntitle: The first\n---\n\nIt begins.\n\n## The end {#end}\n\nFin.\n"
_LOWERED = """paragraph-cut list-flattened html-not-allowed title-duplicate
    heading-level-skipped heading-second-title note-undefined note-unused
    note-duplicate link-reference-undefined link-anchor-missing variable-unknown
    code-unclosed critic-unclosed character-stray glyph-missing image-without-alt
    directive-unknown title-not-plain reference-unknown citation-missing include-missing term-unknown index-empty index-see
    index-passage index-twins link-placeholder reference-in-heading
    link-target-missing link-scheme link-address link-in-alt""".split()
"""Errors that are lowered in most books: they are right, but for this."""
_WORDS_EACH = 500
"""How many words of its own a manuscript may have."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The text of one memo."""

    kind: str
    """grammar, mutated, or damaged."""
    data: bytes

    def with_words(self, number: int) -> Manuscript:
        """Return it with words that the manuscripts of other numbers have not."""
        try:
            text = self.data.decode()
        except UnicodeDecodeError:
            return self
        return replace(self, data=numbered(text, number * _WORDS_EACH).encode())


def _of_text(kind: str) -> st.SearchStrategy[Manuscript]:
    texts = {
        "grammar": st.tuples(blocks, bodies).map("".join),
        "mutated": mutated(),
    }
    return texts[kind].map(
        lambda t: Manuscript(kind, t.encode("utf-8", "surrogatepass"))
    )


manuscripts = st.one_of(
    *[_of_text("grammar")] * 7,
    _of_text("mutated"),
    _of_text("mutated"),
    damaged().map(lambda data: Manuscript("damaged", data)),
)


@dataclass(frozen=True, slots=True)
class Dress:
    """What a book has beside its memos."""

    settings: Mapping[str, str]
    """As tests.drafts has them."""
    toml: str
    """book.toml instead, of a book with one memo; empty for none."""
    styles: Mapping[str, str]
    drawing: bytes
    lowered: bool
    """Whether all errors are reported as warnings."""


_STYLES = st.fixed_dictionaries({}, optional={"print.css": sheets, "epub.css": sheets})
dresses = st.builds(
    Dress,
    settings=tables,
    toml=st.one_of(
        st.just(""), st.just(""), broken_books.map(lambda t: numbered(t, 0))
    ),
    styles=st.one_of(st.just({}), _STYLES),
    drawing=drawings,
    lowered=st.sampled_from([True, True, True, False]),
)


@dataclass(frozen=True, slots=True)
class FuzzBook:
    """A project."""

    files: Mapping[str, bytes]
    memos: tuple[str, ...]
    """The paths of its random memos."""

    def without(self, paths: Sequence[str]) -> FuzzBook:
        """Return the book without some of its memos."""
        left = tuple(path for path in self.memos if path not in paths)
        files = {path: data for path, data in self.files.items() if path not in paths}
        text = files[BOOK].decode()
        for path in paths:
            text = text.replace(f", '{path.removeprefix('manuscript/')}'", "")
        return FuzzBook({**files, BOOK: text.encode()}, left)

    def with_file(self, path: str, data: bytes) -> FuzzBook:
        """Return the book with another file."""
        return replace(self, files={**self.files, path: data})

    def plain(self) -> FuzzBook:
        """Return the book without styles of its own, and with a drawing that is one."""
        own = [path for path in self.files if path.startswith("styles/")]
        styles = [path for path in own if not path.startswith("styles/fonts/")]
        files = {p: d for p, d in self.files.items() if p not in styles}
        files["manuscript/images/fuzz.svg"] = PICTURES["svg"][0]
        return replace(self, files=files)


def book_of(found: Sequence[Manuscript], dress: Dress) -> FuzzBook:
    """Return a project with some manuscripts."""
    memos = {f"manuscript/m{n:02}.md": m.data for n, m in enumerate(found)}
    settings = dress.toml or _settings(dress, tuple(memos))
    styles = {
        f"styles/{name}": text.encode("utf-8", "replace")
        for name, text in dress.styles.items()
    }
    files = {
        **_companions(),
        **memos,
        **styles,
        "manuscript/images/fuzz.svg": dress.drawing,
        BOOK: settings.encode("utf-8", "surrogatepass"),
    }
    return FuzzBook(files, () if dress.toml else tuple(memos))


@cache
def _companions() -> Mapping[str, bytes]:
    """Return what the memos cite, include, show and lead to."""
    draft = first_draft()
    for stem in tuple(draft.memos):
        del draft.memos[stem]
    folder = HARD / "manuscript/images"
    pictures = {
        f"manuscript/images/{name}": (folder / name).read_bytes()
        for name in ("red.png", "grey.jpg")
    }
    pictures["manuscript/images/leaf.svg"] = PICTURES["svg"][1]
    return {**draft.files(), **pictures, "manuscript/one.md": _ONE.encode()}


def _settings(dress: Dress, memos: tuple[str, ...]) -> str:
    draft = first_draft()
    draft.settings = {**dress.settings, "contents": ""}
    if dress.lowered:
        draft.settings["check.warn"] = repr(_LOWERED)
    if draft.settings["book.date"]:  # to draw a cover takes longer than all else
        draft.settings["epub.cover"] = '"images/cover.png"'
    names = [p.removeprefix("manuscript/").removesuffix(".md") for p in memos]
    draft.memos = {name: Memo("") for name in ("one", *names)}
    return draft.files()[BOOK].decode()
