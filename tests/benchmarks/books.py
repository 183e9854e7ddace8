"""Make books of any length from the example's own text, for the benchmark.

What goes in: how many pages, and a folder. What comes out: a project folder, the same
bytes every time. A memo is a seeded choice of the example's sections, with a picture
and a listing about itself, and its links lead to memos that have their targets.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

__all__ = ["COLOUR", "EXAMPLE", "NAME", "blocks", "make_book", "memo_paths", "prose"]

EXAMPLE = Path(__file__).resolve().parents[2]
"""The project whose text the books are made of."""

NAME = "bench"
"""The stem of the outputs."""

COLOUR = "#1f3a5f"
"""What the style sheet paints the headings with; it stands there once."""

PAGES_OF_A_MEMO = 10

# Measured on A5: what a page holds, how much text a picture and a memo's last section
# stand for, and what is before the first memo: cover, title, imprint, contents.
_WORDS_OF_A_PAGE, _WORDS_OF_A_PICTURE, _WORDS_ABOUT = 250, 250, 400
_PAGES_BEFORE, _PAGES_OF_CONTENTS = 5.0, 0.2

_OWN_IDS = frozenset({"made", "fig-made"})
"""Of the section that tells about its memo."""

_ID = re.compile(r"\{#([\w-]+)\}|attrs: \{id: ([\w-]+)\}")
_LINK = re.compile(r"(?<!!)\[([^\]\[]+)\]\(([\w-]+\.md)?(?:#([\w-]+))?\)")
_ABBREVIATION = re.compile(r"^\*\[(\w+)\]: .*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of the example, from its heading to the next one."""

    title: str
    id: str
    text: str
    """Without its heading."""

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def room(self) -> int:
        """How much it takes, in words."""
        return self.words + self.text.count("![") * _WORDS_OF_A_PICTURE

    @property
    def ids(self) -> frozenset[str]:
        return frozenset({self.id}) | {a or b for a, b in _ID.findall(self.text)}

    def at(self, level: int) -> str:
        """Return the section as Markdown, its heading on this level."""
        text = re.sub(r"^###", "#" * (level + 1), self.text, flags=re.MULTILINE)
        return f"{'#' * level} {self.title} {{#{self.id}}}\n\n{text}"


@dataclass(frozen=True, slots=True)
class _Example:
    """What the example's memos are made of."""

    heads: tuple[str, ...]
    """The YAML block of each, with its opening paragraphs after it."""
    parts: tuple[_Part, ...]
    abbreviations: tuple[tuple[str, str], ...]
    """Term and definition."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A memo before its links are settled."""

    head: str
    parts: tuple[_Part, ...]

    @property
    def ids(self) -> frozenset[str]:
        return _OWN_IDS.union(*(part.ids for part in self.parts))


def make_book(folder: Path, pages: int) -> Path:
    """Write a project of about so many pages; return its folder."""
    manuscript = folder / "manuscript"
    shutil.copytree(EXAMPLE / "manuscript" / "images", manuscript / "images")
    shutil.copytree(EXAMPLE / "styles", folder / "styles")
    with (folder / "styles" / "print.css").open("a", encoding="utf-8") as file:
        file.write(f"\n.text h2 {{ color: {COLOUR} }}\n")
    plans = _plans(pages)
    for number, plan in enumerate(plans, 1):
        text = _memo(number, plans)
        path = manuscript / _file(number)
        path.write_text(text, encoding="utf-8", newline="\n")
        _draw(number, plan, manuscript / "images" / _picture(number))
    (manuscript / "book.toml").write_text(
        _settings(pages, len(plans)), encoding="utf-8", newline="\n"
    )
    return folder


def memo_paths(root: Path) -> list[Path]:
    """Return the memos of a book in their order."""
    return sorted((root / "manuscript").glob("memo-*.md"))


def blocks(text: str) -> list[str]:
    """Return a memo's text in pieces that an empty line divides."""
    return text.split("\n\n")


def prose(text: str) -> list[int]:
    """Return which blocks of a memo are plain paragraphs with no mark-up at all."""
    return [
        index
        for index, block in enumerate(blocks(text))
        if re.fullmatch(r"[A-Z“][^\n\[\]*_`{}|<>]{200,}", block)
    ]


# Reading the example


@cache
def _example() -> _Example:
    heads: list[str] = []
    parts: list[_Part] = []
    abbreviations: dict[str, str] = {}
    settings = (EXAMPLE / "manuscript" / "book.toml").read_text("utf-8")
    (names,) = re.findall(r"^memos = \[(.*)\]", settings, re.MULTILINE)
    for name in re.findall(r'"(.+?)"', names):
        text = (EXAMPLE / "manuscript" / name).read_text("utf-8")
        for found in _ABBREVIATION.finditer(text):
            abbreviations[found[1]] = found[0].strip()
        head, *rest = re.split(r"^## ", _ABBREVIATION.sub("", text), flags=re.MULTILINE)
        heads.append(head.strip())
        parts += (_part(name, i, piece) for i, piece in enumerate(rest, 1))
    return _Example(tuple(heads), tuple(parts), tuple(sorted(abbreviations.items())))


def _part(name: str, number: int, piece: str) -> _Part:
    heading, _, text = piece.partition("\n")
    own = _ID.search(heading)
    anchor = own[1] if own else f"{Path(name).stem}-{number}"
    return _Part(_ID.sub("", heading).strip(), anchor, text.strip())


# Writing memos


