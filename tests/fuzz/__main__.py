"""Fuzz memobook: random manuscripts through the whole of it.

python -m tests.fuzz --manuscripts 20000 --seed 7
python -m tests.fuzz --replay build/fuzz/crash-KeyError
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.books import BOOK, FuzzBook
from tests.fuzz.judging import invalid
from tests.fuzz.run import Plan, Tally, run
from tests.fuzz.trial import Trial

FOLDER = Path("build/fuzz")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Do what the arguments say; the exit code is 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--manuscripts", type=int, default=2000)
    parser.add_argument("--seed", type=int, help="any number; by default another one")
    parser.add_argument("--epubcheck", type=int, default=50, help="how many EPUBs")
    parser.add_argument("--replay", type=Path, help="a folder that a run has kept")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    if asked.replay:
        return _replay(asked.replay)
    number = random.randrange(10**6) if asked.seed is None else asked.seed
    plan = Plan(asked.manuscripts, number, asked.epubcheck, FOLDER.resolve())
    started = time.monotonic()

    def told(tally: Tally) -> None:
        failed = sum(tally.failures.values())
        seconds = time.monotonic() - started
        _say(
            f"{tally.manuscripts:,} of {plan.manuscripts:,} manuscripts,"
            f" {tally.built:,} built, {failed} failures, {seconds:,.0f} s"
        )

    _say(f"seed {number}; failures are kept in {FOLDER}/")
    return _summary(run(plan, told))


def _summary(tally: Tally) -> int:
    _say(
        f"{tally.manuscripts:,} manuscripts in {tally.books:,} books: {tally.built:,} came"
        f" to the pages, {tally.printed:,} books printed, {tally.twice:,} built twice,"
        f" {tally.judged:,} EPUBs judged by EPUBCheck"
    )
    codes = ", ".join(f"{code} {n}" for code, n in tally.codes.most_common())
    _say(f"findings: {codes}")
    failed = [(key, n) for key, n in tally.failures.most_common() if n]
    for key, count in failed:
        _say(f"FAILED {count} times: {key}")
    return 1 if failed else 0


def _replay(folder: Path) -> int:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("manuscript", "styles")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }
    listed = files[BOOK].decode("utf-8", "replace")
    memos = tuple(p for p in files if p.endswith(".md") and Path(p).name in listed)
    with TemporaryDirectory() as name:
        trial = Trial(Path(name), ("pdf", "epub"), again=True)
        found = [f"{f.key} {f.text}" for f in trial.failures(FuzzBook(files, memos))]
        if trial.epub:
            path = Path(name) / "book.epub"
            path.write_bytes(trial.epub)
            found += [text for said in invalid([path]).values() for text in said]
    _say("\n".join(found) or "nothing fails")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
