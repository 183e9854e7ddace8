"""Every construct of Markdown has one shape, whatever extension made it."""

import pytest

from tests.book.helpers import html

IMAGE = '<img alt="A map" src="map.png"/>'
CAPTION = "\n/// caption\nA *map*.\n///"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![A map](map.png)", f"<figure>{IMAGE}</figure>"),
        (
            '![A map](map.png "Its title")',
            f"<figure>{IMAGE}<figcaption>Its title</figcaption></figure>",
        ),
        ("A ![A map](map.png) in text.", f"<p>A {IMAGE} in text.</p>"),
        (
            "![A map](map.png){.wide width=50%}",
            '<figure><img alt="A map" class="wide" src="map.png" width="50%"/></figure>',
        ),
        (
            "[![A map](map.png)](https://example.org)",
            f'<p><a href="https://example.org">{IMAGE}</a></p>',
        ),
    ],
)
def test_a_picture_alone_is_a_figure(text, expected):
    assert expected == html(text)


def test_a_picture_with_a_caption_is_one_figure():
    markup = html(f"![A map](map.png)\n{CAPTION}").replace("\n", "")
    expected = f"<figure>{IMAGE}<figcaption>A <em>map</em>.</figcaption></figure>"
    assert expected == markup


def test_the_caption_of_a_table_stands_in_the_table():
    markup = html(f"| a |\n|---|\n| b |\n{CAPTION}").replace("\n", "")
    assert markup.startswith("<table><caption>A <em>map</em>.</caption><thead>")
    assert "figure" not in markup


def test_a_caption_of_several_paragraphs_keeps_them():
    markup = html("![A map](map.png)\n\n/// caption\nOne.\n\nTwo.\n///")
    caption = markup[markup.index("<figcaption>") : markup.index("</figcaption>")]
    assert "<figcaption>\n<p>One.</p>\n<p>Two.</p>\n" == caption


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        (f"![A map](map.png)\n{CAPTION}\n\n/// caption\nB\n///", "fig", "A <em>map</em>."),
        ('![A map](map.png "A")\n\n/// caption\nB\n///', "fig", "A"),
        (f"| a |\n|---|\n| b |\n{CAPTION}\n\n/// caption\nB\n///", "", "A <em>map</em>."),
    ],
)  # fmt: skip
def test_two_captions_are_one_in_the_order_in_which_they_were_written(
    text, tag, expected
):
    markup = html(text)
    assert f"<{tag}caption>{expected}<br/>B</{tag}caption>" in markup
    assert markup.count("caption>") == 2


@pytest.mark.parametrize(
    "above", ["## H", "- x", "> x", "| a |\n|---|\n| b |", "***", "<p markdown></p>"]
)
def test_what_is_said_of_no_term_is_a_text_that_begins_with_a_colon(above):
    assert html(f"{above}\n\n:   D").endswith("<p>:   D</p>")


def test_the_title_of_a_callout_is_no_term():
    markup = html("/// note\n:   D\n///").replace("\n", "")
    assert markup.endswith("<p>:   D</p></div>")


def test_what_is_said_of_a_term_may_stand_below_it():
    expected = "<dl><dt>T</dt><dd><p>D</p></dd><dd><p>E</p></dd></dl>"
    assert expected == html("T\n\n:   D\n\n:   E").replace("\n", "")


def test_a_header_cell_heads_its_column():
    assert '<th scope="col">a</th>' in html("| a |\n|---|\n| b |")
    own = html('<table><tr><th scope="row">a</th></tr></table>')
    assert '<th scope="row">a</th>' in own


def test_an_admonition_is_a_callout():
    markup = html("/// note | Look\nThis.\n///").replace("\n", "")
    assert markup == (
        '<div class="callout callout-note" role="note"><p class="callout-title">Look</p>'
        "<p>This.</p></div>"
    )


def test_a_callout_of_github_is_a_callout():
    markup = html("> [!NOTE]\n> This.").replace("\n", "")
    assert '<div class="callout callout-note" role="note">' in markup
    assert (
        '<p class="callout-title" data-word="callout_note"></p><p>This.</p>' in markup
    )


def test_a_title_of_the_author_s_stays():
    markup = html("> [!NOTE] Mind\n> This.").replace("\n", "")
    assert '<p class="callout-title">Mind</p>' in markup


def test_code_is_a_pre_with_code_and_no_wrapper():
    assert html("```\na\n```") == "<pre><code>a\n</code></pre>"
    assert html("    a\n") == "<pre><code>a\n</code></pre>"


def test_an_empty_paragraph_leaves_nothing():
    assert html("&#8203;\n\n<p> </p>\n\nb").endswith("<p>b</p>")
    assert "<p> </p>" not in html("<p> </p>\n\nb")
