"""A source becomes a memo: its block, its title, its text and the quotes of its
language."""

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memobook.book.model import Contributor, NoteMode, Source
from memobook.book.parse import parse_memo, parse_text
from memobook.book.tree import Node, serialize
from memobook.diagnostics import Reporter, Span
from memobook.project.located import Located
from tests.book.helpers import codes, html, parsed


def parse(text: str, path: str = "manuscript/a.md", language: str = "en"):
    """Return a memo and what is wrong with it, as codes with line and column."""
    reporter = Reporter()
    memo = parse_memo(Source(path, text), language, reporter)
    return memo, codes(reporter)


def test_a_block_gives_all_that_stands_above_the_text():
    memo, found = parse(
        "---\ntitle: Space: norms\n".replace(": norms", " norms")
        + "subtitle: And law\n"
        "authors:\n"
        "  - Dimitrios Stroikos\n"
        "  - {name: Ann Lee, sort: 'Lee, Ann', affiliation: LSE, place: London}\n"
        "place: London\n"
        "date: 2025-06-09\n"
        "language: en-GB\n"
        "abstract: What *this* says.\n"
        "key_points:\n"
        "  - First, [a link](https://example.org).\n"
        "  - Second.\n"
        "slug: law-of-space\n"
        "status: Draft\n"
        "notes: memo-notes\n"
        "---\n"
        "Text.\n"
    )
    assert found == []
    assert memo.title == "Space norms"
    assert memo.title_span == Span("manuscript/a.md", 2, 8, 11)
    assert memo.subtitle == "And law"
    assert memo.authors == (
        Contributor("Dimitrios Stroikos"),
        Contributor("Ann Lee", "aut", "Lee, Ann", "LSE", "London"),
    )
    assert (memo.place, memo.date) == ("London", dt.date(2025, 6, 9))
    assert (memo.language, memo.status) == ("en-GB", "Draft")
    assert (memo.id, memo.notes_mode) == ("law-of-space", NoteMode.MEMO_NOTES)
    assert serialize(memo.abstract) == "What <em>this</em> says."
    assert [serialize(point) for point in memo.key_points] == [
        'First, <a href="https://example.org">a link</a>.',
        "Second.",
    ]
    assert serialize(memo.body.children) == "<p>Text.</p>"


@pytest.mark.parametrize("text", ["# Space\n\nText.\n", "Space\n=====\n\nText.\n"])
def test_the_first_line_can_be_the_title(text):
    memo, found = parse(text)
    assert (found, memo.title) == ([], "Space")
    assert memo.title_span
    assert memo.title_span.line == 1
    assert "h1" not in serialize(memo.body)


def test_a_title_that_stands_twice_is_shown_once():
    memo, found = parse("---\ntitle: Space\n---\n\n# Space\n\nText.\n")
    assert (found, memo.title) == ([], "Space")
    assert serialize(memo.body.children).strip() == "<p>Text.</p>"


def test_a_heading_in_a_quote_is_no_title():
    _, found = parse("> # Quoted\n\nText.\n")
    assert found == [("heading-second-title", 1, 5), ("title-missing", 0, 0)] or (
        found == [("title-missing", 0, 0), ("heading-second-title", 1, 5)]
    )


def test_a_title_with_markup_is_plain_text_in_the_contents():
    memo, found = parse("# The *Ariane* `5`\n\nText.\n")
    assert (found, memo.title) == ([], "The Ariane 5")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("manuscript/space.md", "space"),
        ("manuscript/Export Controls.md", "export-controls"),
        ("manuscript/2025_review.md", "memo-2025-review"),
        ("manuscript/日本.md", "memo"),
        ("manuscript/a/b c.md", "b-c"),
    ],
)
def test_a_memo_is_named_after_its_file(path, expected):
    assert expected == parsed("Text.", path).id


def test_an_empty_block_is_a_block():
    memo, found = parse("---\n---\n# Space\n\nText.\n")
    assert (found, memo.title) == ([], "Space")


def test_a_block_with_windows_ends_of_lines_or_spaces_behind_its_signs_is_a_block():
    memo, found = parse("---  \ntitle: Space\n--- \nText.\n")
    assert (found, memo.title) == ([], "Space")


def test_a_broken_block_is_one_fault_and_not_also_a_missing_title():
    _, found = parse("---\ntitle: Space: law\n---\nText.\n")
    assert found == [("block-not-yaml", 2, 13)]


def test_one_wrong_key_does_not_hide_the_others():
    memo, found = parse("---\ntitle: Space\nautor: Ann\ndate: soon\n---\nText.\n")
    assert found == [("config-unknown-key", 3, 1), ("config-bad-date", 4, 7)]
    assert memo.title == "Space"


