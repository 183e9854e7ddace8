"""What a printing house asks for: bleed, crop marks, and one ink."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from memobook.inspection import inspect
from memobook.outputs.pdf.gray import in_gray
from tests.harness import Built, built, make

MM = 72 / 25.4
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
<linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>
<rect width="40" height="20" fill="url(#g)"/><path d="M0 0L40 20" stroke="#00ff00"/></svg>"""


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (300, 200), (200, 30, 60))
    image.paste((10, 90, 220), (0, 0, 150, 200))
    image.save(out, kind)
    return out.getvalue()


def project(root: Path, settings: str) -> Path:
    files: dict[str, str | bytes] = {
        "manuscript/a.md": "# A\n\nText[^n], and [a link](https://example.org/).\n\n"
        "![A drawing](a.svg)\n\n![A photo](b.jpg){width=30%}\n\n![A picture](c.png){width=30%}\n\n[^n]: Note.\n",
        "manuscript/b.md": "# B\n\n"
        + "Some text for several pages, left and right. " * 250,
        "manuscript/a.svg": SVG,
        "manuscript/b.jpg": picture("JPEG"),
        "manuscript/c.png": picture("PNG"),
    }
    return make(root, files, f'[pdf]\npaper = "a5"\n{settings}')


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("press")
    return built(project(root, 'bleed = "3mm"\ncrop_marks = true\ngray = true\n'))


def box(page: pikepdf.Page, name: str) -> tuple[float, ...]:
    return tuple(round(float(v) / MM, 1) for v in page.obj[name])


def test_every_page_has_its_size_and_room_for_marks_around_it(press):
    with pikepdf.open(press.path("pdf")) as pdf:
        for page in pdf.pages:  # the blank ones, too
            assert box(page, "/TrimBox") == (0, 0, 148, 210)
            assert box(page, "/MediaBox") == (-8, -8, 156, 218)
            bleed = box(page, "/BleedBox")
            assert bleed[0] <= -3
            assert bleed[2] >= 151
    assert set(press.pdf.sizes) == {press.pdf.sizes[0]}


def test_the_cover_of_the_epub_is_cut(press):
    items = press.epub.package.iter("{http://www.idpf.org/2007/opf}item")
    href = next(i.get("href") for i in items if i.get("properties") == "cover-image")
    cover = press.epub.files[f"EPUB/{href}"]
    width, height = Image.open(io.BytesIO(cover)).size
    assert abs(width / height - 148 / 210) < 0.01


def test_nothing_is_wrong_in_the_outputs(press):
    found = inspect(press.root, validators=False)
    assert found.diagnostics == ()


def colours(data: bytes) -> list[str]:
    """Return all that is not gray in a PDF."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                continue
            if each.get("/ColorSpace") == pikepdf.Name.DeviceRGB:
                found.append(str(each.get("/Subtype", each.get("/ShadingType"))))
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Form":
                found += operators(each)
        for page in pdf.pages:
            found += operators(page)
    return found


def operators(stream: pikepdf.Page | pikepdf.Object) -> list[str]:
    names = {"rg", "RG"}
    instructions = pikepdf.parse_content_stream(stream)
    found = [str(i.operator) for i in instructions if str(i.operator) in names]
    chosen = [
        str(i.operands[0])
        for i in instructions
        if str(i.operator) in {"cs", "CS"} and "RGB" in str(i.operands[0])
    ]
    return found + chosen


def test_nothing_has_a_colour(press, tmp_path):
    assert colours(press.path("pdf").read_bytes()) == []
    in_colour = built(project(tmp_path, ""), formats=("pdf",))
    assert {"rg", "/Image"} <= set(colours(in_colour.path("pdf").read_bytes()))


def test_gray_is_the_same_every_time(press):
    data = press.path("pdf").read_bytes()
    assert in_gray(data) == in_gray(data)
