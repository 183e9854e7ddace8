"""What all tests share: the option that rewrites expected files."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness import (  # noqa: F401 (fixtures, which pytest finds by their name)
    example,
    hard,
    scaffold,
    shared,
    shared_cache,
)

# The suite says the same of the same code, on a slow machine, too.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected files; read their diff before it is committed",
    )


_OWN = pytest.StashKey[Path]()
"""The folder of what memobook keeps of its user."""


def pytest_configure(config: pytest.Config) -> None:
    # What the user of this machine trusts is no matter of the suite, nor is it written.
    own = Path(tempfile.mkdtemp(prefix="memobook-tests-"))
    config.stash[_OWN] = own
    os.environ.update(
        XDG_CONFIG_HOME=str(own / "config"), XDG_CACHE_HOME=str(own / "cache")
    )
    # A shell's background jobs ignore Ctrl-C, and hand that on to all that they start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_OWN], ignore_errors=True)


class Golden:
    """Compares a text with a file, or rewrites the file."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def check(self, actual: str, path: Path) -> None:
        if self.update:
            path.write_text(actual, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == actual


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(request.config.getoption("--update-golden"))
