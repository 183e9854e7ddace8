"""Markdown at random, made of all that a memo may hold: a grammar for hypothesis.

Almost everything closes and leads somewhere, so that most of it reaches the pages, with
some that does not. Every word is another one, `_WORD` until `numbered` gives it its
letters, so that a word that is lost is seen to be lost.
"""

from __future__ import annotations

import re

from hypothesis import strategies as st

from tests.book.markdown_texts import texts as noise

__all__ = ["bodies", "inlines", "numbered"]

_WORD = "\N{LOZENGE}"
_LETTERS = "bdfghjklmnprstvz"


def numbered(text: str, start: int) -> str:
    """Give every word that has none its letters, other ones from each start on."""
    count = iter(range(start, start + len(text)))
    return re.sub(_WORD, lambda _: _spelt(next(count)), text)


def _spelt(number: int) -> str:
    """Return a word of a number that no other number has: qbabibobebu, ..."""
    sounds = []
    for vowel in "ueoia":
        number, index = divmod(number, len(_LETTERS))
        sounds.append(_LETTERS[index] + vowel)
    return f"q{''.join(reversed(sounds))}"


def _mostly(
    good: st.SearchStrategy[str], bad: st.SearchStrategy[str], share: int = 19
) -> st.SearchStrategy[str]:
    """Return good ones, and a bad one for so many of them: most memos can be built."""
    return st.one_of(*[good] * share, bad)


def _of(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.split())


# Lines

