"""Read a library of BibTeX. The only module that knows pybtex.

What goes in: a text. What comes out: works in the terms of CSL-JSON, each with the
place of its entry. TeX is read as the characters that it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from memobook.diagnostics import Code, Reporter, Span

__all__ = ["bibtex_works"]

# What does CSL call BibTeX's kinds of works, and biblatex's?
# https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "mvbook": "book",
    "online": "webpage",
    "periodical": "periodical",
    "phdthesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "www": "webpage",
}
_FIELDS = {
    "abstract": "abstract",
    "address": "publisher-place",
    "booktitle": "container-title",
    "chapter": "chapter-number",
    "doi": "DOI",
    "edition": "edition",
    "howpublished": "medium",
    "institution": "publisher",
    "isbn": "ISBN",
    "issn": "ISSN",
    "issue": "issue",
    "journal": "container-title",
    "journaltitle": "container-title",
    "location": "publisher-place",
    "note": "note",
    "organization": "publisher",
    "pages": "page",
    "publisher": "publisher",
    "school": "publisher",
    "series": "collection-title",
    "type": "genre",
    "url": "URL",
    "volume": "volume",
}
"""BibTeX's name of a field -> CSL's; title, number and dates are read apart."""
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TYPE = re.compile(
    r"\\(?:emph|mbox|text(?:it|bf|sc|sf|tt|rm|sl|up|normal|quotesingle)|"
    r"(?:it|bf|sc|em|rm)(?:series|shape)?)\b\s*"
)
_VERBATIM = frozenset(["doi", "url"])


def bibtex_works(
    text: str, path: str, reporter: Reporter
) -> Iterator[tuple[dict[str, Any], Span]]:
    """Yield works and places. Raises ImportError if pybtex is not installed."""
    from pybtex.database import BibliographyDataError, parse_string
    from pybtex.scanner import PybtexSyntaxError, TokenRequired

    try:
        found = parse_string(text, "bibtex")
    except (PybtexSyntaxError, TokenRequired) as error:
        span = Span(path, getattr(error, "lineno", 0) or 0)
        said = str(error).partition(": ")[2] or str(error)
        message = f"the library is no BibTeX: {said.lower()}"
        reporter.error(Code.LIBRARY_BROKEN, span, message, "look for a missing brace")
        return
    except BibliographyDataError as error:
        message = f"the library cannot be used: {error}"
        hint = "give one of two works another key"
        reporter.error(Code.LIBRARY_BROKEN, Span(path), message, hint)
        return
    for key, entry in found.entries.items():
        yield _work(key, entry), _span(text, path, key)


def _span(text: str, path: str, key: str) -> Span:
    match = re.search(rf"@\w+\s*[{{(]\s*({re.escape(key)})\s*,", text, re.IGNORECASE)
    if match is None:
        return Span(path)
    line = text.count("\n", 0, match.start(1)) + 1
    column = match.start(1) - text.rfind("\n", 0, match.start(1))
    return Span(path, line, column, len(key))


def _work(key: str, entry: Any) -> dict[str, Any]:  # noqa: ANN401 (pybtex has no types)
    fields = {n.lower(): _plain(n.lower(), v) for n, v in entry.fields.items()}
    kind = _TYPES.get(entry.type.lower(), "document")
    work: dict[str, Any] = {"id": key, "type": kind}
    for name, value in fields.items():
        if name in _FIELDS and value:
            work.setdefault(_FIELDS[name], value)
    if title := fields.get("title"):
        work["title"] = f"{title}: {s}" if (s := fields.get("subtitle")) else title
    if number := fields.get("number"):
        work["issue" if kind == "article-journal" else "number"] = number
    if issued := _date(fields):
        work["issued"] = issued
    if accessed := _parts(fields.get("urldate", "")):
        work["accessed"] = accessed
    for role, people in entry.persons.items():
        if role.lower() in {"author", "editor", "translator"}:
            work[role.lower()] = [_name(person) for person in people]
    if "page" in work:
        work["page"] = work["page"].replace("--", "–")
    return work


def _plain(name: str, value: str) -> str:
    """Return a field's text without its TeX."""
    if name in _VERBATIM:
        return value.replace("\\", "")
    from pybtex.richtext import Text
    from pybtex.scanner import PybtexSyntaxError

    # It knows TeX's letters, and none of the commands that change the type.
    bare = _TYPE.sub("", value)
    try:
        return " ".join(str(Text.from_latex(bare)).split())
    except (PybtexSyntaxError, ValueError):
        return " ".join(value.replace("{", "").replace("}", "").split())


def _date(fields: Mapping[str, str]) -> dict[str, Any] | None:
    if found := _parts(fields.get("date", "")):
        return found
    year = re.search(r"\d{4}", fields.get("year", ""))
    if year is None:
        said = fields.get("year", "")
        return {"literal": said} if said else None
    month = fields.get("month", "").strip().lower()
    number = int(month) if month.isdecimal() else 0
    if month[:3] in _MONTHS:
        number = _MONTHS.index(month[:3]) + 1
    return {"date-parts": [[int(year[0]), *([number] if number else [])]]}


def _parts(date: str) -> dict[str, Any] | None:
    """Return a date such as 2020-05-01, or 2020/2021, in CSL's terms."""
    ends = [[int(n) for n in re.findall(r"\d+", end)[:3]] for end in date.split("/")]
    found = [end for end in ends if end]
    return {"date-parts": found} if found else None


def _name(person: Any) -> dict[str, str]:  # noqa: ANN401
    """Return a person; one without a first name is an institution."""
    first = _joined(person.first_names + person.middle_names)
    last = _joined(person.prelast_names + person.last_names)
    if not first:
        return {"literal": last}
    name = {"family": last, "given": first}
    if person.lineage_names:
        name["suffix"] = _joined(person.lineage_names)
    return name


def _joined(names: list[str]) -> str:
    return " ".join(_plain("name", name) for name in names)
