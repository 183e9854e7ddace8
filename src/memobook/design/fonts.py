"""Find the font files of a family: in styles/fonts/, then in installed font packages.

System fonts are never used, so that a book looks the same on every machine. Font
packages announce themselves by the entry point group `fontpkg.family`.
https://pypi.org/project/fontpkg/
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import entry_points
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont, TTLibError

__all__ = [
    "Face",
    "characters_in",
    "characters_of",
    "families",
    "files_of",
    "find_faces",
    "font_packages",
]

_FAMILIES, _PACKS = "fontpkg.family", "justmytype.packs"
"""Groups of entry points."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file of a family."""

    family: str
    path: Path
    is_italic: bool
    weight: int | None
    """100 to 900; None for a variable font, which has them all."""
    licence: Path | None = None
    """The text that must go with the font."""


def find_faces(family: str, *folders: Path) -> tuple[Face, ...]:
    """Return the family's faces, upright before italic; () if nobody has it.

    `folders` are the project's styles/fonts/ and its shelf's: an earlier one wins, and
    each of them wins over installed packages.
    """
    for faces in (*map(_folder_faces, folders), _package_faces()):
        if found := tuple(f for f in faces if f.family == family):
            return found
    return ()


def font_packages() -> tuple[str, ...]:
    """Return the installed packages that bring fonts, with their versions, sorted."""
    points = (p for g in (_FAMILIES, _PACKS) for p in entry_points(group=g))
    found = {f"{p.dist.name} {p.dist.version}" for p in points if p.dist}
    return tuple(sorted(found))


def files_of(*folders: Path) -> tuple[Path, ...]:
    """Return the files of all fonts that can be had."""
    faces = (*map(_folder_faces, folders), _package_faces())
    return tuple(dict.fromkeys(f.path for found in faces for f in found))


def families(*folders: Path) -> tuple[str, ...]:
    """Return the names of all families that can be had, sorted."""
    faces = (*map(_folder_faces, folders), _package_faces())
    return tuple(sorted({f.family for found in faces for f in found}))


# Printable ASCII: nearly all of a text, and nearly every text has nearly all of it.
_COMMON = tuple(map(chr, (10, *range(32, 127))))
_COMMON_BYTES = "".join(_COMMON).encode()


def characters_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the characters that texts are made of.

    A set of a whole book would look each up by itself.
    """
    # Half of a surrogate pair is a fault that is told elsewhere.
    data = "".join(texts).encode("utf-8", "surrogatepass")
    rest = data.translate(None, _COMMON_BYTES).decode("utf-8", "surrogatepass")
    return frozenset(c for c in _COMMON if c.encode() in data).union(rest)


def characters_of(faces: Iterable[Face]) -> frozenset[str]:
    """Return the characters that every one of the faces has."""
    sets = [_characters(face.path.read_bytes()) for face in faces]
    return frozenset.intersection(*sets) if sets else frozenset()


@lru_cache(maxsize=64)
def _characters(font: bytes) -> frozenset[str]:
    return frozenset(map(chr, hb.Face(hb.Blob(font)).unicodes))


@cache
def _package_faces() -> tuple[Face, ...]:
    found: list[Face] = []
    for point in sorted(entry_points(group=_FAMILIES), key=lambda p: p.name):
        root = Path(point.load().ROOT)
        facts = json.loads((root / "metadata.json").read_text(encoding="utf-8"))
        found += [
            Face(
                family=facts["family"],
                path=root / file["path"],
                is_italic=file["style"] == "italic",
                weight=None if file["variable"] else int(file["weight"]),
                licence=root / "LICENSE",
            )
            for file in sorted(facts["files"], key=lambda f: f["style"] == "italic")
        ]
    return (*found, *_packs())


def _packs() -> Iterator[Face]:
    """Yield the faces of packs for justmytype, which alone bring Chinese and Korean.

    https://pypi.org/project/justmytype/
    """
    for point in sorted(entry_points(group=_PACKS), key=lambda p: p.name):
        for root in point.load()().get_font_directories():
            facts = json.loads((root / "pack_manifest.json").read_text("utf-8"))
            for file in sorted(facts["fonts"], key=lambda f: f["style"] == "italic"):
                path = root / file["path"]
                weight = None if "[" in path.name else int(file["weight"])
                licence = path.with_name("OFL.txt")
                is_italic = file["style"] == "italic"
                yield Face(file["family"], path, is_italic, weight, licence)


def _folder_faces(folder: Path) -> tuple[Face, ...]:
    paths = [p for p in _plain(folder, "*") if p.suffix in {".ttf", ".otf"}]
    faces = [face for path in paths if (face := _file_face(path, folder))]
    return tuple(sorted(faces, key=lambda f: f.is_italic))


_DAMAGES = (TTLibError, KeyError, ValueError, IndexError, AssertionError, struct.error)
"""What fontTools raises of a font that is damaged."""


def _file_face(path: Path, folder: Path) -> Face | None:
    try:
        # Opened here: of a font that is damaged TTFont would leave the file open.
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            names, os2 = font["name"], font["OS/2"]
            # Name 16 is the family without its styles; fonts with four styles lack it.
            family = names.getDebugName(16) or names.getDebugName(1)
            is_italic = bool(os2.fsSelection & 1)
            weight = None if "fvar" in font else int(os2.usWeightClass)
    except (*_DAMAGES, OSError):
        return None
    licence = next(iter([*_plain(folder, "*OFL*"), *_plain(folder, "LICEN*")]), None)
    return Face(str(family), path, is_italic, weight, licence)


def _plain(folder: Path, pattern: str) -> list[Path]:
    """Return a folder's files that are in it; a link may lead out of the project."""
    paths = sorted(folder.glob(pattern))
    return [p for p in paths if p.is_file() and not p.is_symlink()]
