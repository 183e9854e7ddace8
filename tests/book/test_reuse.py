"""What a text takes from elsewhere, and where each piece of it was written."""

from collections.abc import Mapping

import pytest

from memobook.book.critic import Mode
from memobook.book.reuse import Expanded, Reuse, expand
from memobook.diagnostics import Code, Reporter, Span

MEMO = "manuscript/memo.md"
VARIABLES = {"press": "The Press", "book.title": "A Book"}


def expanded(
    text: str,
    files: Mapping[str, str] | None = None,
    output: str = "pdf",
    mode: Mode = Mode.ACCEPT,
    found: Reporter | None = None,
) -> Expanded:
    def read(
        name: str, _base: str, span: Span, reporter: Reporter
    ) -> tuple[str, str] | None:
        if name in (files or {}):
            return f"manuscript/{name}", (files or {})[name]
        reporter.error(Code.INCLUDE_MISSING, span, f"there is no file {name}")
        return None

    reuse = Reuse(output, VARIABLES, {"draft": True, "public": False}, mode, read)
    reporter = found if found is not None else Reporter()
    made = expand(MEMO, text, reuse, reporter)
    assert found is not None or reporter.diagnostics == ()
    return made


def text_of(text: str, **more: object) -> str:
    return expanded(text, **more).source.text  # type: ignore[arg-type]


def places(text: str, word: str, **more: object) -> tuple[str, int, int, int]:
    """Return where a word of the expanded text was written."""
    source = expanded(text, **more).source  # type: ignore[arg-type]
    before, _, _ = source.text.partition(word)
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    span = source.place(Span(MEMO, line, column, len(word)))
    return span.path.removeprefix("manuscript/"), span.line, span.column, span.length


# Variables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By {{ press }}.", "By The Press."),
        ("{{ book.title }}, {{ press }}", "A Book, The Press"),
        (
            "---\ntitle: Of {{ press }}\n---\nText.",
            "---\ntitle: Of The Press\n---\nText.",
        ),
        ("`{{ press }}` and \\{{ press }}", "`{{ press }}` and \\{{ press }}"),
        ("```\n{{ press }}\n```", "```\n{{ press }}\n```"),
        ("$\\frac{{press}}{2}$ and {press}", "$\\frac{{press}}{2}$ and {press}"),
    ],
)
def test_a_variable_is_put_in_but_not_in_code(text, expected):
    assert text_of(text) == expected


def test_places_behind_a_variable_are_those_of_the_file():
    text = "One {{ press }} and [two](x) {{ press }} three\nfour"
    assert places(text, "[two]") == ("memo.md", 1, 21, 5)
    assert places(text, "three") == ("memo.md", 1, 42, 5)
    assert places(text, "four") == ("memo.md", 2, 1, 4)
    assert places(text, "Press") == ("memo.md", 1, 5, 11)


# Includes

TERMS = """---
title: Terms
---

Before {{ press }}.

<!-- {{ region dual }} -->

A *dual-use* good.
{{ if draft }}
Drafted.
{{ end }}

{{ end }}

After.
"""
CODE = "import this\n# {{ region body }}\ndef f():\n    return '{{ press }}'\n# {{ end }}\n"
FILES = {"terms.md": TERMS, "code.py": CODE}


def test_a_file_is_included_without_its_block():
    made = expanded("One.\n\n{{ include terms.md }}\n\nTwo.", FILES)
    assert made.included == {"manuscript/terms.md"}
    assert made.source.text == (
        "One.\n\nBefore The Press.\n\n\nA *dual-use* good.\nDrafted.\n\n\nAfter.\n\nTwo."
    )


def test_a_region_is_included_and_its_lines_know_their_file():
    text = "One.\n\n- {{ include terms.md#dual }}\n\nTwo."
    assert (
        text_of(text, files=FILES) == "One.\n\n- A *dual-use* good.\nDrafted.\n\nTwo."
    )
    assert places(text, "*dual-use*", files=FILES) == ("terms.md", 9, 3, 10)
    assert places(text, "Two", files=FILES) == ("memo.md", 5, 1, 3)


