"""The hints of what another build mends.

What goes in: findings with the hints of the whole book. What comes out: the same with
those of what was checked, a memo alone or the book with a profile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from memobook.diagnostics import Diagnostic

__all__ = ["ANEW", "FIRST", "for_what"]

ANEW = "build it anew: memobook build"
FIRST = "type: memobook check --build"


def for_what(
    found: Iterable[Diagnostic], memo: str, profiles: Iterable[str]
) -> tuple[Diagnostic, ...]:
    """Return findings whose hints build what was checked."""
    options = [f"--memo {memo}"] if memo else []
    options += [f"--profile {name}" for name in profiles]
    return tuple(
        replace(each, hint=" ".join([each.hint, *options]))
        if each.hint in {ANEW, FIRST}
        else each
        for each in found
    )
