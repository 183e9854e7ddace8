"""HTML to a tree: tinyhtml5's own, without what nobody asks for."""

import io
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memobook.book.htmltree import body_of
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
