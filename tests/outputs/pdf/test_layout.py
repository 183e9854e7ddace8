import base64
import subprocess
import sys
from dataclasses import replace

import pytest

from memobook.crew import DiedError
from memobook.design.fonts import Face
from memobook.design.section import PROJECT_URL, Stylesheet
from memobook.diagnostics import Code, MachineError, Severity, Span
from memobook.outputs.pdf import layout, machine
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.task import Task
from tests.outputs.pdf.sheets import note, opened, page_texts, task

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


def codes(task: Task) -> list[Code]:
    return [d.code for d in lay_out(task).diagnostics]


def test_the_first_page_bears_the_folio_that_the_task_says():
    body = "<p>one</p><p style='break-before: page'>two</p>"

    sheet = lay_out(task(body, first_folio=42))

    assert sheet.diagnostics == ()
    assert page_texts(sheet.pdf) == ["one 42", "two built-in 43"]


@pytest.mark.parametrize(
    ("on_left", "text"), [(True, "one built-in 1"), (False, "one 1")]
)
def test_the_first_page_has_its_side_without_an_empty_page(on_left, text):
    sheet = lay_out(task("<p>one</p>", on_left=on_left))

    assert sheet.pages == 1
    assert page_texts(sheet.pdf) == [text]


def test_a_section_that_starts_on_the_left_goes_on_on_the_right():
    body = "<p>one</p><p style='break-before: page'>two</p>"

    sheet = lay_out(task(body, on_left=True))

    assert page_texts(sheet.pdf) == ["one built-in 1", "two 2"]


def test_every_id_is_an_anchor_in_points_from_the_bottom_left():
    body = (
        "<p id='a'>one <b id='b'>two</b></p><p id='c' style='break-before: page'>.</p>"
    )

    sheet = lay_out(task(body))

    places = dict(sheet.anchors)
    assert list(places) == ["a", "b", "c"]
    assert [places[name].page for name in "abc"] == [0, 0, 1]
    # The page is 400 pixels high, its margin 40, the paragraph's own margin 12.
    assert (places["a"].x, places["a"].y) == (30, 300 - 0.75 * (40 + 12))
    assert places["b"].x > places["a"].x


def test_a_plain_selector_of_the_project_beats_a_class_of_the_built_in_sheet():
    red = lay_out(task("<p class='first'>one</p>"))
    blue = lay_out(task("<p class='first'>one</p>", own="p { color: rgb(0, 0, 255) }"))

    assert b"1 0 0 rg" in contents(red.pdf)
    assert b"1 0 0 rg" not in contents(blue.pdf)
    assert b"0 0 1 rg" in contents(blue.pdf)


def test_a_plain_page_rule_of_the_project_beats_one_for_left_pages():
    own = "@page { @top-left { content: 'mine' } }"

    assert page_texts(lay_out(task("<p>one</p>", own=own, on_left=True)).pdf) == [
        "one mine 1"
    ]


def contents(data: bytes) -> bytes:
    with opened(data) as pdf:
        return pdf.pages[0].Contents.read_bytes()


@pytest.mark.parametrize(
    ("own", "line", "column", "message"),
    [
        ("p { colr: red }", 1, 5, "ignored `colr: red `, unknown property"),
        ("\n/* é */ p{margin:x}", 2, 11, "ignored `margin:x`, invalid value"),
        (
            "q {}\np::foo { color: red }",
            2,
            1,
            "invalid or unsupported selector, 'p::foo '",
        ),
        (
            "@media print {\n b:nope { color: red }}",
            2,
            2,
            "invalid or unsupported selector, 'b:nope '",
        ),
        ("\n @page :odd {}", 2, 2, None),
        (
            ":root { --no: 3px }\np { color: var(--no) }",
            2,
            12,
            "ignored `color: 3px`, invalid value",
        ),
    ],
)
def test_an_ignored_rule_is_an_error_with_its_line_and_column(
    own, line, column, message
):
    (found,) = lay_out(task("<p>one</p>", own=own)).diagnostics

    assert found.code is Code.STYLE_IGNORED
    assert found.severity is Severity.ERROR
    assert found.span == Span("styles/print.css", line, column)
    assert message in (found.message, None)


