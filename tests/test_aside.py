"""A file that was being written goes with its writer, and with nobody else."""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from memobook import aside
from memobook.aside import begin_aside, own_temporary_folder, sweep, write_aside

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a file's age tells"
)


def left_by_a_dead_process(folder: Path) -> Path:
    """Return a file that a process began to write before it was killed."""
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from memobook.aside import begin_aside;"
        "print(begin_aside(Path(sys.argv[1]), b'half'), flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return Path(done.stdout.strip())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_whole_and_alone(tmp_path):
    write_aside(tmp_path / "a", b"data", 0o644)

    assert (tmp_path / "a").read_bytes() == b"data"
    assert names(tmp_path) == ["a"]


def test_what_a_killed_process_was_writing_goes_at_once(tmp_path):
    path = left_by_a_dead_process(tmp_path)
    assert names(tmp_path) == [path.name]

    sweep(tmp_path)

    assert names(tmp_path) == []


def test_what_another_process_is_writing_stays(tmp_path):
    path = begin_aside(tmp_path, b"half")
    os.utime(path, (0, 0))  # as long ago as it may be: its writer is alive

    sweep(tmp_path)

    assert names(tmp_path) == [path.name]


def test_a_process_that_has_the_number_of_a_dead_one_writes_something_else(tmp_path):
    path = left_by_a_dead_process(tmp_path)
    ours = path.with_name(re.sub(r"-\d+-", f"-{os.getpid()}-", path.name, count=1))
    path.rename(ours)

    sweep(tmp_path)

    assert names(tmp_path) == []


@pytest.mark.parametrize(("age", "stays"), [(60, True), (7200, False)])
def test_of_another_machine_age_tells(age, stays, tmp_path):
    path = left_by_a_dead_process(tmp_path)
    there = path.with_name(re.sub(r"-[0-9a-f]{8}-", "-00000000-", path.name, count=1))
    path.rename(there)
    os.utime(there, (time.time() - age,) * 2)

    sweep(tmp_path)

    assert names(tmp_path) == ([there.name] if stays else [])


def test_what_others_wrote_stays(tmp_path):
    (tmp_path / ".memobook-notes").write_text("an author's own")

    sweep(tmp_path)

    assert names(tmp_path) == [".memobook-notes"]


def test_a_process_has_a_folder_of_its_own_and_sweeps_those_of_dead_ones(
    tmp_path, monkeypatch
):
    dead = left_by_a_dead_process(tmp_path)
    folder = tmp_path / dead.name.removeprefix(".")
    dead.unlink()
    folder.mkdir()
    (folder / "font").write_bytes(b"")
    (tmp_path / "memobook-notes").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(aside, "_LONGEST", 1000)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("atexit.register", lambda *_, **__: None)

    own_temporary_folder()

    assert Path(tempfile.gettempdir()).parent == tmp_path
    assert os.environ["TMPDIR"] == tempfile.gettempdir()
    assert names(tmp_path) == [Path(tempfile.gettempdir()).name, "memobook-notes"]
