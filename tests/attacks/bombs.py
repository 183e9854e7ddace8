"""Bombs: small texts, styles and files that are meant to take much time or memory.

What goes in: nothing. What comes out: for each kind of bomb a book, with a memo for each
bomb. `python -m tests.attacks.bombs` builds them all, ten times as large as the suite
does, each kind by itself, and says what became of each.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

__all__ = ["KINDS", "Bomb", "Built", "built", "write"]

SETTINGS = """
[book]
title = "{title}"
language = "en"
name = "{name}"

[contents]
memos = [{memos}]

[pdf]
paper = "a5"

[limits]
memo_seconds = 1
memory_mb = 512
"""


@dataclass(frozen=True, slots=True)
class Bomb:
    """A memo that is one, and what goes with it."""

    text: str
    style: str = ""
    """What the book's style sheet has for it."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path below manuscript/ -> content."""
    settings: str = ""
    """What book.toml has for it."""


def _nested(begin: str, end: str, depth: int, text: str = "x") -> str:
    return begin * depth + text + end * depth


def _lists(depth: int) -> str:
    return "\n".join(f"{'    ' * n}- x" for n in range(depth))


# What a parser of Markdown reads again and again


def markdown(n: int) -> dict[str, str]:
    """Return texts by their names; each has some multiple of `n` characters."""
    return {
        "brackets": "[" * n,
        "images": "![" * n,
        "links": "[a](" * n,
        "closed": "[a](<b" * n,
        "references": "[a][" * n,
        "definitions": "\n".join(f"[{i}]: x" for i in range(n // 5)),
        "angles": "<" * n,
        "addresses": "<http" * n,
        "tags": "<a " * n,
        "attributes": "<a " + "a=b " * n + ">",
        "comments": "<!-- " * n,
        "declarations": "<!A " * n,
        "instructions": "<?" * n,
        "sections": "<![CDATA[" * n,
        "entities": "&amp" * n,
        "stars": "*a " * n,
        "doubles": "**a_ " * n,
        "underscores": "_" * n,
        "emphasis": "*" * n + "a" + "*" * n,
        "ticks": "".join("`" * i + "a " for i in range(1, int(n**0.5) * 2)),
        "fences": "```\n~~~\n" * (n // 8),
        "fence": "`" * n,
        "quotes": "> " * n + "x",
        "quoted-lists": "> - " * (n // 4) + "x",
        "lists": _lists(int(n**0.5)),
        "hyphens": "- " * n,
        "numbers": "1. " * n,
        "definition-lists": "a\n:   " * (n // 5) + "b",
        "headings": "# x\n" * (n // 4),
        "heading": "# " + "#" * n,
        "rules": "- - " * n,
        "setext": "a\n" * (n // 2) + "===",
        "table": "|" * n + "\n" + "|-" * (n // 2) + "\n" + "|" * n,
        "cells": "\n".join(["a|b", "-|-", *["|" * 50] * (n // 50)]),
        "footnotes": "a" + "".join(f"[^{i}]" for i in range(n // 6)),
        "footnote-circle": "a[^1]\n\n[^1]: b[^2]\n\n[^2]: a[^1]" + "[^1]" * (n // 4),
        "abbreviations": "\n".join(f"*[a{i}]: x" for i in range(n // 10)) + "\n\na1",
        "attribute-lists": "a {: " + ".a " * n + "}",
        "attribute-list": "a {:" * n,
        "insertions": "{++" * n,
        "braces": "{{ " * n,
        "conditions": "{{ if pdf }}" * (n // 12),
        "dollars": "$a" * n,
        "keys": "++ctrl" * n,
        "admonitions": "".join(f"{'    ' * i}!!! note\n" for i in range(int(n**0.5))),
        "word": "x" * n,
        "spaces": "a" + " " * n + "b",
        "tabs": "\t" * n + "a",
        "lines": "\n" * n + "a",
        "backslashes": "\\" * n,
        "block": "---\na: " + "[" * n + "\n---\n\nx",
        "block-alias": "---\na: &a [x]\nb: " + _nested("[*a,", "]", 50) + "\n---\n\nx",
        "elements": _nested("<div>", "</div>", n // 11),
        "spans": _nested("<span>", "</span>", n // 13),
        "unclosed": "<div><p>" * (n // 8),
        "index-terms": "a " + "[x]{.index} " * (n // 12),
    }


# What the layout takes long for


def layout(n: int) -> dict[str, Bomb]:
    """Return bombs by their names, of some multiple of `n`."""
    flex = _nested('<div class="flex">', "</div>", 14)
    variables = "".join(
        f"--v{i}:var(--v{i - 1}) var(--v{i - 1});" for i in range(1, 32)
    )
    notes = "".join(f"word[^{i}] " for i in range(n // 10))
    noted = "\n\n".join(f"[^{i}]: note" for i in range(n // 10))
    many = "".join(f"<td>{i}</td>" for i in range(n))
    rows = "<tr><td>a</td><td>b</td></tr>" * n
    return {
        "flex": Bomb(flex, ".flex{display:flex}"),
        "grid": Bomb(
            '<div class="grid">x</div>',
            ".grid{display:grid;grid-template-columns:repeat(1000000,1px)}",
        ),
        "variables": Bomb(
            '<div class="variables">x</div>',
            ".variables{--v0:a;" + variables + "font-family:var(--v31)}",
        ),
        "gradient": Bomb(
            '<div class="gradient">x</div>',
            ".gradient{height:9cm;background:repeating-linear-gradient"
            "(red 0,blue .000001px)}",
        ),
        "counter": Bomb(
            '<ol class="counter"><li>x</li></ol>',
            '@counter-style bomb{system:numeric;symbols:"0" "1";pad:1000000000 "0"}'
            ".counter li{list-style:bomb!important}",
        ),
        "columns": Bomb(
            f'<div class="columns">{"word " * n}</div>',
            ".columns{columns:1000000}",
        ),
        "size": Bomb('<div class="size">x</div>', ".size{font-size:1000000000px}"),
        "tall": Bomb('<div class="tall">x</div>', ".tall{height:1000000000px}"),
        "padding": Bomb('<p class="padding">x</p>', ".padding{padding:100000000px}"),
        "indent": Bomb('<p class="indent">x y</p>', ".indent{text-indent:1e9px}"),
        "breaks": Bomb('<p class="breaks">x</p>\n' * n, ".breaks{break-before:page}"),
        "selectors": Bomb(
            _nested("<div>", "</div>", 60),
            "div div div div div div div div div div:not(:has(div div div)){color:red}",
        ),
        "calc": Bomb(
            '<div class="calc">x</div>',
            ".calc{width:" + "calc(" * 400 + "1px" + ")" * 400 + "}",
        ),
        "cells": Bomb(f"<table><tr>{many}</tr></table>"),
        "rows": Bomb(f"<table>{rows}</table>"),
        "tables": Bomb(_nested("<table><tr><td>", "</td></tr></table>", 24)),
        "lists": Bomb(_nested("<ul><li>", "</li></ul>", 45)),
        "notes": Bomb(f"{notes}\n\n{noted}"),
        "word": Bomb("x" * (20 * n)),
        "shy": Bomb("x&shy;" * (10 * n)),
        "marks": Bomb("a" + "\u0301" * (10 * n)),
        "directions": Bomb("\u202b\u202a" * (5 * n)),
        "line": Bomb("word " * (20 * n)),
        "links": Bomb("[a](https://example.org/) " * n),
        "pages": Bomb("## Here {#here}\n\n" + "[](#here) " * n),
        "floats": Bomb(
            '<span class="floats">x</span>' * n, ".floats{float:left;width:1%}"
        ),
        "inline-blocks": Bomb(
            _nested('<span class="inside">', "</span>", 40),
            ".inside{display:inline-block}",
        ),
        "absolute": Bomb(
            _nested('<div class="absolute">', "</div>", 40),
            ".absolute{position:absolute}",
        ),
        "tabulators": Bomb(
            '<pre class="tabulators">' + "\t" * n + "</pre>",
            ".tabulators{tab-size:1000000}",
        ),
    }


def spans(_: int) -> dict[str, Bomb]:
    """Return tables that say that they are large."""
    return {
        "colspan": Bomb(
            "<table><tr><td colspan='1000000000'>x</td></tr><tr><td>a</td></tr></table>"
        ),
        "rowspan": Bomb(
            "<table><tr><td rowspan='1000000000'>x</td></tr><tr><td>a</td></tr></table>"
        ),
    }


# Pictures


def _svg(inside: str, more: str = 'width="100" height="100"') -> bytes:
    space = "http://www.w3.org/2000/svg"
    link = "http://www.w3.org/1999/xlink"
    return f'<svg xmlns="{space}" xmlns:xlink="{link}" {more}>{inside}</svg>'.encode()


def _png(width: int, height: int, more: bytes = b"", data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        tail = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + tail

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    packed = chunk(b"IDAT", data or zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + more + packed + chunk(b"IEND", b"")


def _saved(size: tuple[int, int], kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("L", size).save(out, kind, **options)
    return out.getvalue()


def _text_chunk(size: int) -> bytes:
    content = b"a\0\0" + zlib.compress(b"x" * size, 9)
    kind = b"zTXt"
    tail = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + tail


def _uses(count: int) -> bytes:
    groups = "".join(
        f'<g id="g{i}">' + f'<use xlink:href="#g{i - 1}"/>' * 10 + "</g>"
        for i in range(1, count)
    )
    return _svg(
        f'<defs><rect id="g0" width="1" height="1"/>{groups}</defs>'
        f'<use xlink:href="#g{count - 1}"/>'
    )


def _entities(count: int) -> bytes:
    lines = '<!ENTITY e0 "lol">' + "".join(
        f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, count)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg [{lines}]>'
        f'<svg xmlns="http://www.w3.org/2000/svg"><text>&e{count - 1};</text></svg>'
    ).encode()


def pictures(n: int) -> dict[str, bytes]:
    """Return pictures by the names of their files."""
    frames = [Image.new("L", (1000, 1000), i % 256) for i in range(n // 20)]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    whole = _saved((3000, 3000), "JPEG")
    pattern = (
        '<pattern id="p" width=".001" height=".001" patternUnits="userSpaceOnUse">'
        '<rect width="1" height="1"/></pattern><rect width="900" height="900" '
        'fill="url(#p)"/>'
    )
    return {
        "uses.svg": _uses(10),
        "itself.svg": _svg(
            '<g id="a"><use xlink:href="#a"/><use xlink:href="#a"/></g>'
        ),
        "laughs.svg": _entities(10),
        "filter.svg": _svg(
            '<filter id="f"><feGaussianBlur stdDeviation="99999999"/></filter>'
            '<rect filter="url(#f)" width="9999999" height="9999999"/>'
        ),
        "wide.svg": _svg("<rect/>", 'width="1e12" height="1e12"'),
        "box.svg": _svg("<rect/>", 'viewBox="0 0 1e-300 1e300"'),
        "path.svg": _svg(f'<path d="{"M0 0 L1 1 " * (20 * n)}"/>'),
        "deep.svg": _svg(_nested("<g>", "</g>", 5 * n, "<rect/>")),
        "dashes.svg": _svg(
            '<path d="M0 0H100000000" stroke="red" stroke-dasharray=".0001"/>'
        ),
        "marker.svg": _svg(
            '<marker id="m"><rect/></marker>'
            f'<path marker-mid="url(#m)" d="M0 0{"L1 1" * (10 * n)}"/>'
        ),
        "pattern.svg": _svg(pattern),
        "style.svg": _svg(f"<style>{'a ' * (20 * n)}{{fill:red}}</style><rect/>"),
        "huge.png": _png(20_000, 20_000),
        "endless.png": _png(2_000_000_000, 2_000_000_000),
        "large.png": _saved((13_000, 13_000), "PNG"),
        "text.png": _png(10, 10, _text_chunk(100_000_000)),
        "cut.png": _saved((500, 500), "PNG")[:200],
        "zeros.png": _png(0, 0),
        "huge.gif": b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,"
        + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0)
        + b"\x02\x02\x44\x01\0;",
        "frames.gif": moving.getvalue(),
        "large.jpg": _saved((12_000, 12_000), "JPEG"),
        "cut.jpg": whole[: len(whole) // 2],
        "large.webp": _saved((9_000, 9_000), "WEBP", quality=1),
        "cut.webp": _saved((3000, 3000), "WEBP")[:100],
        "nothing.avif": b"\0\0\0\x1cftypavif" + b"\xff" * 500,
    }


def _of_texts(texts: Mapping[str, str]) -> dict[str, Bomb]:
    return {name: Bomb(text) for name, text in texts.items()}


def _of_pictures(files: Mapping[str, bytes]) -> dict[str, Bomb]:
    return {
        path.replace(".", "-"): Bomb(f"![A picture]({path})", files={path: data})
        for path, data in files.items()
    }


def extras(n: int) -> dict[str, Bomb]:
    """Return bombs for what needs an extra package."""
    fields = "".join(f"k{i} = {{x}},\n" for i in range(n))
    return {
        "fractions": Bomb("$$" + "\\frac{1}{" * (n // 5) + "x" + "}" * (n // 5) + "$$"),
        "roots": Bomb("$$" + "\\sqrt{" * (n // 2) + "x" + "}" * (n // 2) + "$$"),
        "row": Bomb("$$" + "x+" * (10 * n) + "x$$"),
        "matrix": Bomb(
            "$$\\begin{matrix}" + "x & " * n + "\\\\ " * n + "\\end{matrix}$$"
        ),
        "formulas": Bomb("$x$ " * n),
        "diagram": Bomb(
            "```mermaid\ngraph TD\n"
            + "\n".join(f"a{i} --> a{j}" for i in range(30) for j in range(30))
            + "\n```"
        ),
        "chain": Bomb(
            "```mermaid\ngraph TD\n"
            + "\n".join(f"a{i} --> a{i + 1}" for i in range(n))
            + "\n```"
        ),
        "citations": Bomb(
            "[" + "; ".join(["@a"] * n) + "]",
            files={
                "works.bib": f"@book{{a, title={{T}}, year=2000,\n{fields}}}".encode()
            },
            settings='[citations]\nlibrary = ["works.bib"]\n',
        ),
    }


KINDS = {
    "markdown": lambda n: _of_texts(markdown(10 * n)),
    "spans": spans,
    "layout": layout,
    "pictures": lambda n: _of_pictures(pictures(n)),
    "extras": extras,
}


# Books of them


def write(folder: Path, name: str, bombs: Mapping[str, Bomb]) -> Path:
    """Write a book that has a memo for each bomb, and one that is none."""
    root = folder / name
    memos = ", ".join(f'"{each}.md"' for each in ("honest", *bombs))
    settings = SETTINGS.format(title=f"Book of {name}", name=name, memos=memos)
    more = "".join(bomb.settings for bomb in bombs.values())
    _put(root / "manuscript/book.toml", settings + more)
    _put(
        root / "manuscript/honest.md",
        "# Honest\n\nA text with a note[^1].\n\n[^1]: N.\n",
    )
    styles = "\n".join(bomb.style for bomb in bombs.values())
    if styles.strip():
        _put(root / "styles/print.css", styles)
    for each, bomb in bombs.items():
        text = bomb.text
        if not text.startswith("---"):
            text = f"# Bomb {each}\n\n{text}\n"
        _put(root / f"manuscript/{each}.md", text)
        for path, data in bomb.files.items():
            _put(root / "manuscript" / path, data)
    return root


def _put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a build of many books."""

    code: int
    found: tuple[dict[str, object], ...]
    """The diagnostics, as JSON has them."""
    peak: int
    """The most memory that the command's own process had, in bytes."""
    text: str
    """What it printed beside."""


# Not by getrusage, which counts the memory of the process before, too.
_PROGRAM = """
import atexit, sys
from pathlib import Path
from memobook.__main__ import main
def told():
    lines = Path("/proc/self/status").read_text().split("\\n")
    peak = next(line for line in lines if line.startswith("VmHWM"))
    Path({report!r}).write_text(peak.split()[1])
atexit.register(told)
sys.argv = ["memobook", *{arguments!r}]
main()
"""


def built(roots: list[Path], patience: float = 600) -> Built:
    """Build books at once, as the command line does."""
    report = roots[0].parent / "peak"
    arguments = ["build", *map(str, roots), "--message-format", "json"]
    program = _PROGRAM.format(report=str(report), arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        timeout=patience,
        encoding="utf-8",
        cwd=roots[0].parent,
        env={k: v for k, v in os.environ.items() if k != "MEMOBOOK_CACHE"},
        check=False,
    )
    lines = [line for line in done.stdout.split("\n") if line.startswith("{")]
    return Built(
        code=done.returncode,
        found=tuple(d for line in lines if "path" in (d := json.loads(line))),
        peak=int(report.read_text()) * 1024 if report.exists() else 0,
        text=done.stderr,
    )


def main() -> int:
    """Build the bombs of some kinds, a book for each kind, and say what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.bombs")
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--each", action="store_true", help="a book for each bomb")
    parser.add_argument("kinds", nargs="*", default=[*KINDS])
    wanted = parser.parse_args()
    for kind in wanted.kinds:
        bombs = KINDS[kind](wanted.size)
        books = [{name: bomb} for name, bomb in bombs.items()]
        for book in books if wanted.each else [bombs]:
            _try(kind, book)
    return 0


def _try(kind: str, book: Mapping[str, Bomb]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before = _cpu()
        done = built([write(Path(folder), kind, book)])
        took = _cpu() - before
    names = ", ".join(book)[:60]
    sys.stdout.write(
        f"{kind} ({names}): exit {done.code}, {took:.1f} s of all processors, "
        f"the command {done.peak >> 20} MB\n"
    )
    told = Counter(f"{d['path']}: {d['code']}" for d in done.found)
    for line, count in told.items():
        sys.stdout.write(f"   {line} ({count})\n")
    sys.stdout.write(f"{done.text[-2000:]}\n" if done.code not in {0, 1} else "")
    sys.stdout.flush()


def _cpu() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


if __name__ == "__main__":
    sys.exit(main())
