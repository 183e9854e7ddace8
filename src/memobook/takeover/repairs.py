"""Mend in a new book what only its reading finds: links to nowhere, lost pictures, ….

What goes in: a line and a finding about it, with its place. What comes out: the line as
it can be read, what was done, and whether something was lost. Nothing is guessed: where
a finding has no such mend, it stays and is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from memobook.diagnostics import Code, Diagnostic

__all__ = ["Repair", "repaired", "without_references"]


@dataclass(frozen=True, slots=True)
class Repair:
    """A line that was mended."""

    line: str
    what: str
    is_lost: bool = True
    name: str = ""
    """Of an address that went: what refers to it is no link any more."""


def without_references(text: str, name: str) -> str:
    """Return a text in which what refers to an address by its name is plain text."""
    written = r"\s+".join(map(re.escape, name.split()))
    full = rf"\[((?:[^\[\]\\]|\\.)+)\]\[{written}\]"
    text = re.sub(full, r"\1", text, flags=re.IGNORECASE)
    short = rf"\[({written})\](?:\[\])?(?![\[(:])"
    return re.sub(short, r"\1", text, flags=re.IGNORECASE)


def repaired(line: str, found: Diagnostic) -> Repair | None:
    """Return a mended line, or None if there is no mend for the finding."""
    mend = _MENDS.get(found.code)
    made = mend(line, found) if mend else None
    return made if made and made.line != line else None


# Links and pictures


def _unlinked(line: str, found: Diagnostic) -> Repair | None:
    """Leave a link's text, or of a picture its alternative text."""
    at = found.span.column - 1
    opening = line.rfind("](", 0, at + 2)
    start = _bracket(line, opening) if opening >= 0 else -1
    end = _closing(line, opening + 1)
    if start >= 0 and end >= at:
        text, target = line[start + 1 : opening], line[opening + 2 : end]
        is_picture = start > 0 and line[start - 1] == "!"
        if is_picture:
            start -= 1
            text = f"*{text.strip()}*" if text.strip() else ""
        what = f"{'picture' if is_picture else 'link to'} {target}: {found.message}"
        return Repair(line[:start] + text + line[end + 1 :], what)
    definition = re.match(r"^ {0,3}\[([^\]]+)\]:", line)
    if definition:
        what = f"{line.strip()}: {found.message}"
        return Repair("", what, name=definition[1])
    tag = re.search(r"<(?:img|a)\b[^>]*>", line)
    if tag and tag.start() <= at < tag.end():
        return Repair(
            line[: tag.start()] + line[tag.end() :], f"{tag[0]}: {found.message}"
        )
    return None


def _bracket(line: str, closing: int) -> int:
    """Return where the bracket opens that is closed at an index; -1 if nowhere."""
    depth = 0
    for index in range(closing, -1, -1):
        if index and line[index - 1] == "\\":
            continue
        depth += {"]": 1, "[": -1}.get(line[index], 0)
        if not depth:
            return index
    return -1


def _closing(line: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(line)):
        depth += {"(": 1, ")": -1}.get(line[index], 0)
        if not depth:
            return index
    return -1


def _anchor(line: str, found: Diagnostic) -> Repair | None:
    """Lead to the chapter where it has no such heading, or to the one that is meant."""
    start = found.span.column - 1
    target = line[start : start + found.span.length]
    file, sign, fragment = target.partition("#")
    meant = re.match(r"did you mean #(.*)\?$", found.hint)
    if meant and _letters(meant[1]) == _letters(fragment):
        new = f"{file}#{meant[1]}"
        return _put(line, found, new, f"{target} is {new}", is_lost=False)
    if not sign or not file:
        return _unlinked(line, found)
    return _put(
        line,
        found,
        file,
        f"{target} leads to the chapter: {found.message}",
        is_lost=False,
    )


def _letters(text: str) -> str:
    return re.sub(r"u[0-9a-f]{4}|[\W_]", "", text.casefold())


def _put(
    line: str, found: Diagnostic, new: str, what: str, *, is_lost: bool = True
) -> Repair:
    start = found.span.column - 1
    return Repair(line[:start] + new + line[start + found.span.length :], what, is_lost)


