"""Random Markdown: fragments put together by a small grammar, for hypothesis.

Not random characters, in which nothing ever closes, but lines and blocks in which
almost everything does, with some noise between.
"""

from hypothesis import strategies as st

__all__ = ["texts"]

_WORDS = st.sampled_from(
    """a word norms “quoted” it's "said" 1 2. 10) -- --- ... 5% A&B &amp; &copy; &#0;
    &#x110000; &#12; &notanentity; \\* \\[ \\\\ \\ *em* **strong** _em_ __strong__ ***
    * _ ~~del~~ ~sub~ ^sup^ ==mark== ` `` `code` ``a`b`` `[^a]` \\`
    [ ] ]( [text](https://example.org) [text](https://example.org/a_(b)?c=d&e "T")
    [t](<https://example.org/x y>) [a](b.md#c) [x]() [y](#) [r][ref] [r][] [ref] ![alt](p.png)
    ![](p.png) ![alt][ref] [![alt](p.png)](https://example.org) [a [b] c](d)
    [l](https://e.org){.no-note} [l](https://e.org){note="N"} {.class} {: #id .c }
    <https://example.org> <a@b.org> https://bare.org [^a] [^b] [^nope] ^[inline] [x[^a]](y)
    <b>bold</b> <i> </i> <br> <br/> <span class="x"> </span> <a href="https://e.org">h</a>
    <a href=x> <img src="p.png"> <script>x</script> <!-- c --> <!-- <?php ?> <![CDATA[x]]>
    <div> </div> <p> </p> <table> <td> </td> <svg><g/></svg> <math><mi>x</mi></math> <xyz>
    < > << >> && | || a|b : :: = == # ## + - ~ ! ? HTML $x$ \u00e9 e\u0301 \u4e2d\u6587
    \u0939\u093f\u0928\u094d\u0926\u0940 \u0627\u0644\u0639 \U0001f600 \U00010330 \u200b
    \u200d \u00ad \u00a0 \u2028 \ufeff \ufffd \ufffe \x00 \x01 \x02 \x03 \x1b \x7f \x85
    \U000f0010 \U000f0003 \U000f0011 \u2060 a\tb""".split(" ")
)
_LINE = st.lists(_WORDS, min_size=1, max_size=7).map(" ".join)
_GLUED = st.lists(_WORDS, min_size=2, max_size=5).map("".join)
_TEXT = st.one_of(_LINE, _LINE, _GLUED)

_PREFIX = st.sampled_from(
    ["", "", "", "", "# ", "## ", "###", "> ", ">> ", "- ", "* ", "1. ", "12. ", "    "]
    + ["  - ", "    - ", "\t", "[^a]: ", "[^b]: ", "[ref]: ", "*[HTML]: ", ": ", "| "]
    + ["    > ", "> - ", "- # ", "> # ", "- [ ] ", "- [x] ", "1) ", "        ", "   "]
)
_SUFFIX = st.sampled_from(
    [
        "",
        "",
        "",
        "",
        "  ",
        "\\",
        " {#id}",
        "\n===",
        "\n---",
        "\n-",
        " |",
        " #",
        " {: .x}",
    ]
)
_OWN = st.sampled_from(
    ["", "", "", "---", "***", "===", "```", "~~~", "```python", "[ref]: https://e.org"]
    + [
        "[ref]: <x y> 'T'",
        "| a | b |\n|---|:-:|\n| [c](d) | e |",
        "a | b\n--|--\nc | d",
    ]
    + [
        "| a |\n|---|",
        "/// caption\nA caption\n///",
        "/// note | Title\ntext\n///",
        "///",
    ]
    + [
        "<div markdown=1>",
        "</div>",
        "<div>",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "<table>",
    ]
    + [
        "Term\n:   Definition",
        "> [!NOTE]\n> text",
        "::: x",
        "$$",
        "[^a]: A note.\n\n    p",
    ]
    + [
        "<details>\n<summary>s</summary>\n\ntext\n\n</details>",
        "<hr>",
        "<p",
        '<a href="',
    ]
)


@st.composite
def _lines(draw: st.DrawFn) -> str:
    return draw(_PREFIX) + draw(_TEXT) + draw(_SUFFIX)


texts = st.lists(st.one_of(_lines(), _lines(), _OWN), min_size=1, max_size=9).map(
    "\n".join
)
"""Markdown of up to nine lines or small blocks."""
