"""See that the machine has what no Python package brings.

    python .ci/machine.py [--only-say] NEED...

What is missing comes through apt-get where that may be used without a question.
Elsewhere the exact command is printed, with memobook's exit code for it: 4.
Only the standard library, and nothing newer than Python 3.9: this runs first.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
LACKING = 4

# What does each system type to install?
INSTALL = {
    "apt-get": "apt-get install -y",
    "ubuntu": "apt-get install -y",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
    "apk": "apk add",
    "brew": "brew install",
    "msys2": "pacman -S --needed",
    "unknown": "install by your package manager:",
}

# Debian has one package per Python: a newer one beside python3 needs its own.
DEBIAN = {
    "venv": "python{}.{}-venv".format(*sys.version_info),
    "pango": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "java": "default-jdk-headless",
    "poppler": "poppler-utils",
    "qpdf": "qpdf",
}
UCRT = "mingw-w64-ucrt-x86_64"

# How does it call what is needed?
PACKAGES = {
    "apt-get": {**DEBIAN, "chromium": "chromium"},
    "ubuntu": {**DEBIAN, "chromium": "libatomic1"},
    "dnf": {
        "venv": "python3",
        "pango": "pango",
        "java": "java-latest-openjdk-devel",
        "chromium": "chromium",
        "poppler": "poppler-utils",
        "qpdf": "qpdf",
    },
    "pacman": {
        "venv": "python",
        "pango": "pango",
        "java": "jdk-openjdk",
        "chromium": "chromium",
        "poppler": "poppler",
        "qpdf": "qpdf",
    },
    "apk": {
        "venv": "python3",
        "pango": "pango harfbuzz-subset",
        "java": "openjdk21-jdk",
        "chromium": "chromium",
        "poppler": "poppler-utils",
        "qpdf": "qpdf",
    },
    "brew": {
        "venv": "python3",
        "pango": "pango",
        "java": "temurin",
        "chromium": "google-chrome",
        "poppler": "poppler",
        "qpdf": "qpdf",
    },
    "msys2": {
        "pango": f"{UCRT}-pango",
        "poppler": f"{UCRT}-poppler",
        "qpdf": f"{UCRT}-qpdf",
    },
    "unknown": {
        "venv": "Python's venv and ensurepip,",
        "pango": "Pango with HarfBuzz's subsetter,",
        "java": "a JDK,",
        "chromium": "Chromium,",
        "poppler": "Poppler's tools,",
        "qpdf": "qpdf",
    },
}

# What else must be run? Ubuntu's chromium is a snap, which neither a container nor
# Playwright can start; Playwright's own installer needs libatomic.
FURTHER = {
    "ubuntu": {
        "chromium": ".venv/bin/playwright install --with-deps chromium",
    },
    "msys2": {
        "venv": "winget install Python.Python.3.13",
        "java": "winget install EclipseAdoptium.Temurin.21.JDK",
        "chromium": "winget install Google.Chrome",
    },
}

# What does WeasyPrint load? HarfBuzz's subsetter is optional for WeasyPrint, not for
# memobook: without it the same book gets other bytes.
PANGO = {
    "linux": (
        "libpango-1.0.so.0",
        "libpangoft2-1.0.so.0",
        "libharfbuzz-subset.so.0",
    ),
    "darwin": (
        "libpango-1.0.0.dylib",
        "libpangoft2-1.0.0.dylib",
        "libharfbuzz-subset.0.dylib",
    ),
    "win32": (
        "libpango-1.0-0.dll",
        "libpangoft2-1.0-0.dll",
        "libharfbuzz-subset-0.dll",
    ),
}
# Where do Homebrew and MSYS2 put it without a word to Python?
HOMEBREW = (Path("/opt/homebrew/lib"), Path("/usr/local/lib"))
MSYS2 = "C:\\msys64\\ucrt64\\bin"

# Each is made to run, not looked for: macOS's javac and Ubuntu's chromium-browser
# are there and do nothing.
TRIALS: dict[str, tuple[tuple[str, ...], ...]] = {
    "java": (("java", "-version"), ("javac", "-version")),
    "poppler": (("pdftoppm", "-v"),),
    "qpdf": (("qpdf", "--version"),),
    "chromium": (
        (sys.executable, "-c", "from tests.judges import find_browser as f; f()"),
    ),
}


def say(text: str) -> None:
    """Tell the user; standard output belongs to the command that runs next."""
    sys.stderr.write(f"memobook: {text}\n")


def run(*command: str) -> bool:
    """Run a command without questions; its output is for failures."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
    return done.returncode == 0


