"""A spared WeasyPrint lays out the same pages as one that is left alone."""

import subprocess
import sys
from pathlib import Path

from tests.harness import HARD, copy

# Builds a project in this one process, where the savings can be taken away.
PROGRAM = """
import sys
from concurrent.futures import Future
from pathlib import Path

from memobook import pipeline
from memobook.outputs.pdf import layout
from memobook.workers import Workers


class Here(Workers):
    def begun(self, work, item):
        future = Future()
        future.set_result(work(item))
        return future


root, cache, mode = sys.argv[1:]
if mode == "alone":
    layout.spare_engine = lambda: None
pipeline.build(Path(root), formats=("pdf",), cache=Path(cache), workers=Here(1))
"""


def printed(root: Path, mode: str) -> bytes:
    cache = root.parent / f"cache-{mode}"
    command = [sys.executable, "-c", PROGRAM, str(root), str(cache), mode]
    subprocess.run(command, check=True)
    (pdf,) = (root / "build").glob("*.pdf")
    return pdf.read_bytes()


def test_the_hard_book_has_the_same_pages_with_and_without_the_savings(tmp_path):
    root = copy(HARD, tmp_path / "book")
    assert printed(root, "spared") == printed(root, "alone")
