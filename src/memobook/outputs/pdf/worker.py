"""What a worker process has loaded before its first task.

The fork server imports this module once, and every worker is forked from it, so that a
layout begins at once.
"""

import contextlib

from memobook.diagnostics import MachineError
from memobook.outputs.pdf.layout import prepare_process

# The first task raises it again, where it can be told.
with contextlib.suppress(MachineError):
    prepare_process()
