"""Diagrams in words: what is drawn, and what is said instead."""

import pytest

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.book.tree import nodes, text_of
from memobook.checks.readings import alternative, pictures
from memobook.diagnostics import Code, Reporter
from tests.book.helpers import books, html, parsed

TWO = 'flowchart LR\n  A["Ask & wait"] --> B'
DIAGRAM = f'```mermaid alt="Two boxes"\n{TWO}\n```'


def test_a_diagram_says_what_it_shows():
    (picture,) = pictures(nodes(parsed(DIAGRAM).body))
    assert alternative(picture) == "Two boxes"
    assert "Ask & wait" in text_of(picture)
    assert 'xmlns="http://www.w3.org/2000/svg"' in html(DIAGRAM)


@pytest.mark.parametrize("start", ['```mermaid {alt="A"}', '``` {.mermaid alt="A"}'])
def test_the_text_may_stand_in_braces(start):
    assert html(f"{start}\n{TWO}\n```") == html(f'```mermaid alt="A"\n{TWO}\n```')


def test_diagrams_share_no_names():
    made = books(f"{DIAGRAM}\n\n{DIAGRAM}").memos[0].body
    names = [n.get("id") for n in nodes(made) if n.has("id")]
    assert len(names) == len(set(names)) > 2
    used = {
        value[5:-1]
        for n in nodes(made)
        for _, value in n.attributes
        if value.startswith("url(#")
    }
    assert used <= set(names)


def test_a_caption_makes_a_figure_of_it():
    made = html(f"{DIAGRAM}\n\n/// figure-caption\nThe way\n///")
    assert made.startswith("<figure>")
    assert '<div class="diagram"><svg' in made


def test_without_a_text_it_is_reported():
    reporter = Reporter()
    source = Source("a.md", f"# T\n\n```mermaid\n{TWO}\n```\n")
    parse_memo(source, "en", reporter)
    (found,) = reporter
    assert (found.code, found.span.line) == (Code.IMAGE_WITHOUT_ALT, 4)