def present(need: str) -> bool:
    """Say whether the machine can do what is needed."""
    if need == "venv":
        return importlib.util.find_spec("ensurepip") is not None
    if need == "pango":
        return loads_pango()
    return all(works(command) for command in TRIALS[need])


def works(command: Sequence[str]) -> bool:
    """Say whether a command is there and runs."""
    program = shutil.which(command[0])
    if program is None:
        return False
    done = subprocess.run(
        (program, *command[1:]),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return done.returncode == 0


def loads_pango() -> bool:
    """Load what WeasyPrint loads, 50 times faster than by importing WeasyPrint."""
    if sys.platform == "win32":
        with suppress(OSError):
            os.add_dll_directory(MSYS2)
    names = PANGO.get(sys.platform, PANGO["linux"])
    folders = HOMEBREW if sys.platform == "darwin" else ()
    return all(
        any(loads(str(path)) for path in (name, *(folder / name for folder in folders)))
        for name in names
    )


def loads(library: str) -> bool:
    """Say whether this Python can load a library: not one for another processor."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def system() -> str:
    """Return the key of this system in INSTALL."""
    if sys.platform == "darwin":
        return "brew"
    if os.name == "nt" or platform.system().startswith(("MINGW", "MSYS")):
        return "msys2"
    for manager in ("apt-get", "dnf", "pacman", "apk", "brew"):
        if shutil.which(manager):
            return "ubuntu" if manager == "apt-get" and is_ubuntu() else manager
    return "unknown"


def is_ubuntu() -> bool:
    """Say whether this is Ubuntu itself; its children have packages of their own."""
    release = Path("/etc/os-release")
    return release.is_file() and "ID=ubuntu" in release.read_text("utf-8").splitlines()


def commands(system: str, needs: Sequence[str]) -> list[str]:
    """Return the lines that bring the needs to a system."""
    packages = [PACKAGES[system][n] for n in needs if n in PACKAGES[system]]
    further = FURTHER.get(system, {})
    lines = [" ".join((INSTALL[system], *packages)).rstrip(",")] if packages else []
    return lines + [further[n] for n in needs if n in further]


def privilege() -> tuple[str, ...] | None:
    """Return what goes before a command of root's; None without a way to root."""
    if os.name == "nt":
        return None
    if os.geteuid() == 0:
        return ()
    return ("sudo", "-n") if works(("sudo", "-n", "true")) else None


def install(system: str, needs: Sequence[str], root: tuple[str, ...]) -> None:
    """Install the needs by apt-get and, on Ubuntu, Playwright's own installer."""
    # Old lists name packages that are gone, hence the update. It may fail for a
    # source that does not matter here, hence no look at its answer.
    apt_get = (*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    run(*apt_get, "update")
    patience = ("-o", "DPkg::Lock::Timeout=300", "--no-install-recommends")
    for line in commands(system, needs):
        say(line)
        before = (*apt_get, *patience) if line.startswith("apt-get ") else ()
        if not run(*before, *line.removeprefix("apt-get ").split()):
            return


def advise(needs: Sequence[str]) -> None:
    """Print what the machine lacks and the lines that bring it."""
    here = system()
    root = here not in {"brew", "msys2", "unknown"} and os.geteuid() != 0
    sudo = "sudo " if root else ""
    say(f"this machine lacks {', '.join(needs)}. This brings it:")
    for line in commands(here, needs):
        if line.startswith("apt-get "):
            # A container's image comes without lists of packages.
            sys.stderr.write(f"    {sudo}apt-get update\n")
        before = sudo if line.startswith(INSTALL[here]) else ""
        sys.stderr.write(f"    {before}{line}\n")
    if list(needs) == ["pango"]:
        say("only the PDF needs it. Without: .venv/bin/memobook build --format epub")


def main(needs: list[str]) -> int:
    """Check the needs, install what is missing, check again."""
    may_install = "--only-say" not in needs
    lacking = [n for n in needs if n != "--only-say" and not present(n)]
    if not lacking:
        return 0
    here = system()
    root = privilege() if here in {"apt-get", "ubuntu"} else None
    if may_install and root is not None:
        install(here, lacking, root)
        # In a new process: this one has already looked for libraries and modules.
        again = (sys.executable, __file__, "--only-say", *lacking)
        return subprocess.run(again).returncode
    advise(lacking)
    return LACKING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
