"""What a takeover changed and what it lost: each with its place in the old book.

What goes in: findings. What comes out: a list that an author can go through.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Entry", "Ledger"]


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Something that is not as it was."""

    path: str
    """In the old book."""
    line: int
    what: str
    is_lost: bool = False


@dataclass(slots=True)
class Ledger:
    """Collects what is not as it was."""

    entries: list[Entry] = field(default_factory=list)

    def changed(self, path: str, line: int, what: str) -> None:
        """Note what says the same in another way."""
        self.entries.append(Entry(path, line, what))

    def lost(self, path: str, line: int, what: str) -> None:
        """Note what is not in the new book."""
        self.entries.append(Entry(path, line, what, is_lost=True))

    def text(self) -> str:
        """Return the list, what was lost first."""
        out = []
        for name, is_lost in (("Lost", True), ("Changed", False)):
            found = sorted(e for e in self.entries if e.is_lost is is_lost)
            out.append(f"{name}: {len(found)}")
            out += [f"{e.path}:{e.line}: {e.what}" for e in found]
            out.append("")
        return "\n".join(out)

    def counts(self) -> tuple[int, int]:
        """Return how much was changed and how much was lost."""
        found = Counter(entry.is_lost for entry in self.entries)
        return found[False], found[True]
