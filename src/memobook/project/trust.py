"""Say whom a build believes: the owner of a project, or nobody.

What goes in: a folder, and what the command line says of it. What comes out: one frozen
value that travels with the project through all rooms, and says each thing that differs.
Which folders are trusted stands in a file of the user's own, as git's safe.directory
does, and never in the folder itself: a stranger's folder could say anything of itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "TRUSTED",
    "TRUST_FILE",
    "UNTRUSTED",
    "Trust",
    "apart",
    "config_folder",
    "distrust",
    "is_trusted",
    "trust",
    "trusted_file",
    "trusted_folders",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a project may do. What is not named here no project may."""

    name: str
    """For a key of what depends on it."""
    imports_styles: bool
    """Whether a style sheet may take others of the project in: @import."""
    raises_limits: bool
    """Whether [limits] in book.toml may be above what is built in, not only below."""
    shares_outside: bool
    """Whether its shelf.toml, or a link in place of build/, may lead out of it."""
    brings_cache: bool
    """Whether what lies in its build/.cache is believed to be made by memobook."""

    def hint(self, otherwise: str) -> str:
        """Return a hint for what only a trusted project may do."""
        return f"{otherwise}; if the project is your own: memobook trust DIR"


TRUSTED = Trust(
    name="trusted",
    imports_styles=True,
    raises_limits=True,
    shares_outside=True,
    brings_cache=True,
)
"""book.toml's owner, and so the styles and templates, is believed."""

UNTRUSTED = Trust(
    name="untrusted",
    imports_styles=False,
    raises_limits=False,
    shares_outside=False,
    brings_cache=False,
)
"""Nothing in the folder is believed."""


# What the user has said


TRUST_FILE = "trusted"
"""Its name in the folder of the user's settings: a folder a line."""


def config_folder() -> Path:
    """Return the folder of the user's own settings.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    return _home("XDG_CONFIG_HOME", ".config") / "memobook"


def apart(folder: Path) -> Path:
    """Return the folder of the user's own that stands for a cache in a project."""
    home = _home("XDG_CACHE_HOME", ".cache")
    known = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:_KNOWN_BY]
    return home / "memobook" / known


def _home(variable: str, name: str) -> Path:
    # A relative path is to be ignored, says the specification: it would be the project.
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():
        return named
    try:
        return Path.home() / name
    except RuntimeError:  # nobody's: where nothing is, and nothing can be written
        return Path(os.sep, name)


_KNOWN_BY = 24
"""Digits of a hash that tell the caches of a user apart."""


def trusted_file() -> Path:
    """Return the file with the folders that the user trusts."""
    return config_folder() / TRUST_FILE


def trusted_folders() -> tuple[Path, ...]:
    """Return the folders that the user trusts, resolved as they were named."""
    try:
        lines = trusted_file().read_text("utf-8", "surrogateescape").split("\n")
    except OSError:
        return ()
    return tuple(Path(line) for line in lines if line.startswith("/"))


def is_trusted(folder: Path) -> bool:
    """Tell whether the user trusts a folder, or one above it."""
    real = folder.resolve()
    return any(real.is_relative_to(known) for known in trusted_folders())


def trust(folder: Path) -> bool:
    """Trust a folder and all below it from now on; tell whether that is new.

    Raises OSError if it cannot be written, ValueError if a line cannot hold its name.
    """
    real = folder.resolve(strict=True)
    if "\n" in str(real):
        message = "a folder whose name has a line's end cannot be remembered"
        raise ValueError(message)
    known = trusted_folders()
    if real in known:
        return False
    _write([*known, real])
    return True


def distrust(folder: Path) -> bool:
    """Trust a folder no more; tell whether it was trusted by itself."""
    real = folder.resolve()
    known = trusted_folders()
    if real not in known:
        return False
    _write(path for path in known if path != real)
    return True


def _write(folders: Iterable[Path]) -> None:
    # Not above: most commands only read.
    from memobook.aside import write_aside

    file = trusted_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = "".join(f"{path}\n" for path in sorted(folders))
    write_aside(file, text.encode("utf-8", "surrogateescape"))
