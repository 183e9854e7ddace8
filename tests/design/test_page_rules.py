"""A page neither runs nor loads anything, whoever wrote its template."""

from pathlib import Path

import pytest

from memobook.design.page_rules import faults
from memobook.design.section import PROJECT_URL
from memobook.design.theme import load_theme
from memobook.diagnostics import Reporter
from memobook.project.config import load
from memobook.project.files import Files
from tests.harness import make

PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    "<head><title>T</title></head><body>{}</body></html>"
)
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'


@pytest.mark.parametrize(
    "body",
    [
        '<section epub:type="chapter" role="doc-chapter" aria-label="x" data-x="y"/>',
        '<a href="https://example.org">x</a><a href="mailto:a@b.c">x</a><a href="#a">x</a>',
        '<a href="memobook:a">x</a><a href="memobook-page:a">1</a><a href="a.xhtml#b">x</a>',
        f'<img src="{PROJECT_URL}manuscript/a.png" alt=""/><img src="../images/a.png" alt=""/>',
        '<p style="color: red; background: url(../images/a.png)">x</p>',
        "<style>p { color: var(--ink) }</style><nav><ol><li>x</li></ol></nav>",
        f'<svg {SVG} viewBox="0 0 9 9"><path d="M0 0" fill="url(#a)"/><use xlink:href="#a"/></svg>',
        f'<math {MATH} alttext="x"><mi>x</mi></math>',
        '<link rel="stylesheet" type="text/css" href="../css/book.css"/>',
        '<table><tr><td colspan="2">x</td></tr></table><img src="data:image/png;base64,AA" alt=""/>',
    ],
)
def test_what_memobook_and_designers_write_is_no_fault(body: str) -> None:
    assert () == faults(PAGE.format(body))


@pytest.mark.parametrize(
    "body",
    [
        "<script>x()</script>",
        "<SCRIPT>x()</SCRIPT>",
        '<p onclick="x()">x</p>',
        '<body onload="x()"></body>',
        '<a href="javascript:x()">x</a>',
        '<a href=" java&#10;script:x()">x</a>',
        '<a href="//example.org">x</a>',
        '<a href="file:///etc/passwd">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="https://example.org" ping="https://example.org">x</a>',
        '<img src="https://example.org/a.png" alt=""/>',
        '<img src="a.png" srcset="https://example.org/a.png 2x" alt=""/>',
        '<link rel="stylesheet" href="https://example.org/a.css"/>',
        '<link rel="attachment" href="a.txt"/>',
        '<meta http-equiv="refresh" content="0"/>',
        '<base href="https://example.org/"/>',
        '<iframe src="a.html"></iframe>',
        '<object data="a.swf"></object>',
        '<form action="x"><input/></form>',
        '<video src="a.mp4"></video>',
        '<p style="background: url(https://example.org/a.png)">x</p>',
        "<style>@import 'a.css';</style>",
        "<style>p { background: url(//example.org) }</style>",
        f'<svg {SVG}><image href="https://example.org/a.png"/></svg>',
        f'<svg {SVG}><foreignObject/></svg>',
        f'<svg {SVG}><a xlink:href="javascript:x()"/></svg>',
        f'<svg {SVG}><path fill="url(https://example.org/a)"/></svg>',
        f'<math {MATH}><mi href="javascript:x()">x</mi></math>',
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">x()</x:script>',
        "<p><br><script>x()</script></p>",
    ],
)  # fmt: skip
def test_what_runs_or_loads_is_a_fault(body: str) -> None:
    assert faults(PAGE.format(body))


def test_a_template_that_writes_such_a_thing_is_told_with_its_line(
    tmp_path: Path,
) -> None:
    template = (
        '{% extends "base.html.j2" %}\n{% block content %}\n'
        '<p onclick="x()">{{ title }}</p>\n<SCRIPT src="a.js"></SCRIPT>\n{% endblock %}\n'
    )
    make(tmp_path, {"manuscript/a.md": "# A\n\nB\n", "styles/cover.html.j2": template})
    project = load(Files(tmp_path), Reporter())
    assert project is not None
    theme = load_theme(project, Files(tmp_path), Reporter())
    reporter = Reporter()
    names = ("language", "direction", "title", "running", "kind", "medium")
    values = dict.fromkeys(names, "x")
    assert "" == theme.render("cover.html.j2", reporter, **values)
    expected = [("styles/cover.html.j2", 3, 4), ("styles/cover.html.j2", 4, 1)]
    assert expected == [(d.span.path, d.span.line, d.span.column) for d in reporter]
    assert {"template-error"} == {d.code.value for d in reporter}
