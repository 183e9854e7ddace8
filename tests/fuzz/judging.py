"""Let EPUBCheck judge many EPUBs at once: one Java machine for all of them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from memobook.checks.judges.programs import JudgeError, find_in_package, java

__all__ = ["invalid"]

_JUDGE = Path(__file__).parent / "Judge.java"


def invalid(epubs: Sequence[Path]) -> dict[Path, tuple[str, ...]]:
    """Return what is wrong with each EPUB that is invalid: code, place and message.

    Raises JudgeError if EPUBCheck or Java is missing or breaks.
    """
    if not epubs:
        return {}
    jar = find_in_package("epubcheck", "epubcheck.jar")
    classes = f"{jar}:{jar.parent}/lib/*"
    done: subprocess.CompletedProcess[str] = java("-cp", classes, _JUDGE, *epubs)
    if f"judged {len(epubs)}" not in done.stdout:
        message = f"EPUBCheck could not judge {len(epubs)} EPUBs: {done.stderr[-2000:]}"
        raise JudgeError(message)
    found: dict[Path, list[str]] = {}
    for line in done.stdout.splitlines():
        name, *said = line.split("\t")
        if said:
            found.setdefault(Path(name), []).append(" ".join(said))
    return {path: tuple(said) for path, said in found.items()}
