"""Run the benchmark: python -m tests.benchmarks [--pages 12,100,1000] [--runs 3]

Prints medians and ratios, and writes build/bench.json. The exit code says whether
something crashed, never whether something was slow.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

import pikepdf
from rich.console import Console
from rich.table import Table

from tests.benchmarks.bars import Bar, Figures, bars
from tests.benchmarks.books import EXAMPLE
from tests.benchmarks.measure import BrokenError, Cost, measure
from tests.benchmarks.rivals import pandoc
from tests.benchmarks.scenarios import Case, Project, Workshop, workshop

_REPEATED = 1000
"""Pages up to which a book is measured several times, and in one shot."""
_SMALL = 12
_WIDTH = 100
_PACKAGES = (
    "memobook", "weasyprint", "pydyf", "pikepdf", "ebooklib", "markdown", "lxml",
    "jinja2", "fonttools", "uharfbuzz", "pypandoc-binary", "typst",
)  # fmt: skip

_paper = Console(width=_WIDTH, highlight=False)
_screen = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class _Results:
    """What was measured so far."""

    books: dict[int, dict[str, Figures]] = field(default_factory=dict)
    warm: list[float] = field(default_factory=list)
    equal: dict[int, bool] = field(default_factory=dict)
    """Pages -> whether the incremental PDF has the bytes of a clean one."""
    broken: list[str] = field(default_factory=list)


def main() -> int:
    wanted = _arguments()
    pages = sorted({int(p) for p in wanted.pages.split(",")} | set(wanted.full))
    options = ("--jobs", str(wanted.jobs)) if wanted.jobs else ()
    results = _Results()
    facts = _facts(wanted.runs, options)
    with tempfile.TemporaryDirectory(prefix="memobook-bench-") as folder:
        shops = [
            workshop(
                Path(folder, str(count)),
                count,
                options,
                with_one_shot=count <= _REPEATED,
            )
            for count in pages
        ]
        _warm_up(shops[0])
        for shop in shops:
            _measure_book(shop, wanted.runs, results)
            if shop.pages == _SMALL:
                _measure_warm(shop.project, wanted.runs, results)
    facts |= {"load_after": _load(), "source_after": _source()}
    found = tuple(bars(results.books, _median(results.warm)))
    _print(results, found)
    _doubt(facts)
    _write(facts, results, found)
    return 1 if results.broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--pages", default="12,100,1000", help="sizes of the books")
    parser.add_argument(
        "--full", action="store_const", const=(5000,), default=(), help="5000, too"
    )
    parser.add_argument("--runs", type=int, default=3, help="up to 1000 pages")
    parser.add_argument("--jobs", type=int, help="handed to memobook build")
    return parser.parse_args()


# Measuring


def _warm_up(shop: Workshop) -> None:
    """Run all programs once, so that none is measured as it comes from the disk."""
    for case in shop.cases:
        _tried(case)


def _measure_book(shop: Workshop, runs: int, results: _Results) -> None:
    times = runs if shop.pages <= _REPEATED else 1
    costs: dict[str, list[Cost]] = {}
    shown: dict[str, tuple[int | None, int | None]] = {}
    is_broken = False
    for turn in range(1, times + 1):
        for case in shop.cases:
            if is_broken and not case.is_fresh:
                continue
            cost = _tried(case, results)
            is_broken = cost is None
            if cost is None:
                continue
            costs.setdefault(case.name, []).append(cost)
            shown[case.name] = _shown(case.output)
            told = f"{shop.pages:,} pages, {turn} of {times}: {case.name}"
            _screen.print(f"{told} {cost.wall:.2f} s", style="dim")
    results.books[shop.pages] = {
        case.name: Figures(tuple(costs[case.name]), *shown[case.name], case.rival)
        for case in shop.cases
        if case.name in costs
    }
    if "another colour, PDF" in costs:
        try:
            results.equal[shop.pages] = _is_as_clean(shop.project)
        except BrokenError as error:
            results.broken.append(str(error))


def _tried(case: Case, results: _Results | None = None) -> Cost | None:
    try:
        return case.run()
    except BrokenError as error:
        if results is not None:
            results.broken.append(f"{case.name}: {error}")
            _screen.print(f"{case.name} failed: {error}", style="red", markup=False)
        return None


def _shown(output: Path | None) -> tuple[int | None, int | None]:
    """Return an output's pages and bytes."""
    if output is None or not output.is_file():
        return None, None
    if output.suffix != ".pdf":
        return None, output.stat().st_size
    with pikepdf.open(output) as pdf:
        return len(pdf.pages), output.stat().st_size


def _is_as_clean(project: Project) -> bool:
    """Tell whether all changes have led to the bytes of a clean build."""
    other = Project(project.root, project.root.with_name("clean"), project.options)
    other.reset()
    measure([other.build("pdf")], other.root)
    return other.pdf.read_bytes() == project.pdf.read_bytes()


