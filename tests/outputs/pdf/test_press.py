"""Sheets from the store or from workers."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from memobook.bounds import ExceededError, Limit
from memobook.diagnostics import Code, MemobookError, Reporter
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.press import Press
from memobook.outputs.pdf.sheet import Sheet, from_bytes, to_bytes
from memobook.outputs.pdf.task import Task
from memobook.project.files import Files
from memobook.store import Store
from memobook.workers import Serial, Workers
from tests.harness import ROOT
from tests.outputs.pdf.sheets import task


def written(task: Task) -> Sheet:
    """Stand in for a layout: the sheet holds the document, and who made it."""
    files = Files(task.root)
    if files.exists("picture.png"):
        files.read("picture.png")
    return Sheet(
        section=task.section.id,
        pdf=f"{os.getpid()} {task.section.html}".encode(),
        pages=1,
        anchors=(),
        inputs=tuple(files.inputs.items()),
    )


def dying(task: Task) -> Sheet:
    """Stand in for a layout that the system ends."""
    if task.section.id == "bad":
        os._exit(9)
    return written(task)


def made(tmp_path, tasks, workers, reporter=None, layout=written):
    store = Store(tmp_path / "cache")
    press = Press(store, Files(tmp_path), workers, workers, layout)
    sheets = press.sheets(tasks, reporter or Reporter(), lambda _: None)
    return [sheets[t] for t in tasks], press.laid_out


def tasks_in(tmp_path, *ids):
    return [task(f"<p>{name}</p>", id=name, root=tmp_path) for name in ids]


def test_a_sheet_is_made_once_and_then_found(tmp_path):
    wanted = tasks_in(tmp_path, "one", "two")
    with Workers(2) as workers:
        first, count = made(tmp_path, wanted, workers)
        again, none = made(tmp_path, wanted, workers)
    assert (count, none) == (2, 0)
    assert first == again


def test_sheets_come_in_the_order_of_their_tasks(tmp_path):
    wanted = tasks_in(tmp_path, "a", "bb", "ccc", "dddd")
    with Workers(2) as workers:
        sheets, _ = made(tmp_path, wanted, workers)
    assert [s.section for s in sheets] == ["a", "bb", "ccc", "dddd"]


def test_workers_are_other_processes(tmp_path):
    with Workers(1) as workers:
        (sheet,), _ = made(tmp_path, tasks_in(tmp_path, "one"), workers)
    assert int(sheet.pdf.split()[0]) != os.getpid()


@pytest.mark.parametrize("change", ["html", "title", "folio", "side", "style"])
def test_what_a_sheet_depends_on_is_in_its_key(tmp_path, change):
    (one,) = tasks_in(tmp_path, "one")
    section = one.section
    others = {
        "html": replace(one, section=replace(section, html=section.html + " ")),
        "title": replace(one, section=replace(section, title="another")),
        "folio": replace(one, first_folio=7),
        "side": replace(one, on_left=True),
        "style": replace(one, stylesheets=one.stylesheets[:-1]),
    }
    with Workers(1) as workers:
        made(tmp_path, [one], workers)
        _, count = made(tmp_path, [others[change]], workers)
    assert count == 1


def test_a_file_that_the_layout_read_is_an_input(tmp_path):
    wanted = tasks_in(tmp_path, "one")
    with Workers(1) as workers:
        counts = []
        for data in (None, None, b"first", b"first", b"second"):
            if data:
                (tmp_path / "picture.png").write_bytes(data)
            counts.append(made(tmp_path, wanted, workers)[1])
    # Also a file that was looked for in vain: then it is there, then it is another.
    assert counts == [1, 0, 1, 0, 1]


def test_a_damaged_entry_is_made_anew(tmp_path):
    wanted = tasks_in(tmp_path, "one")
    with Workers(1) as workers:
        made(tmp_path, wanted, workers)
        (entry,) = (tmp_path / "cache" / "sheets").glob("*.sheet")
        entry.write_bytes(entry.read_bytes()[:-3])
        _, count = made(tmp_path, wanted, workers)
    assert count == 1


def test_a_worker_that_dies_is_named_and_the_others_work_is_kept(tmp_path):
    wanted = tasks_in(tmp_path, "one", "bad", "two", "three")
    reporter = Reporter()
    with Workers(2) as workers:
        with pytest.raises(MemobookError):
            made(tmp_path, wanted, workers, reporter, dying)
        (found,) = reporter.diagnostics
        good = [t for t in wanted if t.section.id != "bad"]
        _, count = made(tmp_path, good, workers)
    assert (found.code, found.span.path) == (Code.LAYOUT_DIED, "manuscript/bad.md")
    assert count == 0


def exceeding(task: Task) -> Sheet:
    """Stand in for a layout with a style that never ends; leave a trace of each."""
    (task.root / f"{task.section.id}.begun").touch()
    time.sleep(0.02)  # its limit
    raise ExceededError(Limit.TIME)


@pytest.mark.parametrize("workers", [Workers(1), Serial()], ids=["workers", "serial"])
def test_sections_over_their_limits_do_not_cost_each_its_limit(tmp_path, workers):
    wanted = tasks_in(tmp_path, *(f"s{n}" for n in range(100)))
    reporter = Reporter()
    with workers, pytest.raises(MemobookError):
        made(tmp_path, wanted, workers, reporter, exceeding)
    assert len(list(tmp_path.glob("*.begun"))) < 50
    assert {d.code for d in reporter} == {Code.LIMIT_EXCEEDED}
    assert [d.message for d in reporter if "97 sections were not" in d.message]
    assert len(reporter.diagnostics) == 4


def test_a_sheet_is_the_same_after_it_was_bytes(tmp_path):
    wanted = tasks_in(tmp_path, "one")
    with Workers(1) as workers:
        (sheet,), _ = made(tmp_path, wanted, workers, layout=lay_out)
    assert sheet == from_bytes(to_bytes(sheet))


def test_workers_leave_no_temporary_file(tmp_path):
    program = (
        "import sys\n"
        "from tests.outputs.pdf.test_press import laid_out_in_workers\n"
        "if __name__ == '__main__':\n"
        "    laid_out_in_workers(sys.argv[1])\n"
    )
    script = tmp_path / "program.py"
    script.write_text(program)
    command = [sys.executable, str(script), str(tmp_path)]
    # Not below tmp_path: the fork server's socket has at most 108 bytes of a path.
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TMPDIR": folder, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, env=environment, check=True)
        assert [p.name for p in Path(folder).glob("weasyprint*")] == []


def laid_out_in_workers(folder: str) -> None:
    """Lay out two sections in two processes, which end with the pool."""
    root = Path(folder)
    with Workers(2) as workers:
        made(root, tasks_in(root, "one", "two"), workers, layout=lay_out)
