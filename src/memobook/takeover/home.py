"""Say how far a takeover may read: what a stranger's book names may lie anywhere.

What goes in: the path that was named. What comes out: the folder that all chapters,
pictures and includes must be in, by their real paths.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["home_of", "is_within"]


def home_of(named: Path) -> Path:
    """Return the folder that a book may take its files from.

    That of the repository that it is in, as pictures often stand beside the folder of
    texts; else the named one. Somebody's whole home is never meant, even if it is a
    repository.
    """
    real = named.resolve()
    start = real if real.is_dir() else real.parent
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return start if folder in {*_homes(), Path(folder.anchor)} else folder
    return start


def _homes() -> tuple[Path, ...]:
    try:
        return (Path.home().resolve(),)
    except RuntimeError:
        return ()


def is_within(path: Path, home: Path) -> bool:
    """Tell whether a path is a plain file in a folder, behind all links."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError):
        return False
    return real.is_relative_to(home) and real.is_file()