_SPECIAL = st.sampled_from(
    """“Q” 'q' "q" -- --- ... 5% A&B &amp; &lt; &copy; &#8212; \\* \\[ \\_ \\\\ \\{{ it's 1990s
    < > 5<6 ½ é e\u0301 ß İ ﬁ $5 $5,500 \\$4 *** ** * _ ~ ^ = == ++ -- {} { } [ ] ( ) | ` :
    ! # ## @ @x [@ [^ [] []() {.x} {#x} {{ }} {++ ++} {>> <<} \u00a0 \u00ad \u200b \u2060 \ufeff
    \u0939\u093f\u0928\u094d\u0926\u0940 \u4e2d\u6587 \u0627\u0644\u0639 \u05e9\u05dc\u05d5\u05dd
    \u039b\u03cc\u03b3\u03bf\u03c2 \U0001f600 \u2028 \x0b \x0c \u0085 \t HTML R&D MTCR
    <br> <hr> <wbr> </p> <p> <b> </b> </div> <!--x--> 1. 1) - + : :::: /// ``` ~~~ ---""".split(
        " "
    )
)
_URL = _mostly(
    _of(
        """https://example.org/ https://example.org/a?b=c&d=e#f https://example.org/a_(b) #end
        <https://example.org/a b> http://[2001:db8::1]:8080/x https://bücher.example/ü one.md one.md#end
        mailto:a@example.org tel:+41-44 urn:isbn:9783161484100 HTTPS://EXAMPLE.ORG/A doi:10.1000/182
        https://example.org/%zz https://example.org/100% https://example.org/#a#b https://exa_mple.org/ https://example.org/a"b https://example.org/\\{x}"""
    ),
    _of(
        """https://example.org:99999/ https://[ #nowhere none.md ../x // / ? data:,x javascript:x # x
        https://a..org/ https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org/
        file:///etc/passwd \\x\\y images/red.png http: https:// <> one.md#nowhere"""
    ),
)
_IMAGE = _mostly(
    _of("images/red.png images/leaf.svg images/fuzz.svg images/grey.jpg"),
    _of(
        "images/none.png red.png ../x.png https://example.org/x.png images/ data:image/png;base64,AA one.md"
    ),
)
_ATTRIBUTES = _mostly(
    st.sampled_from(
        [
            "{.class}", "{lang=fr}", "{lang=he dir=rtl}", "{.smallcaps}", "{.no-note}", '{note="◊ ◊"}',
            "{.index}", "{index='◊; ◊ > ◊'}", "{title='◊ & <◊>'}", "{.unnumbered}", "{.decorative}",
            "{credit='◊ ◊'}", "{colspan=2}", "{.landscape}", "{.wide}", "{.credit}", "{width=50%}", "{: .a }",
            "{role=note}", "{aria-label='◊'}",
        ]
    ),
    st.sampled_from(
        [
            "{.call}", "{.footnote}", "{.external}", "{.xref}", "{role=button}", "{aria-hidden=x}", "{lang=x_y}",
            "{#id}", "{lang=xx-nonsense}", "{dir=up}", "{.term}", '{term="◊"}', "{style='color:red'}", "{}",
            "{onclick=x}", "{: .a #b }", "{.}", "{#a #b}", "{index='◊' see='◊'}", "{a=b c='d' e}", "{",
            "{index-from='◊'}", "{index-to='◊'}", "{rowspan=3}", "{colspan=0}", "{colspan=99999}", "{index=''}",
        ]
    ),
)  # fmt: skip
_CODE = st.sampled_from(
    ["`◊`", "``◊ ` ◊``", "`<◊>`", "`{{ ◊ }}`", "`$◊$`", "` `", "`\\`"]
)
_FORMULA = _mostly(
    st.sampled_from(
        [
            "$x$", "$E = mc^2$", "$\\frac{a}{b}$", "$\\alpha_{i}^{2}$", "$\\text{◊}$", "$a < b > c$",
            "$\\begin{pmatrix}1&0\\\\0&1\\end{pmatrix}$", "$\\sqrt[3]{x}$", "$\\mathbb{R}$", "$5 to $6",
        ]
    ),
    st.sampled_from(["$x^$", "${$", "$ x $", "$\\left( x$", "$$", "$x", "$é$", "$\\href{x}{y}$", "$\\foo$", "$}$"]),
)  # fmt: skip
_CALL = _mostly(_of("[^a] [^b] [^a][^b]"), _of("[^c] [^none] [^é] [^1] [^]"))
_REFERENCE = _mostly(
    _of(
        "[@sec:end] [@memo:one] [@hoyt] [@hoyt,p.◊] [see@wu] [@wu,◊] [-@memo:one] [@memo:one;@sec:end]"
    ),
    _of(
        "[@fig:a] [@tbl:a] [@eq:a] [@none] [-@fig:a] [@fig:a,◊] [@fig:a;@tbl:a] [@fig:one/a] [@sec:] [@]"
    ),
    6,
)
_REUSED = _mostly(
    st.sampled_from(["{{ press }}", "{{ book.title }}", "\\{{ press }}", "{++◊ ◊++}", "{--◊--}", "{~~◊~>◊~~}", "{==◊==}", "{>>◊<<}"]),
    st.sampled_from(["{++◊", "{{press}}", "{{ include }}", "{{ press", "{{ nobody }}", "++}", "{{ end }}"]),
)  # fmt: skip
_HTML = _mostly(
    st.sampled_from(
        [
            "<b>◊</b>", "<i>◊ *◊*</i>", "<span class='x'>◊</span>", '<span lang="de">◊</span>', "<kbd>◊</kbd>",
            "<q>◊</q>", "<sup>◊</sup>", "<a href='https://example.org/h'>◊</a>", "<br/>", "<bdi>◊</bdi>",
            "<img src='images/red.png' alt='◊'>", "<ruby>◊<rt>◊</rt></ruby>", "<abbr title='◊'>◊</abbr>",
            "<!-- ◊ -->", "<time datetime='2024-02-29'>◊</time>", "<math><mi>x</mi></math>", "<mark>◊</mark>",
            "<svg viewBox='0 0 1 1' role='img' aria-label='◊'><circle r='1'/></svg>", "<small>◊</small>", "<b><i>◊</i></b>", "<wbr>", "<ins>◊</ins>",
            "<svg viewBox='0 0 9 9' role='img' aria-labelledby='t'><title id='t'>◊</title><circle id='c' r='1' fill='url(#c)'/><use href='#c'/></svg>",
        ]
    ),
    st.sampled_from(
        [
            "<i>◊", "<a name=x>◊</a>", "<script>◊</script>", "<unknown>◊</unknown>", "<b onclick='x'>◊</b>",
            "<p>◊</p>", "<div>◊</div>", "<table><tr><td>◊</td></tr></table>", "<li>◊</li>", "<td>◊</td>",
            "<details><summary>◊</summary>◊</details>", "<h2>◊</h2>", "<input>", "<style>p{}</style>", "<dl><dd>◊</dl>",
            "<b><i>◊</b></i>", "<span id='end'>◊</span>", "<a>◊</a>", "<?◊?>", "<![CDATA[◊]]>", "<!◊>", "<svg><script>◊</script></svg>",
            "<time>◊</time>", "<time datetime=x>◊</time>", "<ol start=x><li>◊</ol>", "<b title=\"◊\" title='x'>◊</b>", "<ruby><rt>◊</ruby>",
            "<math><mfoo>◊</mfoo></math>", "<p>◊<p>◊", "<bdo>◊</bdo>", "<summary>◊</summary>", "<figcaption>◊</figcaption>", "<ruby>◊</ruby>", "<ul>◊</ul>",
            "<math display='x'><mi>x</mi></math>", "<b class='call'>◊</b>", "<section role='zzz'>◊</section>", "<hr>",
            "</b>", "<a href='https://example.org/'><a href='https://example.org/x'>◊</a></a>",
        ]
    ),
    12,
)  # fmt: skip
_KEYS = st.sampled_from(["++ctrl+s++", "++enter++", "++nokey++", '++"◊"++', "C++"])
_MARKS = st.sampled_from(
    ["*", "**", "_", "__", "~~", "~", "^", "^^", "==", "`", '"', "'"]
)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return what may stand around other text in a line."""
    return st.one_of(
        st.builds("{0}{1}{0}".format, _MARKS, inner),
        st.builds("[{}]({})".format, inner, _URL),
        st.builds('[{}]({} "◊ “◊”")'.format, inner, _URL),
        st.builds("[{}]({}){}".format, inner, _URL, _ATTRIBUTES),
        st.builds("[{}]{}".format, inner, _ATTRIBUTES),
        st.builds("*{}*{}".format, inner, _ATTRIBUTES),
        st.builds(
            "[{}][{}]".format, inner, st.sampled_from(["ref", "", "Ref", "none"])
        ),
        st.builds("![{}]({})".format, inner, _IMAGE),
        st.builds('![{}]({} "◊"){}'.format, inner, _IMAGE, _ATTRIBUTES),
        st.builds("[![{}]({})]({})".format, inner, _IMAGE, _URL),
    )


_PLAIN = st.lists(st.just(_WORD), min_size=1, max_size=6).map(" ".join)
_ATOM = st.one_of(
    _PLAIN, _PLAIN, _PLAIN, _PLAIN, _PLAIN, _SPECIAL, _CODE, _FORMULA, _CALL, _REFERENCE, _REUSED, _HTML, _KEYS,
    _URL.map("<{}>".format),
)  # fmt: skip
_PIECE = st.recursive(_ATOM, _wrapped, max_leaves=3)
inlines = st.tuples(
    st.lists(_PIECE, min_size=1, max_size=5), st.sampled_from([" ", " ", " ", ""])
).map(lambda found: found[1].join(found[0]))
"""A line of text."""


# Blocks


def _block(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(template.format, *parts)


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line if line else line for line in text.split("\n"))


_CAPTION = st.sampled_from(
    ["table-caption", "figure-caption", "caption", "description", "nothing"]
)
_LINES = st.lists(inlines, min_size=1, max_size=3).map("\n".join)
_CELLS = st.lists(inlines, min_size=1, max_size=4).map(" | ".join)
_TABLE = st.builds(
    lambda head, rule, rows: "\n".join(
        [f"| {head} |", rule, *(f"| {r} |" for r in rows)]
    ),
    _CELLS,
    st.sampled_from(
        ["|---|---|", "|---|", "| :-- | --: | :-: |", "|---|---|---|---|", "|-|"]
    ),
    st.lists(_CELLS, max_size=3),
)
_LEAF = st.one_of(
    _LINES,
    _LINES,
    _LINES,
    _block("## {}", inlines),
    _block("{} {}", _mostly(_of("## ###"), _of("# #### ###### #######")), inlines),
    _block("## {} {}", inlines, _ATTRIBUTES),
    _block("{}\n---", inlines),
    _TABLE,
    _block("{}\n\n/// table-caption\n{} {}\n///", _TABLE, inlines, _ATTRIBUTES),
    _block("![{}]({})\n\n/// figure-caption\n{}\n///", inlines, _IMAGE, inlines),
    _block("/// {}\n{}\n///", _CAPTION, _LINES),
    _block("◊[^{0}]\n\n[^{0}]: {1}", _of("c d é 1"), _LINES),
    _block("{} ==◊==", st.sampled_from(["◊\n===", "[^a]: ◊", "[^e]: ◊", "# ◊"])),
    _block("[ref]: {} '◊'", _URL),
    _block("*[{}]: {}", st.sampled_from(["HTML", "◊", ""]), inlines),
    _block("```{}\n{}\n```", st.sampled_from(["", "python", "nolang", 'python hl_lines="1"', 'py title="◊"']), _LINES),
    _block("~~~\n{}\n~~~", _LINES),
    _block("    {}", inlines),
    _block("$$\n{}\n$$ {}", st.sampled_from(["x", "\\frac{a}{b}", "\\foo", "", "a\n\nb"]), st.sampled_from(["", "{#eq:a}", '{#eq:b alt="◊"}', "{"])),
    _block("```math\n{}\n```", st.sampled_from(["x", "\\sum_{i=1}^n i", "\\end{x}"])),
    _block('```mermaid alt="◊"\n{}\n```', st.sampled_from(["flowchart LR\n  A --> B", "sequenceDiagram\n  A->>B: ◊", "pie\n  \"◊\" : 1", "none"])),
    _block("{{{{ {} }}}}", _mostly(st.sampled_from(["include parts/terms.md", "include parts/terms.md#term", "include parts/sums.csv", "include parts/sums.csv#Year"]), st.sampled_from(["include none.md", "include ../../x", "region a", "end", "if pdf", "else", "include one.md", "include parts/sums.csv#No"]), 6)),
    _block("{{{{ if {} }}}}\n{}\n{{{{ end }}}}", _mostly(st.sampled_from(["pdf", "epub", "not pdf", "pdf or epub"]), st.sampled_from(["draft", "pdf and epub", "("]), 6), _LINES),
    _mostly(_of("--- *** <hr> [TOC] <!--◊-->"), _of("/// ``` $$ <div> </div> <!-- --> <pre> ::: [[toc]] {: .x}"), 6),
    _block("<div>\n{}\n</div>", inlines),
    _block("<div markdown=1>\n\n{}\n\n</div>", inlines),
    _block("<table><tr><th colspan=2>{}</th></tr><tr><td>{}</td></tr></table>", inlines, inlines),
    _block("<figure><img src='images/red.png' alt='◊'><figcaption>{}</figcaption></figure>", inlines),
    _block(":   {}", inlines),
    _block("<dl><dt>{}</dt><dd>{}</dd></dl>", inlines, inlines),
    _block("<table><caption>{}</caption><caption>{}</caption><tr><td>◊</td></tr></table>", inlines, inlines),
    _block("![◊]({} '◊')\n\n/// figure-caption\n{}\n///\n\n/// caption\n{}\n///", _IMAGE, inlines, inlines),
    _block("<ol type='i' start='3'><li>{}</li><li value='9'>{}</li></ol>", inlines, inlines),
    noise,
)  # fmt: skip


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return blocks that hold other blocks."""
    inside = st.lists(inner, min_size=1, max_size=2).map("\n\n".join)
    return st.one_of(
        inside.map(lambda text: _indented(text, "> ")),
        st.builds(lambda kind, text: f"> [!{kind}]\n" + _indented(text, "> "), st.sampled_from(["NOTE", "TIP", "CAUTION", "NONE", "NOTE] ◊", "note"]), inside),
        st.builds(lambda mark, text: mark + _indented(text, "    ").lstrip(), st.sampled_from(["- ", "* ", "+ ", "1. ", "7. ", "2) ", "- [ ] ", "- [x] ", "1.  "]), inside),
        st.builds(lambda text: f"◊ ◊\n:   {_indented(text, '    ').lstrip()}", inside),
        st.builds(lambda text: f"◊[^a]\n\n[^a]: {_indented(text, '    ').lstrip()}", inside),
        st.builds(lambda kind, text: f"/// {kind}\n{text}\n///", st.sampled_from(["note", "note | ◊", "html | div.pull-quote", "html | div.timeline", "html | section", "details | ◊", "html | script", "warning", "tab | ◊"]), inside),
        st.builds(lambda text: f"<div markdown>\n{text}\n</div>", inside),
        st.lists(inner, min_size=2, max_size=4).map(lambda found: "\n".join(f"- {f}" for f in found)),
    )  # fmt: skip


_BLOCK = st.recursive(_LEAF, _nested, max_leaves=4)
_NOTES = "\n\n[^a]: ◊ ◊.\n\n[^b]: ◊, see [◊](https://example.org/b).\n\n[ref]: https://example.org/ref"
_ENDS = st.sampled_from(
    ["", "\n\n## ◊ {#end}\n\n◊.", _NOTES, f"\n\n## ◊ {{#end}}\n\n◊.{_NOTES}"]
)

bodies = st.tuples(
    st.lists(_BLOCK, min_size=1, max_size=6).map("\n\n".join), _ENDS
).map("".join)
"""A memo's text, below its block; to be `numbered`."""
