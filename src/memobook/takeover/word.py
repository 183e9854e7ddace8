"""Read Word files: the door to pandoc.

What goes in: a .docx file. What comes out: its Markdown and its pictures. pandoc it is,
and not mammoth: mammoth writes HTML alone by now, has no footnotes in Markdown and
leaves tables out of it; pandoc keeps notes, tables, links and pictures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from memobook.diagnostics import MachineError

__all__ = ["read_word"]

_TO = "gfm+footnotes-raw_html-tex_math_dollars"


def read_word(path: Path) -> tuple[str, Mapping[str, bytes]]:
    """Return a file's Markdown, and its pictures by the paths that it gives them.

    Raises MachineError if pandoc is not installed or cannot read the file.
    """
    try:
        import pypandoc
    except ImportError:
        message = "Word files are read by pandoc, which is not installed"
        hint = 'type: pip install "memobook[word]"'
        raise MachineError(message, hint) from None
    with tempfile.TemporaryDirectory(prefix="memobook-") as folder:
        options = ["--wrap=none", f"--extract-media={folder}"]
        try:
            text = str(pypandoc.convert_file(str(path), _TO, extra_args=options))
        except (OSError, RuntimeError) as error:
            message = f"pandoc cannot read {path}: {str(error).strip()[:200]}"
            raise MachineError(message, "open it in Word and save it anew") from None
        media = Path(folder)
        found = (p for p in sorted(media.rglob("*")) if p.is_file())
        pictures = {p.relative_to(media).as_posix(): p.read_bytes() for p in found}
        return text.replace(f"{folder}/", ""), pictures