def _reference(line: str, found: Diagnostic) -> Repair | None:
    start = found.span.column - 1
    match = re.match(r"\[((?:[^\[\]\\]|\\.)*)\]\[[^\]]*\]", line[start:])
    if not match:
        return None
    new = line[:start] + match[1] + line[start + match.end() :]
    return Repair(new, f"{match[0]}: {found.message}")


# HTML


def _untagged(line: str, found: Diagnostic) -> Repair | None:
    start = found.span.column - 1
    if line[start : start + 1] == "<":
        end = line.find(">", start)
        rest = line[end + 1 :] if end >= 0 else ""
        return Repair(line[:start] + rest, f"{line[start : end + 1]}: {found.message}")
    name = re.escape(line[start : start + found.span.length])
    pattern = re.compile(rf"\s*{name}(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>}}]*))?")
    match = pattern.search(line, max(start - 1, 0))
    if not name or not match:
        return None
    return Repair(
        line[: match.start()] + line[match.end() :],
        f"{match[0].strip()}: {found.message}",
    )


# Headings and titles


def _level(line: str, found: Diagnostic) -> Repair | None:
    wanted = re.search(r"begin (?:it|this one) with (#+)", found.hint)
    match = re.match(r"^([ >]*)#+", line)
    if not wanted or not match:
        return None
    new = match[1] + wanted[1] + line[match.end() :]
    return Repair(new, f"heading begins with {wanted[1]}", is_lost=False)


def _plain_title(line: str, found: Diagnostic) -> Repair | None:
    new = re.sub(r"!\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]", "", line)
    new = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", new)
    return Repair(new, f"{line.strip()}: {found.message}")


def _other_title(line: str, found: Diagnostic) -> Repair | None:
    name = PurePosixPath(found.span.path).stem
    what = f"{line.strip()}: {found.message}"
    return Repair(f"{line.rstrip()} ({name})", what, is_lost=False)


# Notes and signs


def _escaped(line: str, found: Diagnostic) -> Repair | None:
    start = found.span.column - 1
    if start > 0 and line[start - 1] == "\\":
        return None
    if not line[start : start + 1] or line[start] not in "[{$<":
        return None
    new = f"{line[:start]}\\{line[start:]}"
    return Repair(
        new, f"{line[start : start + 20]} is text: {found.message}", is_lost=False
    )


def _note_as_text(line: str, found: Diagnostic) -> Repair | None:
    match = re.match(r"^ {0,3}\[\^[^\]]+\]:\s*", line)
    if not match:
        return None
    what = f"{match[0].strip()} is a paragraph: {found.message}"
    return Repair(line[match.end() :], what, is_lost=False)


def _without_sign(line: str, found: Diagnostic) -> Repair | None:
    start = found.span.column - 1
    return Repair(line[:start] + line[start + 1 :], found.message)


_MENDS: Mapping[Code, Callable[[str, Diagnostic], Repair | None]] = {
    Code.LINK_TARGET_MISSING: _unlinked,
    Code.LINK_PLACEHOLDER: _unlinked,
    Code.LINK_SCHEME: _unlinked,
    Code.LINK_ANCHOR_MISSING: _anchor,
    Code.LINK_REFERENCE_UNDEFINED: _reference,
    Code.IMAGE_MISSING: _unlinked,
    Code.IMAGE_UNREADABLE: _unlinked,
    Code.RESOURCE_REMOTE: _unlinked,
    Code.FILE_OUTSIDE: _unlinked,
    Code.HTML_NOT_ALLOWED: _untagged,
    Code.HTML_UNCLOSED: _untagged,
    Code.HEADING_LEVEL_SKIPPED: _level,
    Code.HEADING_SECOND_TITLE: _level,
    Code.TITLE_NOT_PLAIN: _plain_title,
    Code.TITLE_DUPLICATE: _other_title,
    Code.NOTE_UNDEFINED: _escaped,
    Code.NOTE_NESTED: _escaped,
    Code.NOTE_UNUSED: _note_as_text,
    Code.NOTE_DUPLICATE: _note_as_text,
    Code.CHARACTER_STRAY: _without_sign,
    Code.VARIABLE_UNKNOWN: _escaped,
    Code.DIRECTIVE_UNKNOWN: _escaped,
    Code.DIRECTIVE_UNCLOSED: _escaped,
    Code.CONDITION_UNKNOWN: _escaped,
    Code.CRITIC_UNCLOSED: _escaped,
    Code.INCLUDE_MISSING: _escaped,
}