def test_an_ignored_rule_of_a_built_in_sheet_does_not_stop_a_book():
    faulty = Stylesheet("memobook/print.css", "p { colr: red }", is_builtin=True)

    (found,) = lay_out(replace(task("<p>one</p>"), stylesheets=(faulty,))).diagnostics

    assert (found.severity, found.code) == (Severity.WARNING, Code.STYLE_IGNORED)
    assert found.span == Span("memobook/print.css", 1, 5)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.png",
        "https://project.invalid.example.org/a.png",
        "file:///etc/passwd",
        "ftp://example.org/a.png",
        "data:text/css,p{}",
    ],
)
def test_only_the_project_s_files_are_read(url, tmp_path):
    sheet = lay_out(task(f"<p><img src='{url}' alt='x'></p>", root=tmp_path))

    (found,) = sheet.diagnostics
    assert found.code is Code.RESOURCE_REMOTE
    assert url in found.message
    assert found.span == Span("manuscript/space.md")
    assert sheet.inputs == ()


@pytest.mark.parametrize(
    ("own", "html"),
    [
        ("@import url(http://example.org/a.css);", ""),
        ("p { background: url(http://example.org/a.png) }", ""),
        ("@font-face { font-family: x; src: url(http://example.org/a.ttf) }", ""),
        ("", "<link rel='stylesheet' href='http://example.org/a.css'>"),
        (
            "",
            "<svg width='9' height='9'><image href='http://example.org/a.png'/></svg>",
        ),
    ],
)
def test_nothing_else_reaches_the_network(own, html, tmp_path):
    found = codes(task(f"<p>one</p>{html}", own=own, root=tmp_path))

    assert Code.RESOURCE_REMOTE in found


def test_a_path_that_leads_out_of_the_project_is_refused(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "secret.png").write_bytes(PIXEL)
    url = PROJECT_URL + "%2e%2e/secret.png"

    found = codes(task(f"<p><img src='{url}' alt='x'></p>", root=tmp_path / "book"))

    assert found == [Code.FILE_OUTSIDE]


def test_a_picture_of_the_project_is_read_and_recorded(tmp_path):
    (tmp_path / "a b.png").write_bytes(PIXEL)

    sheet = lay_out(
        task(f"<p><img src='{PROJECT_URL}a b.png' alt='x'></p>", root=tmp_path)
    )

    assert sheet.diagnostics == ()
    assert [path for path, _ in sheet.inputs] == ["a b.png"]


def test_a_picture_that_is_missing_or_broken_is_reported(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    body = "".join(
        f"<img src='{PROJECT_URL}{name}' alt='x'>" for name in ("no.png", "broken.png")
    )

    sheet = lay_out(task(f"<p>{body}</p>", root=tmp_path))

    assert {d.code for d in sheet.diagnostics} == {
        Code.IMAGE_MISSING,
        Code.IMAGE_UNREADABLE,
    }
    assert [path for path, _ in sheet.inputs] == ["broken.png", "no.png"]


def test_a_character_that_no_font_has_is_named_once():
    (found,) = lay_out(task("<p>日 and 日</p>")).diagnostics

    assert (found.code, found.severity) == (Code.GLYPH_MISSING, Severity.ERROR)
    assert found.message == "no font has “日” (U+65E5)"


def test_no_font_of_the_system_steps_in():
    with opened(lay_out(task("<p style='font-family: serif'>one</p>")).pdf) as pdf:
        fonts = pdf.pages[0].Resources.Font

    assert {str(font.BaseFont).split("+")[1] for _, font in fonts.items()} == {
        "Literata"
    }


def test_a_font_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "a.ttf").write_bytes(b"no font")
    face = Face("Broken", tmp_path / "a.ttf", is_italic=False, weight=400)
    made = task("<p>one</p>")

    (found,) = lay_out(replace(made, faces=(*made.faces, face))).diagnostics

    assert (found.code, found.severity) == (Code.FONT_NOT_FOUND, Severity.ERROR)
    assert found.message == "the font file of Broken cannot be read"


def test_a_remote_style_sheet_is_reported_at_the_sheet_that_names_it():
    own = "@import url(http://example.org/a.css);"

    (found,) = lay_out(task("<p>one</p>", own=own)).diagnostics

    assert found.code is Code.RESOURCE_REMOTE
    assert found.span == Span("styles/print.css")


