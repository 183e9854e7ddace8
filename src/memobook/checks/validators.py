"""Let the validators of others judge the finished files, and say where they point.

What goes in: the files' paths and how to find a place. What comes out: for each
validator its version, its verdict and diagnostics with the place in the Markdown. A
validator that is missing has no verdict: it is named with the command that installs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from memobook.checks.judges.ace import (
    Violation,
    ace_version,
    check_accessibility,
)
from memobook.checks.judges.epubcheck import Finding, check_epub, epubcheck_version
from memobook.checks.judges.programs import JudgeError, MissingError
from memobook.checks.judges.verapdf import FailedRule, validate, verapdf_version
from memobook.checks.landmarks import Landmarks
from memobook.diagnostics import Code, Diagnostic, Severity, Span

__all__ = ["VALIDATORS", "Job", "Verdict", "jobs_for", "judged"]

VALIDATORS = {"epubcheck": "EPUBCheck", "ace": "Ace by DAISY", "verapdf": "veraPDF"}
"""What the command line calls each, and what it calls itself."""

# What does each one judge?
JUDGES_OF = {"epub": ("epubcheck", "ace"), "pdf": ("verapdf",)}

# Which standards does veraPDF call how?
STANDARDS = {
    "ua1": "PDF/UA-1",
    "ua2": "PDF/UA-2",
    **{f"{n}{c}": f"PDF/A-{n}{c}" for n in "123" for c in "abu"},
    "4": "PDF/A-4",
    "4e": "PDF/A-4e",
    "4f": "PDF/A-4f",
}
_VERSIONS: Mapping[str, Callable[[], str]] = {
    "epubcheck": epubcheck_version,
    "ace": ace_version,
    "verapdf": verapdf_version,
}
_LONGEST = 200
"""Characters of a validator's message: EPUBCheck lists every value that is allowed."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file for a validator."""

    validator: str
    path: Path
    span: Span
    """The file, for what has no place in the sources."""
    standard: str = ""
    """What a PDF is to be, as veraPDF calls it."""

    @property
    def subject(self) -> str:
        """What is judged, and as what."""
        name = self.path.name
        return f"{name} as {STANDARDS[self.standard]}" if self.standard else name


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a job."""

    job: Job
    version: str
    """Empty if the validator is not installed."""
    found: tuple[Diagnostic, ...]

    @property
    def result(self) -> str:
        """The verdict in a word or two."""
        codes = {d.code for d in self.found}
        if Code.VALIDATOR_MISSING in codes:
            return "not installed"
        if Code.VALIDATOR_FAILED in codes:
            return "no verdict"
        return "failed" if self.found else "passed"


def jobs_for(
    path: Path, span: Span, standards: Iterable[str] = (), epub: bool = False
) -> Iterator[Job]:
    """Yield what is to be judged of a file: an EPUB, or a PDF of some standards."""
    if epub:
        yield from (Job(name, path, span) for name in JUDGES_OF["epub"])
    else:
        yield from (Job("verapdf", path, span, s) for s in standards)


def judged(
    jobs: Iterable[Job],
    landmarks: Landmarks,
    required: frozenset[str],
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Verdict, ...]:
    """Let all validators judge at once; return their verdicts in the jobs' order.

    Each is a program of its own, so that threads are enough.
    """
    wanted = tuple(jobs)
    done: dict[Job, Verdict] = {}
    with ThreadPoolExecutor(max_workers=max(len(wanted), 1)) as pool:
        futures = {
            pool.submit(_judged, job, landmarks, required): job for job in wanted
        }
        waiting = {VALIDATORS[job.validator] for job in wanted}
        for future in as_completed(futures):
            job = futures[future]
            done[job] = future.result()
            rest = {VALIDATORS[j.validator] for j in wanted if j not in done}
            waiting &= rest
            progress(", ".join(sorted(waiting)))
    return tuple(done[job] for job in wanted)


def _judged(job: Job, landmarks: Landmarks, required: frozenset[str]) -> Verdict:
    name = VALIDATORS[job.validator]
    try:
        found = tuple(_JUDGES[job.validator](job, landmarks))
    except MissingError as error:
        is_required = job.validator in required
        severity = Severity.ERROR if is_required else Severity.INFO
        message = f"{job.path.name} was not judged, as {name} is not installed"
        hint = f"type: {error.command}"
        missing = Diagnostic(job.span, severity, Code.VALIDATOR_MISSING, message, hint)
        return Verdict(job, "", (missing,))
    except JudgeError as error:
        message = f"no verdict of {name}: {_short(str(error))}"
        failed = Diagnostic(job.span, Severity.ERROR, Code.VALIDATOR_FAILED, message)
        return Verdict(job, _VERSIONS[job.validator](), (failed,))
    return Verdict(job, _VERSIONS[job.validator](), tuple(dict.fromkeys(found)))


def _short(message: str) -> str:
    """Return a message in one line, in lower case and without a full stop."""
    text = " ".join(message.split()).rstrip(".: ")
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
    is_name = not text[1:2].islower()
    return text if is_name else text[:1].lower() + text[1:]


# One by one


def _epubcheck(job: Job, landmarks: Landmarks) -> Iterator[Diagnostic]:
    for finding in check_epub(job.path):
        if finding.severity == "INFO":
            continue
        severity = Severity.ERROR
        if finding.severity == "WARNING":
            severity = Severity.WARNING
        yield Diagnostic(
            span=_place_of_finding(finding, job, landmarks),
            severity=severity,
            code=Code.EPUB_INVALID,
            message=f"{finding.code} (EPUBCheck): {_short(finding.message)}",
            hint="see https://www.w3.org/publishing/epubcheck/docs/messages/",
        )


def _place_of_finding(finding: Finding, job: Job, landmarks: Landmarks) -> Span:
    stem = PurePosixPath(finding.path).stem
    place = landmarks.in_page(stem, finding.line, finding.column)
    return place or job.span


# What of Ace's impacts keeps somebody from reading?
_GRAVE = frozenset(["critical", "serious"])


def _ace(job: Job, landmarks: Landmarks) -> Iterator[Diagnostic]:
    for violation in check_accessibility(job.path):
        is_grave = violation.impact in _GRAVE
        yield Diagnostic(
            span=_place_of_violation(violation, job, landmarks),
            severity=Severity.ERROR if is_grave else Severity.WARNING,
            code=Code.EPUB_INACCESSIBLE,
            message=(
                f"{violation.rule} (Ace, {violation.impact}):"
                f" {_short(violation.message)}"
            ),
            hint="see http://kb.daisy.org/publishing/",
        )


def _place_of_violation(violation: Violation, job: Job, landmarks: Landmarks) -> Span:
    stem = PurePosixPath(violation.path).stem
    place = landmarks.of_markup(stem, violation.markup, violation.anchor)
    return place or job.span


def _verapdf(job: Job, landmarks: Landmarks) -> Iterator[Diagnostic]:
    (verdict,) = validate([job.path], job.standard)
    for rule in verdict.failed:
        yield Diagnostic(
            span=landmarks.in_pdf(rule.place) or job.span,
            severity=Severity.ERROR,
            code=Code.PDF_INVALID,
            message=f"{rule.rule} (veraPDF, {STANDARDS[job.standard]}): {_rule(rule)}",
            hint="see https://github.com/veraPDF/veraPDF-validation-profiles/wiki",
        )


def _rule(rule: FailedRule) -> str:
    times = f" ({rule.count} times)" if rule.count > 1 else ""
    return _short(rule.error or rule.message) + times


_JUDGES: Mapping[str, Callable[[Job, Landmarks], Iterator[Diagnostic]]] = {
    "epubcheck": _epubcheck,
    "ace": _ace,
    "verapdf": _verapdf,
}
