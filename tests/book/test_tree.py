"""The frozen tree, and its one markup for two kinds of readers."""

import io
import pickle

import pytest
import tinyhtml5
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.book.tree import (
    VOID,
    Child,
    Node,
    joined,
    nodes,
    rewrite,
    serialize,
    text_of,
)
from memobook.diagnostics import Reporter, Span
from tests.book.markdown_texts import texts

TREE = Node(
    "div",
    (("class", "a b"), ("title", "T")),
    ("one ", Node("em", (), ("two", Node("br"))), " three"),
)


def from_element(element: etree._Element) -> Node:
    """Return an XML or HTML reader's element as a node."""
    children: list[Child] = [element.text or ""]
    for child in element:
        children += [from_element(child), child.tail or ""]
    attributes = tuple((str(k), str(v)) for k, v in element.items())
    return Node(str(element.tag), attributes, joined(children))


def read_as_xml(node: Node) -> Node:
    return from_element(etree.fromstring(serialize(node).encode()))


def read_as_html(node: Node) -> Node:
    page = io.StringIO(f"<!doctype html><body>{serialize(node)}")
    body = tinyhtml5.parse(page, namespace_html_elements=False).find("body")
    return from_element(body[0])


# Markup


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Node("p", (), ("a < b & c > d",)), "<p>a &lt; b &amp; c &gt; d</p>"),
        (
            Node("p", (("title", "\"'<&\n"),)),
            '<p title="&quot;&#x27;&lt;&amp;&#10;"></p>',
        ),
        (Node("br"), "<br/>"),
        (Node("p"), "<p></p>"),
        (Node("p", (), ("a\rb",)), "<p>a&#13;b</p>"),
    ],
)
def test_markup_is_the_same_to_both_readers(node, expected):
    assert expected == serialize(node)
    assert node == read_as_xml(node) == read_as_html(node)


def test_several_children_are_written_one_after_the_other():
    children = ("a", Node("b", (), ("c",)), "d", Node("hr"))
    assert serialize(children) == "a<b>c</b>d<hr/>"


_TAGS = st.sampled_from(["p", "div", "em", "span", "section", "blockquote", "a"])
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_TEXT = st.text(_CHARACTERS, min_size=1, max_size=9).filter(
    lambda s: (
        not any(c < " " and c not in "\t\n\r" for c in s)
        and not any(c in s for c in "\ufffe\uffff")
    )
)
_TREES = st.recursive(
    st.builds(lambda t: Node("span", (("title", t),), (t,)), _TEXT),
    lambda inner: st.builds(
        lambda children: Node("div", (), joined(children)),
        st.lists(st.one_of(inner, _TEXT), max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(_TREES)
def test_any_tree_of_texts_reads_back_equal(node):
    assert node == read_as_xml(node)
    # A reader of HTML corrects the characters of Windows' own code page.
    if not any("\x7f" <= c <= "\x9f" for c in serialize(node)):
        assert node == read_as_html(node)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(texts)
def test_what_was_parsed_reads_back_equal_as_xml(text):
    memo = parse_memo(Source("a.md", f"# T\n\n{text}"), "en", Reporter())
    trees = (memo.body, *(note for _, note in memo.footnotes))
    for tree in trees:
        # SVG and MathML have a namespace, which lxml puts before the name.
        if not {"svg", "math"} & {node.tag for node in nodes(tree)}:
            assert without_places(tree) == read_as_xml(tree)


def without_places(node: Node) -> Node:
    children = (without_places(c) if isinstance(c, Node) else c for c in node.children)
    return Node(node.tag, node.attributes, tuple(children))


def test_every_void_element_is_closed_at_once():
    for tag in VOID:
        assert serialize(Node(tag)) == f"<{tag}/>"


# Reading a tree


def test_attributes_are_read_by_name():
    assert (TREE.get("title"), TREE.get("id"), TREE.get("id", "x")) == ("T", "", "x")
    assert (TREE.has("title"), TREE.has("id")) == (True, False)
    assert TREE.classes == ("a", "b")


def test_nodes_come_in_document_order():
    assert [node.tag for node in nodes(TREE)] == ["div", "em", "br"]
    assert list(nodes("text")) == []


def test_the_text_of_a_tree_is_all_of_it():
    assert text_of(TREE) == "one two three"
    assert text_of(TREE, without=frozenset({"em"})) == "one  three"
    assert text_of(("a", Node("b", (), ("c",)))) == "ac"


# Changing a tree


def test_attributes_are_set_added_and_removed():
    node = TREE.with_attributes(_class="c", title=None, aria_label="L")
    assert node.attributes == (("class", "c"), ("aria-label", "L"))
    assert TREE.with_items({"data-a-b": "1"}).get("data-a-b") == "1"


def test_a_class_is_added_once():
    assert TREE.with_class("c").get("class") == "a b c"
    assert TREE.with_class("a") is TREE
    assert Node("p").with_class("a").attributes == (("class", "a"),)


def test_neighbouring_texts_become_one_and_empty_ones_none():
    assert joined(["", "a", "b", Node("hr"), "", "c", ""]) == ("ab", Node("hr"), "c")


def test_rewriting_goes_from_the_deepest_up_and_sees_what_was_changed():
    seen = []

    def change(node):
        seen.append((node.tag, len(node.children)))
        return ("x", *node.children, "y") if node.tag == "em" else ()

    assert rewrite(TREE, change).children == ("one xtwoy three",)
    assert seen == [("br", 0), ("em", 1)]


def test_a_tree_that_nothing_changes_is_shared():
    assert rewrite(TREE, lambda node: node) is TREE


def test_a_tree_that_comes_from_another_process_is_the_same_tree():
    inner = Node("em", (("class", "a"),), ("word",), Span("a.md", 3, 5, 4))
    tree = Node("p", (), ("A ", inner, "."), None)
    assert pickle.loads(pickle.dumps(tree)) == tree
