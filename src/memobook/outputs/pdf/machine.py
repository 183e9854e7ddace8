"""Say which Pango is on this system, and how it is installed, by a quick look."""

from __future__ import annotations

import ctypes
import platform
import shutil

__all__ = ["harfbuzz_version", "pango_hint", "pango_version"]

_PANGO = ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll")
_HARFBUZZ = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")

# Which command installs Pango where this package manager is found?
# https://doc.courtbouillon.org/weasyprint/stable/first_steps.html#installation
_COMMANDS = (
    (
        "apt-get",
        "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    ),
    ("dnf", "sudo dnf install pango"),
    ("apk", "sudo apk add pango fontconfig"),
    ("pacman", "sudo pacman -S pango"),
    ("zypper", "sudo zypper install pango"),
    ("brew", "brew install pango"),
)
_MSYS2 = "pacman -S mingw-w64-ucrt-x86_64-pango"
_MAC_PATH = "export DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib"


def pango_hint() -> str:
    """Return the exact command that installs Pango here."""
    if platform.system() == "Windows":
        return f"install MSYS2 (https://www.msys2.org) and run in its shell: {_MSYS2}"
    found = next((c for tool, c in _COMMANDS if shutil.which(tool)), "")
    if platform.system() == "Darwin":
        # Pythons that are not Homebrew's do not look into its folder.
        return f"{found or 'brew install pango'}, then {_MAC_PATH}"
    return found or "install the package pango with your system's package manager"


def pango_version() -> int:
    """Return Pango's version, asked of the library: importing WeasyPrint is slow.

    0 where the library is not found under its usual name.
    """
    for name in _PANGO:
        try:
            return int(ctypes.CDLL(name).pango_version())
        except (OSError, AttributeError):
            continue
    return 0


def harfbuzz_version() -> str:
    """Return the version of the HarfBuzz that Pango uses; empty as above."""
    for name in _HARFBUZZ:
        try:
            said = ctypes.CDLL(name).hb_version_string
        except (OSError, AttributeError):
            continue
        said.restype = ctypes.c_char_p
        return bytes(said()).decode("ascii")
    return ""
