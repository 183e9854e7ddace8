"""Time rebuilds in a process that has built the book before.

    python -m tests.benchmarks.warm PROJECT TIMES

Prints the seconds from a save to the new PDF, as a JSON list.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from memobook import pipeline
from memobook.workers import Workers, default_jobs
from tests.benchmarks.scenarios import edit

_WORDS = "plainly clearly mostly partly surely rarely always never often soon".split()


def main(root: Path, times: int) -> None:
    seconds: list[float] = []
    with Workers(default_jobs()) as workers:
        pipeline.build(root, formats=("pdf",), workers=workers)
        for word in _WORDS[:times]:
            edit(root, word)
            start = time.perf_counter()
            pipeline.build(root, formats=("pdf",), workers=workers)
            seconds.append(time.perf_counter() - start)
    sys.stdout.write(json.dumps(seconds))


# Workers that are started afresh import this module.
if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
