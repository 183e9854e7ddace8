"""A book as bytes: all that it is made of goes along, and comes back as if made here."""

from dataclasses import replace
from pathlib import Path

import pytest

from memobook.cluster.parcels import build_parcel, packed, received, unpacked
from memobook.diagnostics import Code
from memobook.fresh import Order, unchanged
from tests.harness import fonts_of, make

FILES: dict[str, str | bytes] = {
    "manuscript/a.md": "# A\n\n![A](../pictures/a.svg) and ![B](images/b.svg)\n",
    "manuscript/images/b.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "manuscript/deep/c.md": "![C](../../pictures/c.svg)\n",
    "manuscript/e.md": "![E](<../pictures/an e.svg>) ![F](../pictures/an%20f.svg)\n",
    "pictures/an e.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "pictures/an f.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "styles/print.css": "@font-face { src: url(../fonts/f.ttf) }",
    "pictures/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "pictures/c.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "fonts/f.ttf": b"font",
    "notes/private.txt": "nobody's business",
    "build/old.pdf": b"%PDF",
}


def test_what_a_book_names_goes_along_and_nothing_else(tmp_path):
    (tmp_path / "secret.svg").write_text("<svg/>")
    files = {**FILES, "manuscript/d.md": "![S](../../secret.svg)\n"}
    parcel = packed(Order(root=make(tmp_path / "book", files)))
    left = {"notes/private.txt", "build/old.pdf"}
    assert set(parcel.files) == {*files, "manuscript/book.toml"} - left


def test_what_the_shelf_shares_goes_along(tmp_path):
    shelf = {
        "../shelf.toml": "[shelf]\nbooks = ['*']\nstyles = 'house'\nlinks = 'l.toml'\n",
        "../house/print.css": "p { color: red }",
        "../l.toml": "",
    }
    order = Order(root=make(tmp_path / "shelf" / "book", {**FILES, **shelf}))
    parcel = packed(order)
    root = unpacked(parcel.files, tmp_path / "there")
    again = packed(replace(order, root=root))
    assert "@shelf/styles/print.css" in parcel.files
    assert "@shelf/links.toml" in parcel.files
    assert again.files == parcel.files


MEMOS = {"manuscript/a.md": "# A\n\nText.\n", "manuscript/b.md": "# B\n\nText.\n"}


@pytest.fixture
def there(tmp_path: Path, shared_cache: Path) -> Path:
    return fonts_of(shared_cache, tmp_path / "worker")


def test_a_book_comes_back_as_if_it_was_built_here(tmp_path, there):
    order = Order(root=make(tmp_path / "book", MEMOS))
    outcome = received(build_parcel(packed(order), there))
    assert outcome.order == order
    assert outcome.report is not None
    assert outcome.report.outputs[0].path == order.root / "build/a-small-book.pdf"
    found = unchanged(order)
    assert found == replace(outcome.report, nothing_changed=True, laid_out=0)


def test_an_edited_book_takes_along_what_is_still_true(tmp_path, there):
    order = Order(root=make(tmp_path / "book", MEMOS))
    received(build_parcel(packed(order), there))
    (order.root / "manuscript/b.md").write_text("# B\n\nOther text.\n")
    # Another worker, which has only the fonts.
    other = fonts_of(there, tmp_path / "other")
    outcome = received(build_parcel(packed(order), other))
    assert outcome.report is not None
    assert outcome.report.laid_out == 1


def test_an_epub_that_is_built_alone_knows_the_pages_of_the_last_pdf(tmp_path, there):
    order = Order(root=make(tmp_path / "book", MEMOS))
    received(build_parcel(packed(order), there))
    alone = replace(order, formats=("epub",))
    outcome = received(build_parcel(packed(alone), there))
    assert outcome.report is not None
    assert not outcome.report.lacks_page_list


def test_a_book_that_fails_brings_its_findings_and_leaves_the_outputs(tmp_path, there):
    order = Order(root=make(tmp_path / "book", MEMOS))
    received(build_parcel(packed(order), there))
    before = {p: p.read_bytes() for p in (order.root / "build").glob("[!.]*")}
    (order.root / "manuscript/b.md").write_text("# B\n\n![x](none.png)\n")
    outcome = received(build_parcel(packed(order), there))
    assert [d.code for d in outcome.diagnostics] == [Code.IMAGE_MISSING]
    assert before == {p: p.read_bytes() for p in (order.root / "build").glob("[!.]*")}


def test_outputs_that_cannot_be_written_are_told(tmp_path, there):
    order = Order(root=make(tmp_path / "book", MEMOS), cache=tmp_path / "cache")
    delivery = build_parcel(packed(order), there)
    (order.root / "build").write_text("in the way")
    outcome = received(delivery)
    assert [d.code for d in outcome.diagnostics] == [Code.OUTPUT_NOT_WRITABLE]
    assert outcome.exit_code == 1
