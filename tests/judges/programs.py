"""Find and run the judges' programs; the only module here that starts a process."""

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Faster for programs that live for some seconds: no second compiler, no second
# thread for garbage. The language fixes the messages, which tests may quote.
JAVA_OPTIONS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Duser.language=en",
    "-Dfile.encoding=UTF-8",
)


class JudgeError(Exception):
    """A judge could not judge; the message says what to type."""


def find_program(*names: str, package: str) -> str:
    """Return the path of the first program that is there.

    Raises JudgeError, which names Debian's package.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    raise JudgeError(
        f"no {' or '.join(names)} on this machine: run `make setup-test`"
        f" (on Debian: apt-get install {package})"
    )


def find_in_package(package: str, *parts: str) -> Path:
    """Return a file of a Python package without importing the package.

    Raises JudgeError if the package or the file is missing.
    """
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent.joinpath(*parts)
        if path.is_file():
            return path
    raise JudgeError(
        f"no {'/'.join((package, *parts))} in this Python: run `make setup-test`"
    )


def run(
    command: Sequence[str | Path], *, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, `text` on its input, whatever its exit code."""
    return subprocess.run(
        [str(part) for part in command],
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def java(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run Java with options for short-lived programs."""
    program = find_program("java", package="default-jdk-headless")
    return run([program, *JAVA_OPTIONS, *arguments], text=text)
