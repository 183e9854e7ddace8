"""What a worker process has loaded that will lay out sections.

Beside memobook.worker, and before its first task: the fork server imports it once. What
the machine lacks is told by the first layout.
"""

import contextlib

from memobook.diagnostics import MachineError
from memobook.outputs.pdf.layout import prepare_process

__all__: list[str] = []

with contextlib.suppress(MachineError):
    prepare_process()
