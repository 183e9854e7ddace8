"""End builds at random moments; what is left must be whole, and the next build clean.

    python -m tests.kills --kills 500      as many as you have time for
    python -m tests.kills --seed 7         the same ones again

What goes in: a seed and a number of kills. What comes out: how many were made, of which
kind, or an AssertionError with the seed, the kill and what the build had said. A kill
is a new text, a build that is ended somehow at some moment between its start and its
end, and one more build.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from memobook.fresh import BUILD, Order, unchanged
from memobook.pipeline import build
from memobook.workers import Workers
from tests.accidents import PATIENCE, Ended, Running, files_in
from tests.harness import HARD, fonts_of, make

__all__ = ["KILLS", "Bench", "bench", "leftovers", "project", "run"]

KILLS = 24
"""In the suite."""
WORDS = ("orbit", "norm", "ostrich")
_COLD = 10
"""Of so many next builds, one is a process of its own; the others have workers ready."""
_RED = (HARD / "manuscript/images/red.png").read_bytes()


def project(root: Path, word: str) -> Path:
    """Write a small book; `word` is in the text of one memo of three."""
    text = f"A [link](https://example.org/{word}) of {word}, and a note[^n].\n\n[^n]: It.\n"
    files: dict[str, str | bytes] = {
        "manuscript/one.md": f"# One\n\n{text}\n![A square](images/red.png)\n",
        "manuscript/two.md": "# Two\n\nSee [the first](one.md).\n",
        "manuscript/three.md": "# Three\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n",
        "manuscript/images/red.png": _RED,
    }
    return make(root, files)


def leftovers(root: Path) -> list[str]:
    """Return the files that are written aside, beside the outputs and in the cache."""
    return sorted(p.name for p in (root / BUILD).rglob(".*") if p.is_file())


# How does a build end? By a signal to its whole group, as a terminal's Ctrl-C and the
# end of a machine are, or to the process alone, as `kill` and a supervisor do it.
_MANNERS = (
    (signal.SIGKILL, True),
    (signal.SIGKILL, False),
    (signal.SIGINT, True),
    (signal.SIGKILL, True),
    (signal.SIGKILL, False),
    (signal.SIGTERM, False),
)


@dataclass(slots=True)
class Bench:
    """A book whose builds are ended."""

    root: Path
    """The project."""
    temporary: Path
    """The folder for the temporary files of its builds, and of nothing else."""
    fonts: Path
    """A cache that holds cut fonts alone."""
    clean: dict[str, dict[str, bytes]]
    """What clean builds make of the book, by its word."""
    workers: Workers
    length: float
    """Seconds that a build takes."""
    random: random.Random
    ends: Counter[str] = field(default_factory=Counter)
    """How often a build ended in which way."""

    def kill(self, number: int) -> None:
        """Write a new text, end its build, and build once more."""
        before = files_in(self.root)
        old = next(w for w in WORDS if self.clean[w].items() <= before.items())
        new = self.random.choice([w for w in WORDS if w != old])
        project(self.root, new)
        if self.random.random() < 0.5:
            self.empty_cache()
        number_of_signal, whole_group = _MANNERS[number % len(_MANNERS)]

        ended = self._ended(number_of_signal, whole_group=whole_group)

        self.ends[f"{ended.code}"] += 1
        self._look_at(ended, old, new, number_of_signal)
        self._build_again(new, cold=number % _COLD == 0)

    def empty_cache(self) -> None:
        """Leave nothing but cut fonts in the cache."""
        shutil.rmtree(self.root / BUILD / ".cache", ignore_errors=True)
        fonts_of(self.fonts, self.root / BUILD / ".cache")

    def _ended(self, number: int, *, whole_group: bool) -> Ended:
        running = self.running()
        try:
            running.process.wait(self.random.random() * self.length)
        except subprocess.TimeoutExpired:
            kill = os.killpg if whole_group else os.kill
            kill(running.process.pid, number)
        # It reads until the last process of the group has closed its end of the pipe.
        return running.ended(patience=60)

    def running(self) -> Running:
        """Begin a build in a process of its own."""
        jobs = self.random.choice((1, 2))
        environment = {"TMPDIR": str(self.temporary)}
        return Running(self.root, jobs=jobs, environment=environment)

    def _look_at(self, ended: Ended, old: str, new: str, number: int) -> None:
        allowed = {0, -number, 130 if number == signal.SIGINT else 0}
        # So Python ends that is interrupted before it can look for any of our modules.
        allowed |= {1} if ended.text.startswith("Could not import runpy") else set()
        assert ended.code in allowed, (ended.code, ended.text)
        assert not _is_traceback(ended.text), ended.text
        found = files_in(self.root)
        for name in self.clean[new]:
            known = [self.clean[word][name] for word in (old, new)]
            assert found[name] in known, (name, ended)
        if ended.code >= 0:
            # Who ends by himself leaves nothing behind.
            left = leftovers(self.root)
            assert left == [], (left, ended)
        # A machine that is less busy than it was ends a build before it is killed.
        self.length *= 1.0 if ended.code else 0.95

    def _build_again(self, new: str, *, cold: bool) -> None:
        if cold:
            ended = self.running().ended()
            assert ended.code == 0, ended.text
            assert list(self.temporary.iterdir()) == []
        elif unchanged(Order(root=self.root)) is None:
            build(self.root, workers=self.workers)
        assert files_in(self.root) == self.clean[new]
        assert leftovers(self.root) == []


def _is_traceback(text: str) -> bool:
    """Tell whether memobook printed a traceback; the interpreter's start is not its."""
    return "Traceback" in text and ", in main\n" in text


@contextmanager
def bench(folder: Path, number: int, fonts: Path | None = None) -> Iterator[Bench]:
    """Build the book cleanly with each of its words; `fonts` has its cut fonts."""
    # A shell lets what it starts in the background ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Workers(2) as workers:
        clean, roots = {}, {}
        for word in WORDS:
            roots[word] = project(folder / word, word)
            cache = roots[word] / BUILD / ".cache"
            if fonts:
                fonts_of(fonts, cache)
            build(roots[word], workers=workers)
            clean[word] = files_in(roots[word])
            fonts = fonts or fonts_of(cache, folder / "fonts")
        assert fonts
        temporary = Path(tempfile.mkdtemp(prefix="kills-"))
        made = Bench(
            roots[WORDS[0]], temporary, fonts, clean, workers, 0, random.Random(number)
        )
        made.empty_cache()
        project(made.root, WORDS[1])
        start = time.monotonic()
        assert made.running().ended(PATIENCE).code == 0
        made.length = time.monotonic() - start
        try:
            yield made
        finally:
            shutil.rmtree(temporary)


def run(made: Bench, kills: int, told: Callable[[str], None] = lambda _: None) -> None:
    """Make a number of kills."""
    start = time.monotonic()
    for number in range(kills):
        try:
            made.kill(number)
        except AssertionError as error:
            error.add_note(f"kill {number}")
            raise
        if number % 20 == 19:
            cost = (time.monotonic() - start) / (number + 1)
            told(f"{number + 1} kills, {cost:.1f} s each: {dict(made.ends)}\n")


def _tell(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="how many")
    parser.add_argument("--seed", type=int, help="of their moments; else any")
    wanted = parser.parse_args()
    number = random.randrange(2**32) if wanted.seed is None else wanted.seed
    sys.stdout.write(f"seed {number}\n")
    with (
        tempfile.TemporaryDirectory() as folder,
        bench(Path(folder), number) as made,
    ):
        run(made, wanted.kills, _tell)


# Workers that are started afresh import this module.
if __name__ == "__main__":
    main()
