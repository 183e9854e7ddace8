"""Put one of everything that an author can write into every memo of a book.

What goes in: a project that books.py has made. What comes out: the same project, whose
memos have a section more with a callout, formulas, tables, references, citations, terms
of the index and so on, and whose settings ask for parts, lists and numbers. It is
built beside the plain book, to tell what constructs cost.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.benchmarks.books import memo_paths

__all__ = ["add_constructs"]

_SECTION = """\
## What else the memo holds {#else index="Export controls"}

The control lists name [goods]{index="Export controls > goods"}, software and technology, \
as [@tbl:lists] tells; [@sec:made] says how the memo was made, and [@memo:memo-0001] is \
the first of all. Norms are older than lists [@hoyt, p. 12], and [dual-use goods]\
{term="Dual use"} older than [norms]{.term}.[^lists] A stage of exhaust velocity $v_e$ gives

$$
\\Delta v = v_e \\ln \\frac{m_0}{m_1}
$$ {#eq:rocket alt="delta v is v e times the logarithm of m nought over m one"}

and {{ press }} prints it. Press ++ctrl+f++ to find it on a screen; CO~2~ and x^2^ are set \
as they should, and [NATO]{.smallcaps} ==may be marked==, *[le mot juste]{lang=fr}*.

> [!WARNING]
> A licence is asked for before a contract is signed, [not after it](https://www.bis.gov/).

{{ include data/launches.csv }}

/// table-caption
Launches to orbit {#tbl:launches}
///

| Regime | Since {colspan=2} | |
| --- | ---: | ---: |
| Wassenaar | 1996 | 42 |
| Australia Group | 1985 | 43 |

/// table-caption
Regimes that control exports {#tbl:lists}
///

/// html | div.timeline
1975
:   Aryabhata, the first Indian satellite, is launched.

2016
:   India joins the Missile Technology Control Regime.
///

/// html | div.pull-quote
Interests have drawn together faster than norms.
///

- [x] the list is read
- [ ] the licence is granted

{{ if pdf }}
The printed book has page numbers.
{{ else }}
The EPUB leads to its pages by a touch.
{{ end }}

[^lists]: The lists change every year, see [@eq:rocket] and [@wu].

"""
_BLOCK = "epigraph:\n  text: Space is *big*.\n  source: Douglas Adams\n"
_GLOSSARY = """\
---
title: Glossary
kind: glossary
---

Dual use
:   Of goods that serve civil and military ends alike.

Norms
:   What states expect of each other, whether or not it is written down.
"""
_FOREWORD = """\
---
title: Foreword
---

Each memo of this book stands by itself, and all can be read [in order](memo-0001.md).
"""
_WORKS = """[
  {"id": "hoyt", "type": "book", "title": "Norms in Orbit", "publisher": "Springer",
   "issued": {"date-parts": [[2020]]}, "author": [{"family": "Hoyt", "given": "Anna"}]},
  {"id": "wu", "type": "webpage", "title": "Controls", "URL": "https://example.org/wu",
   "issued": {"date-parts": [[2015]]}, "author": [{"family": "Wu", "given": "Xiaodan"}]}
]
"""
_LAUNCHES = "State,2022,2023\nUnited States,78,109\nChina,64,67\nIndia,5,7\n"
_SETTINGS = """
[variables]
press = "the press"

[citations]
library = "works.json"

[abbreviations]
terms = { WTO = "World Trade Organization" }
listed = true
"""


def add_constructs(root: Path) -> None:
    """Write them into a project."""
    manuscript = root / "manuscript"
    for path in memo_paths(root):
        text = path.read_text("utf-8").replace("---\n", f"---\n{_BLOCK}", 1)
        head, mark, about = text.partition("## How this memo is made")
        _write(path, f"{head}{_SECTION}{mark}{about}")
    _write(manuscript / "glossary.md", _GLOSSARY)
    _write(manuscript / "foreword.md", _FOREWORD)
    _write(manuscript / "works.json", _WORKS)
    _write(manuscript / "data" / "launches.csv", _LAUNCHES)
    settings = manuscript / "book.toml"
    _write(settings, _with_matter(settings.read_text("utf-8")) + _SETTINGS)


def _with_matter(settings: str) -> str:
    """Return the settings with parts, front and back matter, and numbered headings."""
    (names,) = re.findall(r"^memos = (\[.*\])", settings, re.MULTILINE)
    lines = (
        'front = ["foreword.md", "figures", "tables"]',
        f'parts = [{{ title = "Memos", memos = {names} }}]',
        'back = ["glossary.md", "authors"]',
        "number_headings = 2",
        "memo_contents = 1",
    )
    return settings.replace(f"memos = {names}", "\n".join(lines))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
