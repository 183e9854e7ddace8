"""Where each link leads, and which file each picture is."""

from dataclasses import replace

import pytest

from memobook.book.model import Picture, Source
from memobook.book.parse import parse_memo
from memobook.book.references import resolve_pictures
from memobook.book.tree import Node
from memobook.diagnostics import Reporter, Span
from tests.book.helpers import books, codes, find


def links(*texts: str) -> list[tuple[str, str]]:
    """Return target and class of the first memo's links."""
    found = find(books(*texts).memos[0], "a")
    return [(n.get("href"), n.get("class")) for n in found if n.has("href")]


def faults(*texts: str) -> list[tuple[str, int, int]]:
    reporter = Reporter()
    books(*texts, reporter=reporter)
    return codes(reporter)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://Example.org", "HTTP://Example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+1-555", "tel:+1-555"),
        ("DOI:10.1000/1<2", "https://doi.org/10.1000/1%3C2"),
        ("urn:isbn:9780306406157", "urn:isbn:9780306406157"),
        ("<https://example.org/x y|z>", "https://example.org/x%20y%7Cz"),
        ("https://example.org/%20é", "https://example.org/%20é"),
        ("https://example.org/\ue000\ufffd", "https://example.org/%EE%80%80%EF%BF%BD"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://example.org/%zz?100%", "https://example.org/%25zz?100%25"),
    ],
)
def test_a_link_to_the_world_stays_as_it_is(target, expected):
    assert [(expected, "external")] == links(f"[a]({target})")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("b.md", "memobook:b"),
        ("./b.md", "memobook:b"),
        ("../manuscript/b.md", "memobook:b"),
        ("b.md#", "memobook:b"),
        ("b.md#space-law", "memobook:b_space-law"),
        ("b.md#Space law", "memobook:b_space-law"),
        ("b.md#Space%20law", "memobook:b_space-law"),
        ("#here", "memobook:a_here"),
        ("a.md#here", "memobook:a_here"),
    ],
)
def test_a_link_to_a_memo_or_heading_leads_to_its_anchor(target, expected):
    texts = (f"[x](<{target}>)\n\n## Here", "## Space law")
    assert [(expected, "xref")] == links(*texts)


@pytest.mark.parametrize(
    ("target", "expected"), [("b.md", "B"), ("b.md#law", "Law"), ("b.md#x", "B")]
)
def test_a_link_without_a_text_says_what_it_leads_to_is_called(target, expected):
    book = books(f"See [<!-- -->]({target}).", "## Law\n\n*Text*{#x}.")
    assert [(expected,)] == [a.children for a in find(book.memos[0], "a")]


@pytest.mark.parametrize(
    ("target", "expected"), [("b.md", "B"), ("https://e.org/", "https://e.org/")]
)
def test_a_picture_that_is_a_link_says_where_it_leads_if_it_says_nothing(
    target, expected
):
    written = f"See [![](a.png){{.decorative}}]({target}) [![Map](a.png)]({target})."
    images = find(books(written, "Text.").memos[0], "img")
    assert [expected, "Map"] == [image.get("alt") for image in images]
    (drawing,) = find(books(f"See [<svg/>]({target}).", "Text.").memos[0], "svg")
    assert expected == drawing.get("aria-label")


def test_a_place_without_an_address_has_no_note():
    (place,) = find(books('A <a id="x" note="n">b</a>.').memos[0], "a")
    assert place.attributes == (("id", "a_x"),)


def test_a_link_may_lead_into_a_footnote():
    text = "[x](#there).[^1]\n\n[^1]: *Note*{#there}."
    assert ("memobook:a_there", "xref") == links(text)[0]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("", "link-placeholder"),
        ("#", "link-placeholder"),
        ("c.md", "link-target-missing"),
        ("B.md", "link-target-missing"),
        ("example.org", "link-target-missing"),
        ("b.md#nowhere", "link-anchor-missing"),
        ("#nowhere", "link-anchor-missing"),
        ("javascript:x", "link-scheme"),
        ("file:///x", "link-scheme"),
        ("//example.org", "link-scheme"),
    ],
)
def test_a_link_that_leads_nowhere_keeps_its_text(target, expected):
    reporter = Reporter()
    book = books(f"See [*this* place]({target}).", "Text.", reporter=reporter)
    assert [(expected, 4, 20)] == codes(reporter)
    assert find(book.memos[0], "a") == []
    assert find(book.memos[0], "em") != []