def _plans(pages: int) -> list[_Plan]:
    memos = max(1, pages // PAGES_OF_A_MEMO)
    text = pages - _PAGES_BEFORE - memos * _PAGES_OF_CONTENTS
    return [_plan(i, text / memos * _WORDS_OF_A_PAGE) for i in range(memos)]


def _plan(index: int, words: float) -> _Plan:
    """Choose parts until they are as long as wanted, to half a part."""
    example = _example()
    chance = random.Random(f"memo {index}")
    head = example.heads[index % len(example.heads)]
    left = words - len(head.split()) - _WORDS_ABOUT
    chosen: list[_Part] = []
    for part in chance.sample(example.parts, len(example.parts)):
        if part.room / 2 < left:
            chosen.append(part)
            left -= part.room
    return _Plan(head, tuple(chosen))


def _memo(number: int, plans: Sequence[_Plan]) -> str:
    plan = plans[number - 1]
    title = re.compile(r"^title: (.+)$", re.MULTILINE)
    head = title.sub(rf'title: "\1, {number}"', plan.head)
    head = re.sub(r"^slug: .+$", f"slug: memo-{number}", head, flags=re.MULTILINE)
    # One heading in three is of the second level, as the contents list all of these.
    parts = [p.at(2 if i % 3 == 0 else 3) for i, p in enumerate(plan.parts)]
    text = "\n\n".join([head, *parts, _about(number, plan)])
    text = _LINK.sub(lambda found: _link(found, number, plans), text)
    used = [
        line
        for term, line in _example().abbreviations
        if re.search(rf"\b{term}\b", text)
    ]
    return "\n\n".join([text, "\n".join(used)]).rstrip() + "\n"


def _link(found: re.Match[str], number: int, plans: Sequence[_Plan]) -> str:
    """Lead a link to the next memo that has its target; unlink it if none has."""
    words, path, anchor = found.groups()
    if path is None:
        return found[0] if anchor in plans[number - 1].ids else words
    fragment = f"#{anchor}" if anchor else ""
    for step in range(1, len(plans)):
        other = (number - 1 + step) % len(plans)
        if anchor is None or anchor in plans[other].ids:
            return f"[{words}]({_file(other + 1)}{fragment})"
    return words


def _file(number: int) -> str:
    return f"memo-{number:04}.md"


def _about(number: int, plan: _Plan) -> str:
    """Return a section with a picture and a listing, which tell of the memo itself."""
    counts = "\n".join(f'    "{part.id}": {part.words},' for part in plan.parts)
    return f"""## How this memo is made {{#made}}

This memo is one of many that were made of the same text to measure how long a book \
takes. [The figure](#fig-made) stands for its sections, and the listing after it \
counts their words.

![Bars of different lengths, one for each section](images/{_picture(number)})

/// figure-caption
    attrs: {{id: fig-made}}
The sections of memo {number}, by their number of words
///

```python
\"\"\"Tell how much of memo {number} each of its sections takes.\"\"\"

WORDS = {{
{counts}
}}


def shares(words: dict[str, int]) -> dict[str, float]:
    total = sum(words.values())
    return {{name: count / total for name, count in words.items()}}


for name, share in sorted(shares(WORDS).items()):
    print(f"{{name:30}}{{share:7.1%}}")
```

The listing is set in a font of its own, and the words that Python keeps for itself \
are bold."""


# Pictures


def _picture(number: int) -> str:
    return f"made-{number:04}.{'svg' if number % 2 else 'jpg'}"


def _bars(plan: _Plan) -> Iterator[tuple[int, int]]:
    """Yield the upper edge and the length of each bar, in a frame of 600 by 300."""
    longest = max(part.words for part in plan.parts)
    step = 300 // len(plan.parts)
    for index, part in enumerate(plan.parts):
        yield index * step, part.words * 600 // longest


def _draw(number: int, plan: _Plan, path: Path) -> None:
    """Draw a memo's chart: lines for odd numbers, dots for even ones."""
    height = 300 // len(plan.parts) - 4
    if path.suffix == ".svg":
        bars = "".join(
            f'<rect x="0" y="{y}" width="{w}" height="{height}" fill="{COLOUR}"/>'
            for y, w in _bars(plan)
        )
        frame = 'viewBox="0 0 600 300" width="600" height="300"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{bars}</svg>\n'
        path.write_text(svg, encoding="utf-8", newline="\n")
        return
    shade = Image.linear_gradient("L").rotate(number % 4 * 90).resize((1200, 600))
    picture = Image.merge(
        "RGB", (shade, Image.radial_gradient("L").resize((1200, 600)), shade)
    )
    for y, w in _bars(plan):
        picture.paste(COLOUR, (0, y * 2, w * 2, (y + height) * 2))
    picture.save(path, quality=85)


# Settings


def _settings(pages: int, memos: int) -> str:
    text = (EXAMPLE / "manuscript" / "book.toml").read_text("utf-8")
    names = ", ".join(f'"{_file(i)}"' for i in range(1, memos + 1))
    for pattern, new in (
        (r"^title = .*", f'title = "A Book of {pages} Pages"\nname = "{NAME}"'),
        (r"^memos = \[.*\]", f"memos = [{names}]"),
        (r"^paper = .*", 'paper = "a5"'),
        # As memobook does by default. On right-hand pages alone, a page more at the
        # front would often vanish in a blank one, and nothing would move.
        (r"^memos_start = .*", 'memos_start = "next"'),
    ):
        text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
        if count != 1:
            message = f"the example's book.toml has {pattern} {count} times, not once"
            raise ValueError(message)
    return text