def test_what_is_included_takes_the_indent_of_its_line():
    text = "- One\n\n    {{ include terms.md#dual }}\n- Two"
    assert text_of(text, files=FILES) == (
        "- One\n\n    A *dual-use* good.\n    Drafted.\n- Two"
    )
    assert places(text, "*dual-use*", files=FILES) == ("terms.md", 9, 3, 10)


def test_code_is_included_as_it_is():
    text = "```python\n{{ include code.py#body }}\n```"
    assert text_of(text, files=FILES) == (
        "```python\ndef f():\n    return '{{ press }}'\n```"
    )
    assert places(text, "return", files=FILES) == ("code.py", 4, 5, 6)


def test_the_marks_of_a_region_are_in_no_book():
    assert text_of("{{ region a }}\nText.\n{{ end }}") == "Text.\n"


# Conditions


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("pdf", True),
        ("epub", False),
        ("not epub", True),
        ("draft", True),
        ("public", False),
        ("public or draft", True),
        ("draft and not pdf", False),
        ("public and draft or pdf", True),
    ],
)
def test_a_condition_holds_or_not(condition, holds):
    text = f"One\n{{{{ if {condition} }}}}\ntwo\n{{{{ else }}}}\nthree\n{{{{ end }}}}\nfour"
    assert text_of(text) == ("One\ntwo\nfour" if holds else "One\nthree\nfour")
    inline = f"a {{{{ if {condition} }}}}b{{{{ else }}}}c{{{{ end }}}} d"
    assert text_of(inline) == ("a b d" if holds else "a c d")


def test_it_is_known_whether_a_text_asks_for_the_output():
    assert expanded("{{ if draft }}a{{ end }}").has_output is False
    assert expanded("{{ if epub }}a{{ end }}").has_output is True


def test_places_behind_what_is_left_out_are_those_of_the_file():
    text = "One\n{{ if epub }}\ntwo\n{{ end }}\nthree {{ if epub }}x{{ end }} four"
    assert places(text, "three") == ("memo.md", 5, 1, 5)
    assert places(text, "four") == ("memo.md", 5, 31, 4)


# Critic marks

PROPOSED = "A {++new++} and {--old--} and {~~this~>that~~} {==so==}{>>why<<}."


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.ACCEPT, "A new and  and that so."),
        (Mode.REJECT, "A  and old and this so."),
        (
            Mode.SHOW,
            "A <ins>new</ins> and <del>old</del> and <del>this</del><ins>that</ins> "
            "<mark class=critic>so</mark><span class=critic-comment>why</span>.",
        ),
    ],
)
def test_changes_are_accepted_rejected_or_shown(mode, expected):
    assert text_of(PROPOSED, mode=mode) == expected
    assert places(PROPOSED, "and", mode=mode) == ("memo.md", 1, 13, 3)


def test_a_shown_change_ends_with_each_paragraph_and_goes_on_in_the_next():
    text = "{++One.\n\n- two\n\n## Three++}\n"
    expected = "<ins>One.</ins>\n\n- <ins>two</ins>\n\n## <ins>Three</ins>\n"
    assert text_of(text, mode=Mode.SHOW) == expected
    assert text_of(text) == "One.\n\n- two\n\n## Three\n"
    assert text_of(text, mode=Mode.REJECT) == "\n"


@pytest.mark.parametrize(
    "text", ["`{++x++}`", "```\n{--x--}\n```", "\\{++x", "a --} b ~> c ==} <<} d"]
)
def test_what_is_no_change_stays(text):
    assert text_of(text) == text


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "text", ["a {++b\n\nc", "a {-- b {++ c --} d", "a {~~b~>c", "a {>>b `<<}`"]
)
def test_a_mark_that_nothing_closes_is_text_and_hides_none_of_it(text, mode):
    assert text_of(text, mode=mode, found=Reporter()) == text