def test_links_everywhere_are_resolved():
    text = (
        "## [h](c.md)\n\n| [t](c.md) |\n|---|\n| [u](c.md) |\n\n> - [l](c.md)[^1]\n\n"
        "![i](i.png)\n\n/// caption\n[k](c.md)\n///\n\n[^1]: [n](c.md)"
    )
    expected = [("link-target-missing", line, c) for line, c in [
        (4, 8), (6, 7), (8, 7), (10, 9), (15, 5), (18, 11),
    ]]  # fmt: skip
    assert expected == faults(text)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("bb.md", "did you mean b.md?"),
        (
            "example.org/a",
            "memos: a.md, b.md; for a page of the web, begin with https://",
        ),
        ("zzz.md", "memos: a.md, b.md"),
        ("b.md#spice-law", "did you mean #space-law?"),
        ("#x", "it has neither"),
    ],
)
def test_a_hint_says_what_to_write(target, expected):
    reporter = Reporter()
    books(f"[x]({target})", "## Space law", reporter=reporter)
    assert [expected] == [d.hint for d in reporter]


def test_the_hint_of_a_large_book_is_short():
    reporter = Reporter()
    many = "\n\n".join(f"## Heading {n}" for n in range(30))
    books(f"[x](#zzz)\n\n{many}", reporter=reporter)
    (found,) = reporter
    assert found.hint.endswith(", …")
    assert len(found.hint) < 200


# Pictures


def test_a_picture_has_its_path_in_the_project():
    memo = books("![A](images/a.png) ![B](../logo.png) ![C](<my c.png>)").memos[0]
    paths = ["manuscript/images/a.png", "logo.png", "manuscript/my c.png"]
    assert paths == [n.get("src") for n in find(memo, "img")]
    assert paths == [p.path for p in memo.pictures]
    assert Picture(paths[0], Span("manuscript/a.md", 4, 6, 12)) == memo.pictures[0]


def test_pictures_of_footnotes_and_of_the_block_count_too():
    text = "Text.[^1]\n\n[^1]: ![A](a.png)"
    block = "---\ntitle: T\nabstract: An ![icon](b.png) here.\n---\n"
    source = Source("manuscript/a.md", block + text)
    memo = parse_memo(source, "en", Reporter())
    book = resolve_pictures(replace(books(text), memos=(memo,)), Reporter())
    paths = ["manuscript/b.png", "manuscript/a.png"]
    assert paths == [p.path for p in book.memos[0].pictures]
    assert paths[0] == book.memos[0].abstract[1].get("src")  # type: ignore[union-attr]  # the picture


def test_a_picture_has_no_place_in_the_imprint():
    reporter = Reporter()
    image = Node("img", (("src", "a.png"), ("alt", "Logo")))
    book = replace(books("Text."), imprint=Node("div", (), ("By ", image)))
    assert resolve_pictures(book, reporter).imprint.children == ("By Logo",)
    assert ["html-not-allowed"] == [code for code, *_ in codes(reporter)]


@pytest.mark.parametrize("target", ["https://e.org/a.png", "//e.org/a.png", "data:x"])
def test_a_picture_from_a_server_is_refused_and_leaves_its_words(target):
    reporter = Reporter()
    book = books(f"A ![map]({target}) b", reporter=reporter)
    assert [("resource-remote", 4, 10)] == codes(reporter)
    assert book.memos[0].body.children[0].children == ("A map b",)  # type: ignore[union-attr]  # a paragraph
    assert book.memos[0].pictures == ()


@pytest.mark.parametrize("text", ["![](a.png)", "![ ](a.png)", '<img src="a.png">'])
def test_a_picture_without_alternative_text_is_a_fault(text):
    assert ["image-without-alt"] == [code for code, *_ in faults(text)]


def test_a_decoration_needs_no_alternative_text():
    assert faults("![](a.png){.decorative}") == []


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("width=300", (("width", "300"),)),
        ("height=200 width=300", (("height", "200"), ("width", "300"))),
        ("width=50%", (("style", "width: 50%"),)),
        ('width=50% height="3cm"', (("style", "width: 50%; height: 3cm"),)),
        ('width="1px;color:red"', ()),
        ("width=wide", ()),
    ],
)
def test_a_width_that_is_no_number_of_pixels_is_a_style(attributes, expected):
    (image,) = find(books(f"![A](a.png){{{attributes}}}").memos[0], "img")
    found = tuple(a for a in image.attributes if a[0] in {"width", "height", "style"})
    assert expected == found
