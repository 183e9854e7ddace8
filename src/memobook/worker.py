"""What a worker process has loaded before its first task.

The fork server imports this module once, and every worker is forked from it. Parsing is
the first task of every build; WeasyPrint, which takes longer to import than a memo to
be parsed, comes with the first layout: an EPUB may need none.
"""

from __future__ import annotations

import gc

import memobook.charsets  # noqa: F401 (for its effect, on all that is loaded below)
from memobook.book.model import Source
from memobook.intake import Text

__all__: list[str] = []

# A process's first text takes ten times as long as the next one.
_TEXT = (
    "# A\n\nA [link](https://example.org/) and a note[^1].\n\n    code\n\n[^1]: Text.\n"
)
Text(Source("", _TEXT), "en").read()

# What is loaded once stays: the collector of garbage need not walk it again.
gc.freeze()
