"""Many saves with several tabs open leave memory flat: the short run.

The long one is `python -m tests.benchmarks.endurance 1000 10`.
"""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.endurance import endure


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_saves_leave_memory_flat(tmp_path: Path) -> None:
    samples = endure(tmp_path / "book", saves=40, tabs=3)
    early, late = samples[len(samples) // 2], samples[-1]
    assert late.preview - early.preview < 12
    assert late.heap - early.heap < 2
    assert late.nodes < early.nodes * 1.5 + 500