# Quotation marks


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“She said ‘yes’”, it’s true"),
        ("en-GB", "“She said ‘yes’”, it’s true"),
        ("de", "„She said ‚yes‘“, it’s true"),
        ("fr", "«\u202fShe said ‹\u202fyes\u202f›\u202f», it’s true"),
        ("ru", "«She said „yes“», it’s true"),
        ("hi", "“She said ‘yes’”, it’s true"),
        ("de-CH", "«She said ‹yes›», it’s true"),
        ("sv-FI", "”She said ’yes’”, it’s true"),
        ("zh-Hant-TW", "「She said 『yes』」, it’s true"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language, expected):
    memo = parsed("\"She said 'yes'\", it's true", language=language)
    assert serialize(memo.body.children) == f"<p>{expected}</p>"


@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "es"])
def test_an_apostrophe_is_the_same_in_every_language(language):
    memo = parsed("L'*été* d'or, it's '90s, o'clock, l'or", language=language)
    expected = "<p>L’<em>été</em> d’or, it’s ’90s, o’clock, l’or</p>"
    assert expected == serialize(memo.body.children)


def test_a_memo_s_own_language_wins():
    memo, _ = parse('---\ntitle: T\nlanguage: de\n---\n"Ja"\n', language="en")
    assert serialize(memo.body.children) == "<p>„Ja“</p>"


# Constructs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** ~~c~~ ==d== H~2~O x^2^", "<p><em>a</em> <strong>b</strong> "
         "<del>c</del> <mark>d</mark> H<sub>2</sub>O x<sup>2</sup></p>"),
        ("a -- b --- c ...", "<p>a – b — c …</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("The HTML.\n\n*[HTML]: Markup", '<p>The <abbr title="Markup">HTML</abbr>.</p>'),
        ("Term\n:   Text", "<dl>\n<dt>Term</dt>\n<dd>Text</dd>\n</dl>"),
        ("- [x] done\n- [ ] open", '<ul class="task-list">\n<li class="task-list-item">'
         '■ done</li>\n<li class="task-list-item">□ open</li>\n</ul>'),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("A &amp; B &lt; C & D < E", "<p>A &amp; B &lt; C &amp; D &lt; E</p>"),
        ("Line  \nbreak", "<p>Line<br/>\nbreak</p>"),
        ("---", "<hr/>"),
        ("A paragraph.\n{: .small #x lang=fr}", '<p class="small" id="x" lang="fr">'
         "A paragraph.</p>"),
    ],
)  # fmt: skip
def test_a_construct_of_markdown_has_its_markup(text, expected):
    assert expected == html(text)


def test_code_is_coloured_by_its_language():
    markup = html("```python\nif x:\n```")
    assert '<span class="k">if</span>' in markup
    assert markup.startswith("<pre><code>")


def test_code_keeps_its_lines_and_signs():
    markup = html('```\na  <b>\n\n\tc "d" -- e\n```')
    assert markup == '<pre><code>a  &lt;b&gt;\n\n    c "d" -- e\n</code></pre>'


def test_a_text_of_the_settings_is_read_like_a_memo():
    located = Located("manuscript/book.toml", {}, {}, {})
    path = ("book", "imprint")
    div = parse_text("One *two*.\n\nThree.", located, path, "en", Reporter())
    assert serialize(div.children) == "<p>One <em>two</em>.</p>\n<p>Three.</p>"


def test_parsing_twice_gives_the_same():
    text = "A[^a] and [b][r].\n\n[^a]: Note.\n\n[r]: https://example.org"
    assert parsed(text) == parsed(text)
    other = parsed("A[^a].\n\n[^a]: Other.")
    assert [name for name, _ in other.footnotes] == ["a"]
    # References and abbreviations of one memo do not reach into the next.
    assert html("[b][r]") == "<p>[b][r]</p>"


@pytest.mark.parametrize("sign", [">", "[", "- ", "*", "`", "(", "![", "    ", "<b>"])
def test_a_long_run_of_a_sign_does_not_stop_memobook(sign):
    memo, found = parse(f"# T\n\n{sign * 300}text\n")
    assert {code for code, *_ in found} <= {"markdown-too-deep"}
    assert found or "text" in serialize(memo.body)


@pytest.mark.parametrize("length", [150, 199, 200, 300])
def test_a_short_text_is_not_taken_for_a_file_s_name(length):
    # It would be too long for one: Devanagari letters have three bytes each.
    text = "अ" * length
    assert html(text) == f"<p>{text}</p>"
    assert html("/etc/passwd") == "<p>/etc/passwd</p>"


SIGNS = st.sampled_from([*"abzAIVX019,.’()–—-", " ", "...", "--"])
WORDS = st.lists(SIGNS, min_size=1, max_size=16).map("".join).filter(str.strip)


@settings(max_examples=300)
@given(WORDS, st.sampled_from(["en", "fr", "de", "he", "ja", "el"]))
def test_an_abstract_of_plain_words_is_what_a_text_of_them_is(text, language):
    located = Located("book.toml", {}, {}, {})
    found = parse_text(text, located, ("imprint",), language, Reporter())
    block = json.dumps({"title": "A", "abstract": text})
    memo, problems = parse(f"---\n{block}\n---\nText.\n", language=language)
    first, *more = (block for block in found.children if isinstance(block, Node))
    if more or first.tag != "p":
        assert "config-wrong-value" in str(problems)
    assert memo.abstract == first.children
