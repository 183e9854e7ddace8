"""Programs of others that judge what memobook wrote: files in, verdicts out.

No judge is passed in silence: where one is missing or breaks, JudgeError says what
brings it. What memobook itself thinks of a book does not belong here.
"""

from tests.judges.ace import Access, Violation, check_access
from tests.judges.browser import find_browser, screenshot
from tests.judges.epubcheck import Finding, check_epub
from tests.judges.programs import JudgeError
from tests.judges.qpdf import Syntax, check_pdf
from tests.judges.verapdf import FailedRule, Verdict, validate

__all__ = [
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
