"""The measurement sees all of a command's processes, orphans included."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.measure import BrokenError, measure

LARGE = 150_000_000

CHILD = f"import time; held = b'x' * {LARGE}; time.sleep(0.4)"
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', {CHILD!r}])
if 'wait' in sys.argv: child.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are lost elsewhere")
@pytest.mark.parametrize("more", [(), ("wait",)])
def test_counts_the_memory_of_children(tmp_path: Path, more: tuple[str, ...]) -> None:
    cost = measure([(sys.executable, "-c", PARENT, *more)], tmp_path)
    assert LARGE < cost.peak < 1.5 * LARGE
    assert 0 < cost.parent < LARGE
    assert cost.together >= cost.peak


def test_does_not_count_its_own_memory(tmp_path: Path) -> None:
    held = b"x" * LARGE
    cost = measure([(sys.executable, "-c", "pass")], tmp_path)
    assert cost.peak < LARGE < len(held) + 1


def test_adds_up_times_and_tells_of_a_failure(tmp_path: Path) -> None:
    sleep = (sys.executable, "-c", "import time; time.sleep(0.2)")
    assert measure([sleep, sleep], tmp_path).wall > 0.4
    with pytest.raises(BrokenError, match="no good"):
        measure([(sys.executable, "-c", "raise SystemExit('no good')")], tmp_path)
