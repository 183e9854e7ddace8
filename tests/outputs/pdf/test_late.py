"""Page numbers in the text, heads and folios: written when the book is bound."""

import io
import re

import pikepdf
import pypdfium2
import pytest

from memobook.checks.printed import PrintedBook
from memobook.design.section import Stylesheet
from memobook.outputs.pdf.furniture import is_neutral
from memobook.pipeline import build
from memobook.workers import Workers
from tests.harness import make

LINE = (
    "A sentence of a memo that is long enough to fill a line of the page, and more.\n\n"
)


@pytest.fixture(scope="module")
def workers():
    with Workers(2) as made:
        yield made


def memos(more: int = 0) -> dict[str, str]:
    return {
        "manuscript/a.md": "# First\n\nSee [the last](c.md), *[there](c.md#end)*.\n\n"
        + LINE * (30 + more),
        "manuscript/b.md": "# Second\n\n" + LINE * 90 + "See [this](a.md).\n",
        "manuscript/c.md": "# Third\n\n" + LINE * 60 + "## End {#end}\n\nText.\n",
    }


def texts(root) -> list[str]:
    with pypdfium2.PdfDocument(root / "build/a-small-book.pdf") as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def labels(root) -> list[str]:
    with pypdfium2.PdfDocument(root / "build/a-small-book.pdf") as pdf:
        return [pdf.get_page_label(i) for i in range(len(pdf))]


def page_of(root, words: str) -> str:
    (found,) = [
        label
        for label, text in zip(labels(root), texts(root), strict=True)
        if words in text and "Contents" not in text
    ]
    return found


def named(root) -> list[str]:
    return re.findall(r"\(page\s(\d+)\)", "\n".join(texts(root)))


@pytest.mark.parametrize("more", [0, 40, 160])
def test_a_reference_names_the_page_of_its_target(tmp_path, workers, more):
    root = make(tmp_path, memos(more))
    build(root, workers=workers, formats=("pdf",))
    third, end = page_of(root, "MEMO 3"), page_of(root, "End\r\nText.")
    assert named(root) == [third, end, "1"]


def test_the_ten_digits_are_gone_from_the_text(tmp_path, workers):
    root = make(tmp_path, memos())
    build(root, workers=workers, formats=("pdf",))
    assert "0123456789" not in "".join(texts(root))


def test_a_reference_is_a_link_to_its_page_and_says_so(tmp_path, workers):
    root = make(tmp_path, memos())
    build(root, workers=workers, formats=("pdf",))
    with pikepdf.open(root / "build/a-small-book.pdf") as pdf:
        said = {
            str(a.Contents): str(a.get("/Dest"))
            for page in pdf.pages
            for a in page.obj.get("/Annots", ())
            if "page" in str(a.get("/Contents", ""))
        }
    third, end = page_of(root, "MEMO 3"), page_of(root, "End\r\nText.")
    assert said == {
        f"(page\xa0{third})": "c",
        f"(page\xa0{end})": "c_end",
        "(page\xa01)": "a",
    }


def boxes(root) -> list[list[tuple[str, int, int]]]:
    """Return every character with its place, to half a point."""
    out = []
    with pypdfium2.PdfDocument(root / "build/a-small-book.pdf") as pdf:
        for page in pdf:
            text = page.get_textpage()
            out.append(
                sorted(
                    (text.get_text_range(i, 1), round(x * 2), round(y * 2))
                    for i in range(text.count_chars())
                    for x, y, _, _ in [text.get_charbox(i)]
                    # pdfium makes up line ends, by the order of drawing
                    if not text.get_text_range(i, 1).isspace()
                )
            )
    return out


@pytest.mark.parametrize("start", ["next", "right"])
def test_stamped_pages_look_as_if_laid_out_whole(tmp_path, workers, start):
    settings = f'[pdf]\npaper = "a5"\nmemos_start = "{start}"\n'
    stamped = make(tmp_path / "stamped", memos(), settings)
    whole = make(tmp_path / "whole", memos(), settings)
    (whole / "styles").mkdir()
    # A page rule of the project's own: nothing is stamped.
    (whole / "styles/print.css").write_text("@page :left { orphans: 2 }")
    for root in (stamped, whole):
        build(root, workers=workers, formats=("pdf",))
    assert boxes(stamped) == boxes(whole)


@pytest.mark.parametrize(
    ("css", "neutral"),
    [
        ("p { color: red }", True),
        ("a:first-child { color: red }", True),
        ("@page { margin: 1cm }", False),
        ("p::after { content: counter( page ) }", False),
        ("h2 { string-set: x content() }", False),
        ("h1 { break-before: left }", False),
    ],
)
def test_a_style_that_knows_the_page_is_seen(css, neutral):
    assert is_neutral([Stylesheet("styles/print.css", css)], []) is neutral


def test_the_content_of_a_bound_page_can_be_read(tmp_path, workers):
    root = make(tmp_path, memos())
    build(root, workers=workers, formats=("pdf",))
    with pikepdf.open(
        io.BytesIO((root / "build/a-small-book.pdf").read_bytes())
    ) as pdf:
        assert not pdf.check_pdf_syntax()


def listed(root) -> dict[str, str]:
    """Return what the contents say: entry -> page number."""
    pages = "\n".join(t for t in texts(root) if " . . " in t)
    return dict(re.findall(r"^(\S+) [ .]+(\d+)\s*$", pages, re.MULTILINE))


def test_the_contents_find_room_for_longer_numbers_than_a_guess_had(tmp_path, workers):
    text = "".join(f"## N{n}\n\nText.\n\n" for n in range(2, 104))
    files = {
        "manuscript/a.md": f"# N1\n\n{text}",
        "styles/print.css": "h2 { break-before: page }",
    }
    root = make(tmp_path, files)
    build(root, workers=workers, formats=("pdf",))

    assert listed(root) == {f"N{n}": str(n) for n in range(1, 104)}


def test_the_numbers_in_the_contents_end_below_one_another(tmp_path, workers):
    root = make(tmp_path, memos(more=160))
    build(root, workers=workers, formats=("pdf",))

    pdf = PrintedBook((root / "build/a-small-book.pdf").read_bytes())
    (contents,) = (part for part in pdf.parts if next(part.all("TOC"), None))
    runs = [run for entry in contents.all("Link") for run in entry.runs()]
    numbers = [run for run in runs if run.text.strip().isdecimal()]
    assert {len(run.text.strip()) for run in numbers} == {1, 2}
    assert len({round(run.right, 1) for run in numbers}) == 1