def _measure_warm(project: Project, runs: int, results: _Results) -> None:
    project.reset()
    module = [sys.executable, "-m", "tests.benchmarks.warm"]
    # Two more than asked for: the first ones still fill caches.
    command = [*module, str(project.root), str(runs + 2)]
    done = subprocess.run(
        command, cwd=EXAMPLE, capture_output=True, text=True, check=False
    )
    if done.returncode:
        results.broken.append(f"warm process: {done.stderr[-2000:]}")
        _screen.print(results.broken[-1], style="red", markup=False)
        return
    results.warm = json.loads(done.stdout)[2:]


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


# Telling


def _print(results: _Results, found: tuple[Bar, ...]) -> None:
    for pages, book in results.books.items():
        _paper.print(_table(pages, book))
    table = Table("bar", "pages", title="Bars", title_justify="left")
    for name in ("figure", "at most", ""):
        table.add_column(name, justify="right")
    for bar in found:
        verdict = "met" if bar.is_met else "[bold]missed[/bold]"
        if not bar.is_meant:
            verdict += f" (is for {bar.meant:,})"
        figures = (f"{bar.value:.3g} {bar.unit}", f"{bar.limit:g} {bar.unit}")
        table.add_row(bar.text, f"{bar.pages:,}", *figures, verdict)
    _paper.print(table)
    for pages, is_equal in results.equal.items():
        word = "the same bytes as" if is_equal else "[bold]other bytes than[/bold]"
        _paper.print(f"{pages:,} pages: all changes gave {word} a clean build")


def _doubt(facts: Mapping[str, object]) -> None:
    """Tell what makes the figures worth less."""
    if facts["source"] != facts["source_after"]:
        _paper.print("[bold]memobook was changed while it was measured[/bold]")
    before, after = (facts[f"load_{when}"] for when in ("before", "after"))
    _paper.print(f"load of the machine: {before} at the start, {after} at the end")


def _table(pages: int, book: Mapping[str, Figures]) -> Table:
    title = f"A book of {pages:,} pages (medians)"
    table = Table("", title=title, title_justify="left")
    names = ("time", "CPU", "largest", "together", "pages", "size", "/ rival")
    for name in names:
        table.add_column(name, justify="right")
    for name, figures in book.items():
        cost = figures.cost
        rival = book.get(figures.rival)
        table.add_row(
            name,
            f"{cost.wall:.2f} s",
            f"{cost.cpu:.2f} s",
            f"{cost.peak / 1e6:.0f} MB",
            f"{cost.together / 1e6:.0f} MB",
            "" if figures.pages is None else f"{figures.pages:,}",
            "" if figures.size is None else f"{figures.size / 1e6:.2f} MB",
            f"{cost.wall / rival.cost.wall:.3f}" if rival else "",
        )
    return table


def _write(facts: dict[str, object], results: _Results, found: tuple[Bar, ...]) -> None:
    told = {
        **facts,
        "books": {
            str(pages): {
                name: {
                    "median": asdict(figures.cost),
                    "runs": [asdict(cost) for cost in figures.runs],
                    "pages": figures.pages,
                    "size": figures.size,
                    "rival": figures.rival,
                }
                for name, figures in book.items()
            }
            for pages, book in results.books.items()
        },
        "warm": results.warm,
        "equal_to_clean": {str(k): v for k, v in results.equal.items()},
        "bars": [{**asdict(bar), "is_met": bar.is_met} for bar in found],
        "broken": results.broken,
    }
    path = EXAMPLE / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    _paper.print(f"written to {path.relative_to(EXAMPLE)}")


def _facts(runs: int, options: tuple[str, ...]) -> dict[str, object]:
    return {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "runs": runs,
        "options": options,
        "machine": {
            "system": platform.platform(),
            "cpu": _cpu(),
            "cores": len(os.sched_getaffinity(0))
            if sys.platform == "linux"
            else os.cpu_count(),
            "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        },
        "load_before": _load(),
        "source": _source(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PACKAGES} | {"pandoc": _pandoc()},
    }


def _pandoc() -> str:
    said = subprocess.check_output([pandoc(), "--version"], text=True)
    return said.split()[1]


def _load() -> float:
    """Return how many processes wanted a core in the last minute."""
    return round(os.getloadavg()[0], 1)


def _source() -> str:
    """Return a hash of memobook as it is now."""
    digest = hashlib.sha256()
    for path in sorted((EXAMPLE / "src" / "memobook").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            data = path.read_bytes()
            digest.update(f"{path.relative_to(EXAMPLE)} {len(data)} ".encode() + data)
    return digest.hexdigest()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [s.partition(":")[2].strip() for s in lines if s.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
