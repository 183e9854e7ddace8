"""HTML to a tree: tinyhtml5's own, without what nobody asks for."""

import io
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memobook.book.convert import converter
from memobook.book.htmltree import body_of
from memobook.book.wellformed import tree_of
from tests.book.markdown_texts import texts

_PARTS = st.sampled_from(
    """a &amp; &copy &notit; &#0; &#x1f600; &#xd800; &nope; & < > <p> </p> <p <b> </b> <i>
    </i> <table> <tr> <td> </td> </table> <li> <ul> </ul> <svg> <g/> </svg> <br/> <br>
    <math> <mi> </math> <a href="x&amp;y"> <a b='c' b=d e> </a> <!-- c --> <!-- <!doctype>
    <?php ?> <![CDATA[ ]]> <script> </script> <style> </style> <textarea> </textarea>
    <title> </title> <plaintext> <form> </form> <select> <option> </select> <body class=x>
    <html lang=y> <head> </body> </html> <frameset> </ <3 <A HREF=X> <x:y z:w="1"> <pre>
    </pre> \r \r\n \n \x00 \x0b \x0c \ud800 \ufffe \U0001fffe é 😀 " ' = /> ` -->""".split(
        " "
    )
)
_HTML = st.lists(_PARTS, max_size=12).map("".join)

# Well-formed XML, which HTML may take apart all the same.
_TAGS = st.sampled_from(
    """p p em b a a li ul ol dl dt dd table thead tbody tr td th caption h1 h2 div pre code
    blockquote span br/ hr/ img/ input/ figure figcaption sup button form select option svg
    ruby rt nobr font body title textarea script""".split()
)
_TEXT = st.sampled_from(
    ["", "", " ", "\n", "a", "\nb", "&amp;", "&#8617;", "&#146;", "é"]
)
_ATTRIBUTES = st.sampled_from(
    ["", "", "", ' id="a"', ' title="&quot;x&#10;&gt;"', ' a="b" a="c"', ' alt="\n"']
    + [' xmlns="x"', " hidden", ' B="c"', ' title="&copy"', ' xml:lang="en"']
)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def made(tag: str, attributes: str, content: list[str], after: str) -> str:
        if tag.endswith("/"):
            return f"<{tag[:-1]}{attributes} />{after}"
        return f"<{tag}{attributes}>{''.join(content)}</{tag}>{after}"

    return st.builds(made, _TAGS, _ATTRIBUTES, st.lists(inner, max_size=3), _TEXT)


_NESTED = st.recursive(_TEXT, _element, max_leaves=12)
MANY = settings(
    max_examples=1500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def plain(element: Element | None) -> object:
    if element is None:  # of a page with frames
        return None
    return (
        str(element.tag),  # of a comment it is a function
        element.items(),
        element.text,
        [plain(e) for e in element],
        element.tail,
    )


def same(html: str) -> bool:
    page = io.StringIO(f"<!doctype html><body>{html}", newline="")
    own = tinyhtml5.parse(page, namespace_html_elements=False).find("body")
    return plain(own) == plain(body_of(html))


@MANY
@given(_HTML)
def test_the_tree_is_tinyhtml5s(html):
    assert same(html)


@MANY
@given(_NESTED)
def test_the_tree_of_nested_elements_is_tinyhtml5s(html):
    assert same(html)


@MANY
@given(texts)
def test_the_tree_of_what_markdown_becomes_is_tinyhtml5s(text):
    try:
        html = converter("en").reset().convert(text)
    except (RuntimeError, RecursionError):  # a footnote in a footnote: see parse.py
        return
    assert same(html)


@MANY
@given(texts)
def test_the_tree_of_markdown_is_tinyhtml5s_too(text):
    assert same(text)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "\r",
        "a\r",
        "&am",
        "<",
        "</",
        "<a",
        "<a b",
        "<a b=",
        "<a b='c",
        "x" * 10240 + "\r\n" + "y" * 10240,  # over the edge of a chunk
        "x" * 10217 + "&copy;&amp",
        "<p>" * 4000,
    ],
)
def test_the_ends_of_a_text_are_read(html):
    assert same(html)


PLAIN = """\
## A *heading*

Text with a [link](https://example.org/?a=b&c "title"), `code`, a note[^1] and <x@y.z>.

- One
    1. Two

Term
:   Definition

| A | B |
|---|:-:|
| 1 | 2 |

```python
print("é")
```

![A picture](a.png){ .wide }

- [x] Done
- [ ] To be done

[^1]: Note.
"""


def test_plain_markdown_needs_no_html_parser():
    html = converter("en").reset().convert(PLAIN)
    assert tree_of(html) is not None
    assert same(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p><p>a</p></p>",
        "<p>a<div>b</div></p>",
        "<ul><li><li>a</li></li></ul>",
        "<table>a<tbody><tr><td>b</td></tr></tbody></table>",
        "<table><tr><td>b</td></tr></table>",
        "<table><tbody><tr><td>b</td>c</tr></tbody></table>",
        '<p><a href="b">c <em><a href="d">e</a></em></a></p>',
        "<h2>a<h3>b</h3></h2>",
        "<pre>\na</pre>",
        "<p/>a",
        "<br></br>",
        "<p>&#146;</p>",
        "<p>&copy;</p>",
        "<p><!-- a --></p>",
        "<P>a</P>",
        '<p title="a\nb">c</p>',
        '<p xmlns="a">b</p>',
        "<em><p>a</p></em>",
        "<svg><g /></svg>",
    ],
)
def test_what_html_reads_otherwise_goes_the_long_way(html):
    assert tree_of(html) is None
    assert same(html)
