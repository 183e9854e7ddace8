"""Programs of others that judge what memobook wrote: files in, verdicts out.

No judge is passed in silence: where one is missing or breaks, JudgeError says what
brings it. EPUBCheck, veraPDF and Ace run as `memobook check` runs them. What memobook
itself thinks of a book does not belong here.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from memobook.checks.judges.ace import Access, Violation
from memobook.checks.judges.ace import check_access as check_access_by
from memobook.checks.judges.epubcheck import Finding, check_epub
from memobook.checks.judges.programs import JudgeError
from memobook.checks.judges.verapdf import FailedRule, Verdict, validate
from tests.judges.browser import find_browser, screenshot, surroundings
from tests.judges.qpdf import Syntax, check_pdf

__all__ = [
    "ACE",
    "Access",
    "FailedRule",
    "Finding",
    "JudgeError",
    "Syntax",
    "Verdict",
    "Violation",
    "check_access",
    "check_epub",
    "check_pdf",
    "find_browser",
    "screenshot",
    "validate",
]

ACE = Path(__file__).parent / "ace"
"""Where `make setup-test` puts Ace."""


def check_access(path: Path) -> Access:
    """Judge an EPUB by that Ace. Raises JudgeError if it or Chromium is missing."""
    # Ace's Chromium, too, may end by itself where there is no font at all.
    with (
        TemporaryDirectory() as folder,
        patch.dict(os.environ, surroundings(Path(folder))),
    ):
        return check_access_by(path, folder=ACE, browser=find_browser())
