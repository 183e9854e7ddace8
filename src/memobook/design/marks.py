"""The mark of a draft on every page: a word that no reader overlooks.

What goes in: the word, and a medium. What comes out: its style sheets. In print it
stands at the foot of every page, in the EPUB above every document's text. The cover and
the title page say it themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from memobook.design.section import Stylesheet

__all__ = ["MARK_BOX", "mark_sheets"]

MARK_BOX = "bottom-center"
"""The margin box of a printed page that holds it."""

_FONT = "font-family: var(--heading-font); font-weight: 600; color: var(--accent)"


def mark_sheets(mark: str, medium: str) -> Iterator[Stylesheet]:
    """Yield the sheets of a mark; none where there is no mark."""
    if not mark:
        return
    text = _quoted(mark)
    if medium == "print":
        place = "font-size: 10pt; vertical-align: top; padding-top: 9mm"
        rule = f"@page {{ @{MARK_BOX} {{ content: {text}; {place}; {_FONT} }} }}"
        rule += f"\n@page cover {{ @{MARK_BOX} {{ content: none }} }}"
    else:
        place = "display: block; margin: 0.5em 0 1em; text-align: center"
        rule = f"body::before {{ content: {text}; {place}; {_FONT} }}"
        rule += "\nbody.cover::before { content: none }"
    yield Stylesheet(f"memobook/mark-{medium}.css", rule, is_builtin=True)


def _quoted(text: str) -> str:
    """Return a text as a string of CSS.

    https://www.w3.org/TR/css-syntax-3/#consume-string-token
    """
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
