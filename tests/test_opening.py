"""What a build that is broken off leaves behind."""

import time
from pathlib import Path

import pytest

from memobook.aside import begin_aside
from memobook.opening import opened
from memobook.store import Store
from memobook.workers import Workers


def write_without_end(folder: Path) -> None:
    begin_aside(folder, b"half of a font")
    time.sleep(600)


def broken_off(folder: Path, workers: Workers | None) -> None:
    with opened(("epub",), workers, Store(folder.parent)) as (_, apart):
        apart.begun(write_without_end, folder)
        while not any(folder.iterdir()):
            time.sleep(0.01)
        raise KeyboardInterrupt


@pytest.mark.parametrize("has_own", [True, False])
def test_ctrl_c_leaves_nothing_of_what_a_worker_was_writing(tmp_path, has_own):
    folder = tmp_path / "fonts"
    folder.mkdir()
    workers = None if has_own else Workers(1, lay_out=False)
    with pytest.raises(KeyboardInterrupt):
        broken_off(folder, workers)
    assert list(folder.iterdir()) == []
