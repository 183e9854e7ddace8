"""Save many times while many tabs are open: does memory stay flat?

    python -m tests.benchmarks.endurance [SAVES] [TABS]

Works on a copy of the example. Prints a line of figures now and then: of the preview
with its workers, of the tabs, of one tab's script and nodes, and how long it took from a
save to the new text in that tab. That tab is Playwright's, which has Chromium keep all
that it ever loaded, so that its memory tells nothing; the other ones nobody inspects.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from playwright.sync_api import Page

from tests.harness import ROOT, copy
from tests.judges.browser import OPTIONS, find_browser, open_browser, surroundings
from tests.preview.desk import running

MEMO = "manuscript/space.md"
MEGABYTE = 1_000_000
_SAMPLES = 20
_VERSION = "document.documentElement.dataset.version"
"""Which state of the book a tab shows."""


@dataclass(frozen=True)
class Sample:
    """What was measured after so many saves; memory in megabytes."""

    saves: int
    preview: float
    """The process that serves and builds."""
    workers: float
    """All processes below it, shared pages counted in each."""
    tabs: float
    """Of the tabs that nobody inspects: what they have for themselves."""
    heap: float
    """Of the inspected tab's script, after its garbage is collected."""
    nodes: int
    """Of the inspected tab, those in its frame and those let go included."""
    seconds: float
    """From a save to the new text in the tab: the median since the last sample."""

    def __str__(self) -> str:
        return (
            f"{self.saves:5} saves  preview {self.preview:6.1f}  workers"
            f" {self.workers:6.1f}  tabs {self.tabs:7.1f}  heap {self.heap:5.2f}"
            f"  nodes {self.nodes:6}  {self.seconds:.2f} s"
        )


def endure(
    root: Path,
    saves: int,
    tabs: int,
    tell: Callable[[Sample], None] = lambda _: None,
) -> list[Sample]:
    """Preview a copy of the example in so many tabs, save, and measure."""
    copy(ROOT, root)
    out: list[Sample] = []
    with running(root) as preview, open_browser() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.goto(preview.url)
        page.locator("#status.good").wait_for(timeout=120_000)
        page.locator("#entries button", has_text="Norms in Orbit").click()
        with _tabs(preview.url, tabs - 1) as others:
            took: list[float] = []
            for number in range(1, saves + 1):
                took.append(_save(root, page, number))
                if number % max(1, saves // _SAMPLES) == 0:
                    sample = _sample(number, preview.process.pid, page, others, took)
                    tell(sample)
                    out.append(sample)
                    took = []
            if others:
                others.follow(page)
    return out


@dataclass(frozen=True)
class Tabs:
    """Tabs that nobody inspects, in a Chromium of their own."""

    process: subprocess.Popen[bytes]
    said: Path
    """What it printed."""
    number: int
    door: str
    """The address at which it takes orders."""

    def memory(self) -> float:
        """Return what the tabs have for themselves, in megabytes.

        Raises RuntimeError where the Chromium has ended by itself.
        """
        if self.process.poll() is not None:
            message = f"Chromium ended: exit code {self.process.poll()}"
            raise RuntimeError(f"{message}\n{self.said.read_text(errors='replace')}")
        found = [
            p for p in _below(self.process.pid) if "--type=renderer" in _command(p)
        ]
        return sum(_memory(p, "RssAnon") for p in found)

    def follow(self, page: Page) -> None:
        """Wait until each shows what a page shows; from now on they are inspected."""
        version = page.evaluate(_VERSION)
        assert page.context.browser
        kind = page.context.browser.browser_type
        browser = kind.connect_over_cdp(self.door)
        tabs = [tab for context in browser.contexts for tab in context.pages]
        assert len(tabs) == self.number
        for tab in tabs:
            # At intervals: what is hidden is not painted, and has no frames to wait for.
            tab.wait_for_function(f"{_VERSION} === '{version}'", polling=200)
        browser.close()


@contextmanager
def _tabs(url: str, tabs: int) -> Iterator[Tabs | None]:
    """Open tabs in a Chromium that nobody inspects.

    One by one: headless it takes a single address, and ends where it is given more.
    """
    if not tabs:
        yield None
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        own = ("--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}")
        command = [find_browser(), *OPTIONS, *own, "--window-size=1200,800", url]
        said, env = Path(profile, "said"), surroundings(Path(profile))
        with (
            said.open("wb") as out,
            subprocess.Popen(command, env=env, stdout=out, stderr=out) as running,
        ):
            try:
                found = Tabs(running, said, tabs, _door(Path(profile), running))
                for _ in range(tabs - 1):
                    httpx.put(f"{found.door}/json/new?{quote(url)}").raise_for_status()
                yield found
            finally:
                running.terminate()


def _door(profile: Path, running: subprocess.Popen[bytes]) -> str:
    """Wait for the address at which a Chromium takes orders."""
    told = profile / "DevToolsActivePort"
    for _ in range(600):
        if running.poll() is not None:
            break
        if told.is_file() and (lines := told.read_text().split()):
            return f"http://127.0.0.1:{lines[0]}"
        time.sleep(0.1)
    message = f"Chromium does not run: exit code {running.poll()}"
    raise RuntimeError(message)


def _save(root: Path, page: Page, number: int) -> float:
    path = root / MEMO
    text = path.read_text("utf-8")
    old = f"word{number - 1} " if number > 1 else ""
    mark = f"The {old}Indian Space"
    if mark not in text:
        message = f"{mark} is not in {MEMO}"
        raise ValueError(message)
    start = time.perf_counter()
    path.write_text(text.replace(mark, f"The word{number} Indian Space", 1), "utf-8")
    page.frame_locator("#frame").get_by_text(f"word{number} ").wait_for(timeout=120_000)
    return time.perf_counter() - start


def _sample(
    saves: int, pid: int, page: Page, others: Tabs | None, took: list[float]
) -> Sample:
    heap, nodes = _collected(page)
    return Sample(
        saves,
        _memory(pid, "VmRSS"),
        sum(_memory(p, "VmRSS") for p in _below(pid)),
        others.memory() if others else 0,
        heap / MEGABYTE,
        nodes,
        statistics.median(took),
    )


def _collected(page: Page) -> tuple[int, int]:
    """Collect a tab's garbage; return the bytes of its script and its nodes."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap: int = session.send("Runtime.getHeapUsage")["usedSize"]
    nodes: int = session.send("Memory.getDOMCounters")["nodes"]
    session.detach()
    return heap, nodes


def _below(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task")
    found: list[int] = []
    for task in path.glob("*/children"):
        for word in task.read_text().split():
            found += [int(word), *_below(int(word))]
    return found


def _memory(pid: int, kind: str) -> float:
    """Return a process's memory, all of it or its own; 0 if it is gone.

    https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith(f"{kind}:")]
    return int(lines[0].split()[1]) * 1024 / MEGABYTE if lines else 0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def main(saves: int = 1000, tabs: int = 10) -> None:
    with tempfile.TemporaryDirectory() as folder:
        endure(
            Path(folder) / "book",
            saves,
            tabs,
            lambda sample: print(sample, flush=True),  # noqa: T201
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
