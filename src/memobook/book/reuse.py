"""Put in what a text takes from elsewhere, before anything of it is read as Markdown.

What goes in: a memo's text, the variables, the output and profile that it is made for,
and a way to read a file. What comes out: a source with variables, includes and the text
that the conditions leave, and with critic marks settled. Each of its lines knows in
which file, line and column it was written, so that a finding names that place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from memobook.book.conditions import OUTPUTS, is_never, parted
from memobook.book.critic import TOKENS, Critic, Mode
from memobook.book.csvtables import is_table, table_lines
from memobook.book.model import Origin, Source
from memobook.book.regions import ALONE, IN_CODE, regions
from memobook.book.tokens import written
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import split_block

__all__ = ["Expanded", "Reuse", "expand"]


@dataclass(frozen=True, slots=True)
class Reuse:
    """What texts may take, and what they are made for."""

    output: str
    variables: Mapping[str, str] = field(default_factory=dict)
    profiles: Mapping[str, bool] = field(default_factory=dict)
    """Name of every profile of the book -> whether it is wanted."""
    critic: Mode = Mode.ACCEPT
    read: Callable[[str, str, Span, Reporter], tuple[str, str] | None] = (
        lambda _path, _base, _span, _reporter: None
    )
    """Path as written, path of the file that asks, place -> path and text."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A memo's source with everything in it."""

    source: Source
    included: frozenset[str] = frozenset()
    """Paths of the files that it took in."""
    has_output: bool = False
    """Whether it asks for the output, so that another one may have another text."""


_NAME = re.compile(r"[A-Za-z][\w.-]*")
_BLOCK = re.compile(r"(?:if|else|end|region|include)(?: |$)")
_DEEPEST, _MOST, _EACH = 20, 8_000_000, 1_000  # files, characters; beside, of each file


def expand(path: str, text: str, reuse: Reuse, reporter: Reporter) -> Expanded:
    """Return a memo's source with all that it takes; a plain text stays as it is."""
    if "{{ " not in text and not any(token in text for token in TOKENS):
        return Expanded(Source(path, text))
    work = _Work(reuse, reporter)
    work.take(path, text, range(text.count("\n") + 1))
    lines, origins = work.lines()
    source = Source(path, "\n".join(lines), origins)
    return Expanded(source, frozenset(work.included), work.has_output)


@dataclass(slots=True)
class _Frame:
    """Something that is open: a condition, a region or a critic mark."""

    kind: str
    span: Span
    shows: bool = True


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    place: Span
    """With a length if the text stands for what is written there."""


@dataclass(slots=True)
class _Work:
    """The expansion of one memo."""

    reuse: Reuse
    reporter: Reporter
    out: list[_Piece] = field(default_factory=list)
    included: set[str] = field(default_factory=set)
    taken: int = 0
    has_output: bool = False
    chain: list[str] = field(default_factory=list)
    """Files that are being taken in, the memo first."""
    indents: list[str] = field(default_factory=list)

    def lines(self) -> tuple[list[str], tuple[tuple[Origin, ...], ...]]:
        """Return the text's lines, and where each was written."""
        texts: list[list[str]] = [[]]
        origins: list[list[Origin]] = [[]]
        for piece in self.out:
            # A table or a value has several lines.
            for number, part in enumerate(piece.text.split("\n")):
                if number:
                    origins[-1] = origins[-1] or [Origin(1, piece.place)]
                    texts.append([])
                    origins.append([])
                if part or not number:
                    column = sum(map(len, texts[-1])) + 1
                    origins[-1].append(Origin(column, piece.place))
                    texts[-1].append(part)
        if not origins[-1]:
            origins[-1].append(Origin(1, Span(self.chain[0] if self.chain else "")))
        return ["".join(line) for line in texts], tuple(map(tuple, origins))

    def take(self, path: str, text: str, rows: range, *, is_code: bool = False) -> None:
        """Take in lines of a file, counted from 0; of code nothing is obeyed."""
        self.chain.append(path)
        _Lines(self, path, text, rows.stop - 1, is_code).take(rows)
        if len(self.chain) > 1:
            self.chain.pop()

    def emit(self, text: str, place: Span) -> None:
        """Add a text that was written, or that stands for what was written, there."""
        if text:
            self.out.append(_Piece(text, place))


