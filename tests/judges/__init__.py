"""Programs of others that judge what memobook wrote: files in, verdicts out.

No judge is passed in silence: where one is missing or breaks, JudgeError says what
brings it. What memobook itself thinks of a book does not belong here.
"""

from memobook.checks.judges.epubcheck import Finding, check_epub
from memobook.checks.judges.programs import JudgeError
from memobook.checks.judges.verapdf import FailedRule, Verdict, validate
from tests.judges.browser import find_browser, screenshot
from tests.judges.qpdf import Syntax, check_pdf

__all__ = [
    "FailedRule",
    "Finding",
    "JudgeError",
    "Syntax",
    "Verdict",
    "check_epub",
    "check_pdf",
    "find_browser",
    "screenshot",
    "validate",
]
