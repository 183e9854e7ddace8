"""Front matter and book.toml at random: right, nearly right, and wrong."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.drafts import SETTINGS
from tests.fuzz.markdown import inlines

__all__ = ["blocks", "broken_books", "tables"]

# YAML

_SCALAR = st.one_of(
    inlines.map(lambda text: repr(text.replace("\n", " "))),
    inlines,
    st.sampled_from(
        """no yes null ~ 010 12:30 12:30:45 1e3 .inf 0x1F 2024-02-29 2024-02-30 2024-13-01 0000-00-00
        -1 9999999999999999999999 "" '' | > >- |+ [] {} [a] [[]] {a:b} &a *a &a*a !!python/name:os.system
        !x !!binary|aGk= "\\x00" "\\ud800" ? - : # @a %a `a <<:*a "unclosed 'unclosed [unclosed {unclosed
        de en-US he xx zh-Hant draft footnotes inline off foreword true 2""".split()
    ),
)
_KEY = st.sampled_from(
    """title subtitle authors place date language abstract key_points slug kind number_headings
    contents epigraph status notes titel Title <<""".split()
)
_LIST = st.lists(_SCALAR, max_size=3).map(
    lambda found: "".join(f"\n  - {f}" for f in found)
)
_PEOPLE = st.sampled_from(
    [
        "[Ada Writer]", "\n  - name: Ada Writer\n    place: ◊", "\n  - Ada\n  - name: ◊\n    sort: ◊",
        "\n  - name: Ada\n    bio: ◊ *◊* [◊](https://example.org/bio)", "Ada", "\n  - nam: x", "[1, 2]",
        "\n  text: ◊ *◊*.\n  source: ◊", "\n  - a\n - b", "\n\t- a",
    ]
)  # fmt: skip
_LINE = st.builds("{}: {}".format, _KEY, st.one_of(_SCALAR, _SCALAR, _LIST, _PEOPLE))
_RIGHT = st.lists(
    st.sampled_from(
        [
            "subtitle: ◊ *◊*", "authors: [Ada Writer, ◊]", "place: ◊", "date: 2024-02-29", "language: de",
            "abstract: ◊ [◊](https://example.org/abstract)", "key_points:\n  - ◊ **◊**\n  - ◊", "status: ◊",
            "number_headings: 2", "contents: 1", "notes: inline", "notes: memo-notes", "language: he",
            "epigraph:\n  text: ◊ *◊*.\n  source: ◊, [◊](https://example.org/epigraph)", "epigraph: ◊ ◊",
            "authors:\n  - name: Ada ◊\n    affiliation: ◊\n    place: ◊", "subtitle: \"◊ 'x' & <◊>\"",
        ]
    ),
    max_size=4,
    unique_by=lambda line: line.split(":")[0],
).map("\n".join)  # fmt: skip
_WRONG = st.lists(_LINE, max_size=5).map("\n".join)

blocks = st.one_of(
    *[_RIGHT.map("---\ntitle: ◊ ◊\n{}\n---\n\n".format)] * 9,
    _RIGHT.map('---\ntitle: "◊: *◊* & <◊>"\n{}\n---\n\n'.format),
    _WRONG.map("---\ntitle: ◊ ◊\n{}\n---\n\n".format),
    _WRONG.map("---\n{}\n---\n".format),
    st.sampled_from(["", "# ◊ ◊\n\n", "---\n---\n", "---\n", "\ufeff---\ntitle: ◊\n---\n", "---\ntitle: ◊\n...\n", "--- \ntitle: ◊\n", "---\r\ntitle: ◊\r\n---\r\n"]),
)  # fmt: skip
"""What stands before a memo's text; often right."""

# TOML

tables = st.fixed_dictionaries(
    {key: st.sampled_from(values) for key, values in SETTINGS.items()}
)
"""Settings as tests.drafts knows them: right ones."""

_TOML_KEY = st.sampled_from(
    [
        *SETTINGS, "book.name", "book.identifier", "book.publisher", "book.subjects", "book.contributors",
        "contents.memos", "contents.parts", "contents.front", "contents.back", "contents.appendices",
        "pdf.standard", "pdf.crop_marks", "pdf.attach_sources", "pdf.identifier", "epub.page_list",
        "epub.accessibility", "abbreviations.terms", "citations.library", "style.fallback", "style.ink",
        "style.leading", "style.measure", "text.profiles", "check.warn", "profiles.draft", "words.contents",
        "nothing", "pdf", "a.b.c.d", '"quoted key"', "''", "é",
    ]
)  # fmt: skip
_TOML_VALUE = st.one_of(
    st.sampled_from([value for values in SETTINGS.values() for value in values if value]),
    st.sampled_from(
        [
            "1", "-1", "0", "1e400", "nan", "inf", "true", '""', "''", '"one.md"', '["one.md"]', "[]", "{}",
            '["one.md", "one.md"]', '["none.md"]', '["../x.md"]', '["/etc/passwd"]', '[["one.md"]]',
            "2024-02-30", "2024-02-29T12:00:00Z", "12:30", "99999999999999999999", '"\\ud800"', '"\\u0000"',
            '[{ title = "P", memos = ["one.md"] }]', '[{ memos = [] }]', '[{ name = "A", role = "aut" }]',
            '[{ name = "", role = "zzz" }]', '"1mm 1mm"', '"0mm 0mm"', '"9999mm 9999mm"', '"#fff"', '"red"',
            '"#8a2f24"', '"1pt"', '"0pt"', '"100pt"', '"1mm"', '"x"', '"en-US"', '"ar"', '"zh"', '"pdf/a-1b"',
            '["pdf/ua-1", "pdf/a-3a"]', '"pdf/x-4"', '{ a = "b" }', '{ text = { mark = "D" } }', '"../../x"',
            '"978-3-16-148410-0"', '"978-3-16-148410-1"', '"urn:x:y"', '"a/b"', '"CON"', '"' + "x" * 300 + '"',
            '"<b>&</b>"', '"a\\tb\\nc"', '"""a\nb"""', "'''", '"', "[", "{", "=", "#", "1979-05-27", "00:00",
        ]
    ),
)  # fmt: skip
_TOML_LINE = st.one_of(
    st.builds("{} = {}".format, _TOML_KEY, _TOML_VALUE),
    st.builds("{} = {}".format, _TOML_KEY, _TOML_VALUE),
    st.sampled_from(["[book]", "[pdf]", "[[contents.parts]]", "[x.y]", "[", "]", "=", "\x00", "\ufeff", "\\", "é = 1", "[words]", "[variables]", "[profiles.a]"]),
)  # fmt: skip
_START = '[book]\ntitle = "A Book"\nlanguage = "en-US"\ndate = 2025-06-09\n\n'
broken_books = st.one_of(
    st.lists(_TOML_LINE, min_size=1, max_size=4).map(
        lambda lines: "\n".join(lines) + '\nbook.title = "A Book"\nbook.language = "en-US"\nbook.date = 2025-06-09\ncontents.memos = ["one.md"]\n'
    ),
    st.lists(_TOML_LINE, max_size=4).map(
        lambda lines: _START + '[contents]\nmemos = ["one.md"]\n' + "\n".join(lines)
    ),
)  # fmt: skip
"""book.toml of a book with the memo one.md; often wrong."""
