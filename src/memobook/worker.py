"""What a worker process has loaded before its first task.

The fork server imports this module once, and every worker is forked from it. Parsing is
the first task of every build; WeasyPrint, which takes longer to import than a memo to
be parsed, comes with the first layout: an EPUB may need none.
"""

from __future__ import annotations

import gc

__all__: list[str] = []

# What is loaded once stays: the collector of garbage need not walk it again.
gc.freeze()