@dataclass(slots=True)
class _Lines:
    """The lines of one file on their way into a memo."""

    work: _Work
    path: str
    text: str
    last: int
    """The index of the last line that is taken: its line end is another's."""
    is_code: bool
    """Whether it is taken into code, so that only the lines of its regions go."""
    frames: list[_Frame] = field(default_factory=list)
    pauses: bool = False
    """Whether a shown change was closed at a paragraph's end, to go on below."""

    def take(self, rows: range) -> None:
        """Take lines in, and report what is still open behind the last one."""
        file = written(self.path, self.text, rows, is_code=self.is_code)
        unclosed = tuple(file.unclosed())
        critic = Critic(self.work.reuse.critic, frozenset(s for _, s in unclosed))
        for row in rows:
            line = file.lines[row]
            in_code = row not in file.plain
            found = (IN_CODE if in_code else ALONE).match(line)
            if found and _BLOCK.match(found[1]):
                span = self._span(row, found.start(1) - 3, found.end(1) + 3)
                self._block(found[1], span, line, row, in_code=in_code)
                continue
            if not critic.hides:
                self._indent(row, line)
            if in_code:
                self._verbatim(row, line, 0, len(line))
            else:
                critic.begin(line, in_block=row < file.skip)
                self._inline(row, line, file.tokens(row), critic)
            if not critic.hides:
                self._line_end(row, len(line))
        for frame in self.frames:
            if frame.kind in {"if", "else", "region"}:
                message = f"{{{{ {frame.kind} … }}}} is not closed"
                hint = "write {{ end }} on a line below it"
                self._report(Code.DIRECTIVE_UNCLOSED, frame.span, message, hint)
        for opened, span in unclosed:
            message = f"the mark {opened} is not closed"
            hint = f"close it, or write \\{opened} if it is meant as text"
            self._report(Code.CRITIC_UNCLOSED, span, message, hint)

    # What a line holds

    def _block(
        self, words: str, span: Span, line: str, row: int, *, in_code: bool
    ) -> None:
        """Obey a directive that has its line for itself, which goes with it."""
        name, _, rest = words.partition(" ")
        if name == "include":
            indent = line[: len(line) - len(line.lstrip())]
            before = len(self.work.out)
            self.work.indents.append(indent)
            self._include(rest.strip(), span, is_code=in_code)
            self.work.indents.pop()
            if len(self.work.out) > before:
                self._line_end(row, len(line))
            return
        self._frame(name, rest.strip(), span)

    def _frame(self, name: str, rest: str, span: Span) -> None:
        if name in {"if", "region"}:
            shows = name == "region" or self._holds(rest, span)
            self.frames.append(_Frame(name, span, shows))
        elif not self.frames:
            message = f"{{{{ {name} }}}} ends nothing"
            hint = "take it out, or write {{ if … }} above it"
            self._report(Code.DIRECTIVE_UNCLOSED, span, message, hint)
        elif name == "end":
            self.frames.pop()
        else:
            last = self.frames[-1]
            self.frames[-1] = _Frame("else", span, not last.shows)

    def _inline(
        self, row: int, line: str, tokens: Iterable[re.Match[str]], critic: Critic
    ) -> None:
        at = self._go_on(row, line, critic)
        for found in tokens:
            start, end = found.span()
            if start < at:
                continue
            span = self._span(row, start, end)
            if found[1] is None:
                was_hidden = critic.hides
                put = critic.take(found[0], span)
                if put is None:
                    continue
                if not was_hidden:
                    self._verbatim(row, line, at, start)
                self._put(put, span)
            else:
                self._verbatim(row, line, at, start, critic)
                if not critic.hides:
                    self._directive(found[1], span)
            at = end
        self._verbatim(row, line, at, len(line), critic)

    def _go_on(self, row: int, line: str, critic: Critic) -> int:
        """Close what shows changes at a paragraph's end and open it in the next one.

        Return how much of the line has been taken then: the mark of its block.
        """
        if not critic.open or not self._shows():
            self.pauses = self.pauses and bool(critic.open)
            return 0
        if not line.strip():
            if not self.pauses and self.work.out:
                end = self.work.out.pop()
                self._put(critic.closing, end.place)
                self.work.out.append(end)
            self.pauses = True
            return 0
        if not self.pauses:
            return 0
        self.pauses = False
        start = critic.text_start(line)
        self._verbatim(row, line, 0, start, critic)
        self._put(critic.opening, self._span(row, start, start + 1))
        return start

    def _put(self, text: str, span: Span) -> None:
        if self._shows():
            self.work.emit(text, span)

    def _directive(self, words: str, span: Span) -> None:
        name, _, rest = words.partition(" ")
        if _BLOCK.match(words):
            if name == "include":
                self._include(rest.strip(), span)
            else:
                self._frame(name, rest.strip(), span)
        elif not _NAME.fullmatch(words):
            message = f"{{{{ {words} }}}} is nothing that memobook knows"
            hint = "write \\{{ if the braces are meant as text"
            self._report(Code.DIRECTIVE_UNKNOWN, span, message, hint)
        elif self._shows():
            self._variable(words, span)

    def _variable(self, name: str, span: Span) -> None:
        known = self.work.reuse.variables
        if name in known:
            self.work.emit(known[name], span)
            return
        near = get_close_matches(name, known, n=1)
        hint = f'write `{name} = "…"` under [variables] in book.toml'
        hint = f"did you mean {near[0]}?" if near else hint
        message = f"there is no variable {name}"
        self._report(Code.VARIABLE_UNKNOWN, span, message, hint)

    # Conditions

    def _holds(self, condition: str, span: Span) -> bool:
        """Tell whether a condition is true: words with not, and, or between them."""
        choices = parted(condition)
        if is_never(choices):
            message = f"no output is {condition}: what stands here is in none"
            hint = "write or for and, or take the text out"
            self._report(Code.CONDITION_UNKNOWN, span, message, hint)
        # All words are looked at, so that each unknown one is told.
        found = [[self._is_true(word, span) for word in words] for words in choices]
        return any(all(terms) for terms in found)

    def _is_true(self, word: str, span: Span) -> bool:
        bare = word.removeprefix("not ").strip()
        reuse = self.work.reuse
        if bare in OUTPUTS:
            self.work.has_output = True
            holds = bare == reuse.output
        elif bare in reuse.profiles:
            holds = reuse.profiles[bare]
        else:
            known = (*OUTPUTS, *reuse.profiles)
            near = get_close_matches(bare, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            message = f"there is no output and no profile {bare or '…'}"
            self._report(Code.CONDITION_UNKNOWN, span, message, hint)
            return False
        return holds != (bare != word)

    # Includes

    def _include(self, target: str, span: Span, *, is_code: bool = False) -> None:
        if not self._shows():
            return
        work = self.work
        name, _, region = target.partition("#")
        found = work.reuse.read(name, self.path, span, work.reporter)
        if found is None:
            return
        path, text = found
        work.included.add(path)
        if is_table(path) and not is_code:
            self._table(path, text, region, span)
            return
        work.taken += len(text) + _EACH
        if path in work.chain or len(work.chain) > _DEEPEST or work.taken > _MOST:
            by = "by way of" if work.taken <= _MOST else "or others without end, in"
            message = f"{name} includes itself, {by} {self.path}"
            hint = "take one of the includes out"
            self._report(Code.INCLUDE_CIRCLE, span, message, hint)
            return
        rows = self._rows(text, name, region, span)
        if rows:
            before = len(work.out)
            work.take(path, text, rows, is_code=is_code)
            # The line of the include has an end of its own.
            while len(work.out) > before and work.out[-1].text == "\n":
                work.out.pop()

    def _table(self, path: str, text: str, columns: str, span: Span) -> None:
        """Take a CSV file in as a table, all of whose lines are indented alike."""
        start = ""
        for line, place in table_lines(path, text, columns, span, self.work.reporter):
            self.work.emit(f"{start}{line}", place)
            start = "\n" + "".join(self.work.indents)

    def _rows(self, text: str, name: str, region: str, span: Span) -> range:
        """Return the lines of a file, or of its region, without empty ones around."""
        lines = text.split("\n")
        first, end = split_block(text)[1], len(lines)
        if region:
            found = dict(regions(lines))
            if region not in found:
                near = get_close_matches(region, found, n=1)
                some = f"regions: {', '.join(found)}" if found else "it has none"
                hint = f"did you mean {near[0]}?" if near else some
                message = f"{name} has no region {region}"
                self._report(Code.INCLUDE_REGION_MISSING, span, message, hint)
                return range(0)
            first, end = found[region]
        while first < end and not lines[first].strip():
            first += 1
        while end > first and not lines[end - 1].strip():
            end -= 1
        return range(first, end)

    # What is common

    def _shows(self) -> bool:
        return all(frame.shows for frame in self.frames)

    def _indent(self, row: int, line: str) -> None:
        indent = "".join(self.work.indents)
        if indent and line and self._shows():
            self.work.emit(indent, self._span(row, 0, 1))

    def _verbatim(
        self, row: int, line: str, start: int, end: int, critic: Critic | None = None
    ) -> None:
        if start < end and self._shows() and not (critic and critic.hides):
            self.work.emit(line[start:end], self._span(row, start, start))

    def _line_end(self, row: int, length: int) -> None:
        if row < self.last and self._shows():
            self.work.emit("\n", self._span(row, length, length))

    def _span(self, row: int, start: int, end: int) -> Span:
        return Span(self.path, row + 1, start + 1, end - start)

    def _report(self, code: Code, span: Span, message: str, hint: str) -> None:
        self.work.reporter.error(code, span, message, hint)
