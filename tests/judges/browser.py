"""Chromium, the judge of how an EPUB's pages look: a page in, a picture out."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from memobook.checks.judges.programs import JudgeError, find_program
from memobook.design.fonts import find_faces

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The sandbox refuses root, which tests in a container are; a GPU is not there; a
# container's shared memory is too small for large pages; without the last one, the
# same glyph may differ by a sub-pixel from machine to machine.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


@cache
def find_browser() -> str:
    """Return the path of a Chromium that runs. Raises JudgeError if there is none.

    It is made to run, because Ubuntu's chromium-browser only says where to get it.
    """
    for name in NAMES:
        try:
            path = find_program(name, package="chromium")
        except JudgeError:
            continue
        if _runs(path):
            return path
    return _playwrights_own()


def _runs(path: str) -> bool:
    done = subprocess.run([path, "--version"], capture_output=True, check=False)
    return done.returncode == 0


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).is_file():
        raise JudgeError(
            "no Chromium on this machine: run `make setup-test`"
            " (on Debian: apt-get install chromium)"
        )
    return path


def screenshot(
    page: str | Path, width: int, height: int, *, target: Path, dark: bool = False
) -> Path:
    """Write a PNG of a page, as it stands in a window of so many CSS pixels.

    A path is shown without a network, as in a reader. Raises JudgeError if there is
    no Chromium, if the page does not load, or if it is XHTML that is not well formed:
    Chromium would show half of it.
    """
    with open_browser() as browser:
        try:
            view = _open(browser, page, width, height, dark=dark)
            view.screenshot(path=target)
        except Error as error:
            raise JudgeError(f"Chromium cannot show {page}: {error.message}") from None
    return target


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a Chromium that looks the same on every machine, and end it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=list(OPTIONS),
            env={**surroundings(Path(folder))},
        )
        try:
            yield browser
        finally:
            browser.close()


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a Chromium; `folder` is to live as long as it does.

    Its system font is Inter, from memobook's own packages: without any, as on a bare
    machine, Chromium loads no font of a page either, and text has no size.
    """
    return {**os.environ, "FONTCONFIG_FILE": str(_only_inter(folder))}


def _only_inter(folder: Path) -> Path:
    fonts = find_faces("Inter", folder)[0].path.parent
    target = folder / "fonts.conf"
    target.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{folder}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return target


def _open(
    browser: Browser, page: str | Path, width: int, height: int, *, dark: bool
) -> Page:
    is_file = isinstance(page, Path)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        offline=is_file,
    )
    view = context.new_page()
    view.goto(page.resolve().as_uri() if isinstance(page, Path) else page)
    if fault := view.query_selector("parsererror"):
        raise JudgeError(f"{page} is not well formed: {fault.inner_text()}")
    settle(view)
    return view


def settle(view: Page) -> None:
    """Wait until a page stands as it stays, with all of its fonts.

    `document.fonts.ready` alone is true before the first font is asked for. Raises Error
    if a font does not load.
    """
    view.evaluate(
        "Promise.all([...document.fonts].map(face => face.load()))"
        ".then(() => document.fonts.ready).then(() => true)"
    )
