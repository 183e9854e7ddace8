"""Say how Pango is installed on this system, without importing anything heavy."""

from __future__ import annotations

import platform
import shutil

__all__ = ["pango_hint"]

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