def test_within_a_mark_that_nothing_closes_the_others_are_obeyed():
    text = "a {++b {--c--}\n\nd {++e++}"
    assert text_of(text, found=Reporter()) == "a {++b \n\nd e"


# What is wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ pres }}", [("variable-unknown", 1, 3)]),
        ("a {{ a b }}", [("directive-unknown", 1, 3)]),
        ("{{ include no.md }}", [("include-missing", 1, 1)]),
        ("x\n\n  {{ include terms.md#dua }}", [("include-region-missing", 3, 3)]),
        ("{{ if drat }}x{{ end }}", [("condition-unknown", 1, 1)]),
        ("x\n{{ if draft }}\ny", [("directive-unclosed", 2, 1)]),
        ("x {{ end }}", [("directive-unclosed", 1, 3)]),
        ("x {{ else }}", [("directive-unclosed", 1, 3)]),
        ("x {++y", [("critic-unclosed", 1, 3)]),
        ("{{ if public }}{{ pres }}{{ end }}", []),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(text, expected):
    reporter = Reporter()
    expanded(text, FILES, found=reporter)
    assert [(d.code.value, d.span.line, d.span.column) for d in reporter] == expected


def test_a_fault_in_an_included_file_names_that_file():
    reporter = Reporter()
    files = {
        "a.md": "x\n\n{{ include b.md }}\n",
        "b.md": "{{ include a.md }}\n\n{{ no }}",
    }
    expanded("{{ include a.md }}", files, found=reporter)
    found = [(d.code.value, d.span.path, d.span.line) for d in reporter]
    assert found == [
        ("include-circle", "manuscript/b.md", 1),
        ("variable-unknown", "manuscript/b.md", 3),
    ]


@pytest.mark.parametrize(
    ("directive", "lines"), [("{{ include a.csv }}", 4), ("{{ lines }}", 3)]
)
def test_places_behind_what_has_several_lines_are_those_of_the_file(directive, lines):
    def read(*_: object) -> tuple[str, str]:
        return "manuscript/a.csv", "A,B\n1,2\n3,4\n"

    reuse = Reuse("pdf", {"lines": "one\n\ntwo"}, {}, Mode.ACCEPT, read)
    made = expand(MEMO, f"One.\n\n{directive}\n\nTwo.", reuse, Reporter()).source
    assert len(made.origins) == made.text.count("\n") + 1
    assert made.place(Span(MEMO, 4 + lines, 2)) == Span(MEMO, 5, 2)
    assert all(made.place(Span(MEMO, n, 1)).line for n in range(1, 5 + lines))


def test_a_plain_text_has_no_origins():
    assert expanded("Text with { braces }.").source.origins == ()


def test_changes_in_a_block_are_settled_and_shown_where_a_value_is_markdown():
    block = "---\ntitle: A {++new++} title\n"
    block += 'abstract: "{--Old--}{==Said==}{>>who?<<}"\n---\n'
    accepted = text_of(block, mode=Mode.ACCEPT)
    assert "title: A new title" in accepted
    assert 'abstract: "Said"' in accepted
    shown = text_of(block, mode=Mode.SHOW)
    assert "title: A new title" in shown
    assert '"<del>Old</del><mark class=critic>Said</mark>' in shown


def test_includes_that_double_come_to_an_end():
    files = {f"{n}.txt": f"x {{{{ include {n + 1}.txt }}}}\n" * 2 for n in range(20)}
    files = {n: t.replace("x {{", "{{") for n, t in files.items()}
    files["20.txt"] = "end"
    found = Reporter()
    made = expanded("{{ include 0.txt }}", files, found=found)
    assert {Code.INCLUDE_CIRCLE} == {d.code for d in found}
    assert len(made.source.text) < 1_000_000
