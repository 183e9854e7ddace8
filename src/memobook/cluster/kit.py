"""Tell what the outputs of a machine depend on, so that all machines give the same.

What goes in: nothing, or the kits of several machines. What comes out: versions by
name, or what differs.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping

from memobook.design.fonts import font_packages
from memobook.fresh import PACKAGES, versions_of
from memobook.outputs.pdf.machine import harfbuzz_version, pango_version
from memobook.project.files import MISSING

__all__ = ["Kit", "difference", "kit"]

Kit = Mapping[str, str]
"""Name -> version."""


def kit() -> dict[str, str]:
    """Return what this machine has: packages, fonts, and what no package brings."""
    named = (text.rpartition(" ") for text in (*versions_of(PACKAGES), *_fonts()))
    return {
        **{name: version for name, _, version in named},
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "Pango": str(pango_version() or MISSING),
        "HarfBuzz": harfbuzz_version() or MISSING,
        # It packs the EPUB: another zlib may give other bytes.
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def _fonts() -> tuple[str, ...]:
    return font_packages()


# What a machine may lack that only sends books away
_SPARED = ("Pango", "HarfBuzz")


def difference(here: Kit, there: Kit) -> str:
    """Return the first difference in words; empty if there is none.

    What is missing here does not matter, if only workers need it.
    """
    for name in dict.fromkeys((*here, *there)):
        mine, theirs = here.get(name, MISSING), there.get(name, MISSING)
        if mine != theirs and not (name in _SPARED and mine == MISSING):
            said = "no " + name if theirs == MISSING else f"{name} {theirs}"
            wanted = "none" if mine == MISSING else mine
            return f"{said}, and here it is {wanted}"
    return ""