def test_a_link_to_a_lost_anchor_is_our_own_fault():
    assert codes(task("<p><a href='#nowhere'>x</a></p>")) == [Code.OUTPUT_INCOMPLETE]


def test_a_picture_without_alternative_text_is_decoration(tmp_path):
    (tmp_path / "a.png").write_bytes(PIXEL)

    assert codes(task(f"<img src='{PROJECT_URL}a.png' alt=''>", root=tmp_path)) == []


def test_a_short_note_stays_at_the_foot():
    sheet = lay_out(task(f"<p>one{note(1, 'A note.')}</p>"))

    assert (sheet.moved, sheet.diagnostics) == (frozenset(), ())
    assert page_texts(sheet.pdf) == ["one1 1. A note. 1"]


def test_a_note_taller_than_the_page_is_reported_before_it_is_lost():
    words = [f"w{i}" for i in range(400)]
    body = f"<p>one{note(1, ' '.join(words))} two{note(2, 'Short.')}</p>"

    cut = lay_out(task(body))
    moved = lay_out(task(f"<p>one two{note(2, 'Short.')}</p><p>{' '.join(words)}</p>"))

    assert cut.moved == {"space__note-1"}
    assert set(words) - set(" ".join(page_texts(cut.pdf)).split())
    assert moved.moved == frozenset()
    assert not set(words) - set(" ".join(page_texts(moved.pdf)).split())


def test_notes_that_do_not_fit_together_lose_no_word_once_the_reported_ones_are_moved():
    texts = {n: " ".join(f"n{n}w{i}" for i in range(60 + n)) for n in range(1, 9)}
    moved: set[int] = set()
    sheet = None
    while sheet is None or sheet.moved:
        calls = [f"text {'' if n in moved else note(n, texts[n])}" for n in texts]
        ends = [f"<p>{texts[n]}</p>" for n in sorted(moved)]
        sheet = lay_out(task(f"<p>{' '.join(calls)}</p>{''.join(ends)}"))
        moved |= {int(name.rpartition("-")[2]) for name in sheet.moved}

    assert 0 < len(moved) < 8
    words = {word for text in texts.values() for word in text.split()}
    assert not words - set(" ".join(page_texts(sheet.pdf)).split())


def test_a_machine_without_pango_is_told_the_command(monkeypatch):
    def no_pango(name, *args, **keywords):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **keywords)

    real = __import__
    monkeypatch.setattr("builtins.__import__", no_pango)

    with pytest.raises(MachineError, match="Pango") as caught:
        layout.prepare_process.__wrapped__()

    assert caught.value.hint == machine.pango_hint()


@pytest.mark.parametrize(
    ("system", "tool", "hint"),
    [
        ("Linux", "apt-get", "sudo apt-get install libpango-1.0-0"),
        ("Linux", "dnf", "sudo dnf install pango"),
        ("Linux", "pacman", "sudo pacman -S pango"),
        ("Linux", "apk", "sudo apk add pango"),
        ("Linux", None, "install the package pango"),
        ("Darwin", "brew", "brew install pango, then export DYLD_"),
        ("Windows", None, "install MSYS2"),
    ],
)
def test_the_hint_is_the_command_of_the_system(monkeypatch, system, tool, hint):
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("shutil.which", lambda name: name if name == tool else None)

    assert machine.pango_hint().startswith(hint)


def test_importing_the_module_does_not_import_weasyprint():
    script = (
        "import sys, memobook.outputs.pdf.layout; print('weasyprint' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )

    assert done.stdout == "False\n"


def test_what_the_engine_finds_no_way_out_of_is_told_as_its_fault():
    wild = task("<p class='wild'>x</p>", own=".wild { font-size: 1000000000px }")
    with pytest.raises(DiedError, match="ZeroDivisionError"):
        lay_out(wild)


def test_what_makes_an_epub_imports_nothing_that_writes_a_pdf():
    script = (
        "import sys, memobook.making, memobook.composing;"
        " print({'pikepdf', 'weasyprint', 'markdown'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )

    assert done.stdout == "set()\n"
