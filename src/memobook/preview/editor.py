"""Turn a place into an address that an editor opens.

What goes in: an editor's name or pattern, and a place in a project. What comes out: an
address such as vscode://file/home/ada/book/manuscript/space.md:12:3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from memobook.diagnostics import Span

__all__ = ["EDITORS", "Editor", "editor"]

EDITORS = {
    "vscode": "vscode://file/{path}:{line}:{column}",
    "vscodium": "vscodium://file/{path}:{line}:{column}",
    "cursor": "cursor://file/{path}:{line}:{column}",
    "windsurf": "windsurf://file/{path}:{line}:{column}",
    "zed": "zed://file/{path}:{line}:{column}",
    "idea": "idea://open?file=/{path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file=/{path}&line={line}&column={column}",
    "sublime": "subl://open?url=file:///{path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file:///{path}&line={line}&column={column}",
    "macvim": "mvim://open?url=file:///{path}&line={line}&column={column}",
    "emacs": "org-protocol://open-source?url=file:///{path}&line={line}",
    "none": "",
}
"""Name -> pattern. The path begins without a slash."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# What a browser would run, or send somewhere.
_REFUSED = {
    "javascript", "data", "vbscript", "blob", "http", "https", "ws", "wss", "ftp",
    "about", "view-source",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor that opens addresses."""

    pattern: str

    def url(self, root: Path, span: Span) -> str:
        """Return the address of a place; empty if there is no file or no editor."""
        path = (root / span.path).resolve()
        if not self.pattern or not path.is_relative_to(root) or not path.is_file():
            return ""
        return self.pattern.format(
            path=quote(path.as_posix().lstrip("/"), safe="/"),
            line=max(span.line, 1),
            column=max(span.column, 1),
        )


def editor(name: str) -> Editor:
    """Return an editor by its name, or by a pattern with {path}, {line}, {column}.

    Raises ValueError with what is wrong.
    """
    if name in EDITORS:
        return Editor(EDITORS[name])
    scheme = _SCHEME.match(name)
    if scheme is None or "{path}" not in name:
        message = (
            f"{name} is no editor that memobook knows, and no address with {{path}}"
        )
        raise ValueError(message)
    if scheme[1].lower() in _REFUSED:
        message = f"{scheme[1]}: opens no editor"
        raise ValueError(message)
    try:
        name.format(path="a", line=1, column=1)
    except (KeyError, IndexError, ValueError):
        message = f"{name} has braces that are not {{path}}, {{line}} or {{column}}"
        raise ValueError(message) from None
    return Editor(name)
