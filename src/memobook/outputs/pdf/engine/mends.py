"""Mend seven faults of WeasyPrint 70 that its own options cannot avoid.

What goes in: nothing. What comes out: WeasyPrint, whose lines do not end early, whose
notes stand on the page of their call and whose leaders are one text. A test of each
fails without its mend, so that a mend can go when its fault does; a version whose
source differs is refused and not half mended.

Lines: a text before an inline element ends with a space. If all of it fits into the
line but for that space, WeasyPrint takes the text for one word that is too long, and
breaks after its first word. About one in a thousand lines of a text with many links
ended after one word. A space that holds the element to the text, as behind a French
guillemet, does the same: Pango lets it hang, but no line may end there.

Notes: where a paragraph's second line is the last that fits, WeasyPrint makes room by
moving the last note of the page to the next one, whoever called it, and whatever
`footnote-policy` says. Without that, the paragraph itself goes to the next page.

Notes' texts: they are taken out of the text before the line ends of the source become
spaces in it, and so each ends a line in print; behind a space it ends the layout.

Leaders: each dot is a text of its own, marked and drawn by itself, so that a page of
contents has a thousand and costs what four pages of text do.

Colour profiles: one that cannot be had ends the layout, where any other file that a
style sheet names is only left out.

Drawings: one that says its shape but not its size, in a line from right to left, ends
the layout: it is moved to the right before it has a place.

Numbers: `widows: calc(1 / 0)` ends the layout, where any other value that is none is
only left out.
"""

from __future__ import annotations

import importlib
import inspect
import io
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from memobook.outputs.pdf.engine.styles import replace_everywhere

__all__ = ["mend_engine"]

_HOLDING = ("\xa0", "\u202f")
"""Spaces at which no line ends."""
_LITTLE = 0.1
"""CSS pixels: what makes a text too wide for the room that it fills."""
_SHORTEST_LETTER = 0.25
"""Of the font's size; a text that is longer cannot fit into one line."""

_MOVES_NOTES = (
    "report = not context.in_column and can_break_now and not could_break_before"
)


def mend_engine() -> None:
    """Mend WeasyPrint; once in a process."""
    _mend_line_breaks()
    _mend_note_pages()
    _mend_note_texts()
    _mend_leaders()
    _mend_profiles()
    _mend_drawings()
    _mend_numbers()


def _mend_line_breaks() -> None:
    """Let a space hang over the line's end, as CSS says.

    https://www.w3.org/TR/css-text-3/#white-space-phase-2
    """
    inline: Any = importlib.import_module("weasyprint.layout.inline")
    original = inline.split_first_line

    def split_first_line(
        text: str,
        style: Any,  # noqa: ANN401 (WeasyPrint's own, untyped)
        context: Any,  # noqa: ANN401
        max_width: float | None,
        justification_spacing: float,
        **options: bool,
    ) -> Any:  # noqa: ANN401
        def split(part: str, width: float | None) -> Any:  # noqa: ANN401
            return original(
                part, style, context, width, justification_spacing, **options
            )

        if text[-1:] in _HOLDING and max_width is not None:
            max_width = _without_holding(text, max_width, split)
        found = split(text, max_width)
        bare = text.rstrip(" ")
        _, _, resume_index, *_ = found
        if max_width is None or max_width == inf or resume_index is None:
            return found
        too_long = len(bare) * style["font_size"] * _SHORTEST_LETTER > max_width
        if bare == text or too_long:
            return found
        _, _, resume_index, width, *_ = split(bare, max_width)
        if resume_index is None and width <= max_width:
            return split(text, inf)
        return found

    inline.split_first_line = split_first_line


def _without_holding(
    text: str,
    max_width: float,
    split: Callable[[str, float | None], Any],
) -> float:
    """Return the room for a text that would fit in but for its last, holding space."""
    whole = split(text, inf)[3]
    bare = split(text.rstrip("".join(_HOLDING)), inf)[3]
    return bare - _LITTLE if bare <= max_width < whole else max_width


def _mend_note_pages() -> None:
    """Take one decision out of a function of 140 lines, which no argument reaches."""
    block: Any = importlib.import_module("weasyprint.layout.block")
    source = textwrap.dedent(inspect.getsource(block._linebox_layout))
    if source.count(_MOVES_NOTES) != 1:
        message = "this WeasyPrint is not the version that memobook knows"
        raise RuntimeError(message)
    mended = source.replace(_MOVES_NOTES, "report = False")
    code = compile(mended, str(block.__file__), "exec")
    # WeasyPrint's own text, with one word changed: nothing of a project is in it.
    exec(code, vars(block))  # noqa: S102


def _mend_note_texts() -> None:
    """Let spaces and letters of notes become what those of all other text do.

    https://www.w3.org/TR/css-text-3/#white-space-rules
    """
    build: Any = importlib.import_module("weasyprint.formatting_structure.build")
    original = build.build_formatting_structure

    def built(*arguments: Any) -> Any:  # noqa: ANN401
        root = original(*arguments)
        notes = arguments[-1]
        for note in notes:
            note.process_whitespace()
            note.process_text_transform()
        return root

    replace_everywhere(original, built)


def _mend_leaders() -> None:
    """Make one text of a leader's dots, which stand side by side."""
    leader: Any = importlib.import_module("weasyprint.layout.leader")
    inline: Any = importlib.import_module("weasyprint.layout.inline")
    original = leader.handle_leader

    def handle_leader(context: Any, line: Any, containing_block: Any) -> None:  # noqa: ANN401
        original(context, line, containing_block)
        _, box = leader.leader_index(line)
        if box is None or len(box.children) < 2:
            return
        left = min(box.children, key=lambda child: float(child.position_x))
        one = left.copy()
        one.text = left.text * len(box.children)
        one.width = left.width * len(box.children)
        one.pango_layout, *_ = inline.split_first_line(
            one.text, one.style, context, None, 0
        )
        box.children = (one,)

    replace_everywhere(original, handle_leader)


def _mend_profiles() -> None:
    """Take a profile that cannot be had for one that is damaged, which is left out.

    It is the one file whose failure the module of style sheets does not expect: it
    expects that of other sheets where it asks for them.
    """
    css: Any = importlib.import_module("weasyprint.css")
    original = css.fetch

    @contextmanager
    def fetch(url_fetcher: Any, url: str) -> Iterator[Any]:  # noqa: ANN401
        opened = original(url_fetcher, url)
        try:
            response = opened.__enter__()
        except css.URLFetchingError:
            yield io.BytesIO()
            return
        try:
            yield response
        finally:
            opened.__exit__(None, None, None)

    css.fetch = fetch


def _mend_drawings() -> None:
    """Give a picture in a line a place to be moved from; the line gives it its own."""
    boxes: Any = importlib.import_module("weasyprint.formatting_structure.boxes")
    boxes.InlineReplacedBox.position_x = 0


def _mend_numbers() -> None:
    """Take what is infinite, or no number at all, for no whole number."""
    tokens: Any = importlib.import_module("weasyprint.css.tokens")
    original = tokens.get_number

    def get_number(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        try:
            return original(*arguments, **options)
        except (OverflowError, ValueError):
            return None

    replace_everywhere(original, get_number)
