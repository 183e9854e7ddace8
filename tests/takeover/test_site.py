"""The site that a book was a part of."""

from pathlib import Path

from memobook.takeover.signs import spelt
from memobook.takeover.site import find_site

ROOT = Path("/book/src")
FULL = [(ROOT, f"https://doc.example.org/std/{n}.html") for n in ("a", "b")]


def test_a_page_beside_the_book_is_one_of_the_site_that_full_addresses_name():
    site = find_site(ROOT, [*FULL, (ROOT, "../std/ops/drop.html")])
    assert site.url("../std/ops/drop.html#x", ROOT) == (
        "https://doc.example.org/std/ops/drop.html#x"
    )
    assert site.url("../../alloc/index.html", ROOT / "vec").endswith(
        "/alloc/index.html"
    )
    assert site.url("other.html", ROOT) == ""


def test_nothing_is_guessed_without_two_proofs():
    assert find_site(ROOT, [*FULL[:1], (ROOT, "../std/a.html")]).address == ""
    assert find_site(ROOT, [*FULL, (ROOT, "../core/a.html")]).address == ""


def test_a_sign_without_a_font_is_said_with_others():
    known = frozenset("0123456789一")
    assert spelt("𝟬", known) == "0"
    assert spelt("🎉", known) == "[party popper]"
    assert spelt("𠮷", known) == "[U+20BB7]"
    assert spelt("한", known) == ""
