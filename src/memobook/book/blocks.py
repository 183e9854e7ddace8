"""Let pymdownx's blocks, /// name, begin and end where they may, and go on.

What goes in: the processor that takes them. What comes out: the same, mended.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

__all__ = ["end_once", "guard_blocks", "take_or_leave"]


def guard_blocks(processor: Any) -> None:  # noqa: ANN401 (a registry's)
    """Let pymdownx look for the start of a block only where one may be, or is open."""
    test = processor.test

    def guarded(parent: Element, block: str) -> bool:
        may_be = (
            "///" in block or processor.stack or processor.cached_parent is not None
        )
        return bool(may_be) and test(parent, block)

    processor.test = guarded


def end_once(processor: Any) -> None:  # noqa: ANN401 (a registry's)
    """Let a block whose content is being read end behind that content alone.

    pymdownx ends it in the content, too: where more is closed in an item than was
    opened in it. Then it ends it once more, or fails, as there is none to be ended.
    """
    split = processor.split_end

    def split_end(block: str, length: int) -> tuple[str | None, str | None, bool]:
        if processor.stack[-1] is processor.working:
            return block, None, False
        found: tuple[str | None, str | None, bool] = split(block, length)
        return found

    processor.split_end = split_end


def take_or_leave(processor: Any) -> None:  # noqa: ANN401 (a registry's)
    """Let a block that takes nothing of the text be none.

    pymdownx would begin it anew, without end: where one that begins in an item's or a
    definition's first line has another one in an item below that.
    """
    run = processor.run

    def taken(parent: Element, blocks: list[str]) -> bool:
        before, count, inside = list(blocks), len(processor.stack), list(parent)
        run(parent, blocks)
        if blocks != before:
            return True
        parent[:] = inside
        del processor.stack[count:]
        return False

    processor.run = taken
