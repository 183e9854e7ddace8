"""Style sheets and drawings at random."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["drawings", "sheets"]

# CSS

_SELECTOR = st.sampled_from(
    """p h1 h2 .opener .note a a.external aside table td th figure img li ul blockquote pre code body
    html :root section * p::before h2::after li::marker a:hover p:first-child p:nth-child(2n+1) p:not(.x)
    p:has(a) [lang=de] .a>.b h1+p p~p #id #1x .é p:lang(de) ::footnote-call ::footnote-marker :is(p,h2)
    p:nth-child(n""".split()
)
_PROPERTY = st.sampled_from(
    """color background background-image font font-size font-family line-height margin padding width
    height display position float columns column-count break-before break-inside break-after content
    counter-reset counter-increment quotes border text-align text-indent hyphens letter-spacing
    text-transform transform opacity overflow page orphans widows list-style-type white-space flex grid
    direction string-set bookmark-level bookmark-label footnote-display max-width min-height box-shadow
    text-decoration vertical-align z-index colr --x --accent footnote-policy hyphenate-limit-chars
    margin-left font-weight object-fit visibility tab-size""".split()
)
_VALUE = st.sampled_from(
    """red #333 transparent inherit initial none auto 0 1 -1 2em 20pt 50% 100vw -5mm 1e9pt 0.0001pt
    calc(1px+1em) calc(1px + 2em) var(--accent) var(--no) var(--x) url(none.png) url(../manuscript/images/red.png)
    url(https://example.org/x.png) url(data:image/png;base64,AA) "text" 'x' counter(page) counter(no)
    attr(title) open-quote block inline inline-block flex grid table none list-item footnote absolute
    relative fixed left right both avoid page always column uppercase nowrap pre italic bold 300 950
    Inter "No Such" serif 1fr repeat(3,1fr) repeat(99999,1fr) rotate(45deg) element(x) running(x) rgb(1,2,3)
    color-mix(in srgb,red,blue) target-counter(attr(href),page) leader('.') 1/0 calc(1/0) hidden
    linear-gradient(red,blue) justify rtl 99 1000000 center -1em decimal devanagari symbols()""".split()
)
_DECLARATION = st.one_of(
    st.builds("{}: {}".format, _PROPERTY, _VALUE),
    st.builds("{}: {} {}".format, _PROPERTY, _VALUE, _VALUE),
    st.builds("{}: {} !important".format, _PROPERTY, _VALUE),
    st.sampled_from(["", ":", "color", "color:", "color: red; ;", "a{b:c}", "/* x */", "/*", "\\", '"', "é: é", "}", "color: red)"]),
)  # fmt: skip
_BODY = st.lists(_DECLARATION, max_size=3).map("; ".join)
_AT = st.sampled_from(
    [
        "@page", "@page :left", "@page :first", "@page memo", "@media print", "@media (min-width: 1px)",
        "@font-face", "@supports (display: grid)", "@layer x", "@counter-style x", "@nonsense", "@page { @top-left",
        "@import 'x.css'; p", "@import url(https://example.org/x.css); p", "@charset 'x'; p", "@namespace x 'y'; p",
        "@keyframes x { from",
    ]
)  # fmt: skip
_RULE = st.one_of(
    st.builds("{} {{ {} }}".format, _SELECTOR, _BODY),
    st.builds("{} {{ {} }}".format, _SELECTOR, _BODY),
    st.builds("{}, {} {{ {} }}".format, _SELECTOR, _SELECTOR, _BODY),
    st.builds("{} {{ {} {{ {} }} }}".format, _AT, _SELECTOR, _BODY),
    st.builds("{} {{ {} }}".format, _AT, _BODY),
    st.sampled_from(["p {", "}", "@", "<!--", "-->", "\x00", "\ufeff", ";", "p { & a { color: red } }"]),
)  # fmt: skip
sheets = st.lists(_RULE, min_size=1, max_size=5).map("\n".join)
"""A style sheet of a project."""

# SVG

_NUMBER = st.sampled_from(
    ["0", "1", "10", "-5", "50%", "1e9", "nan", "", "x", "1em", "0.001", "1,2", "99999"]
)
_PAINT = st.sampled_from(
    [
        "red",
        "none",
        "url(#a)",
        "url(#no)",
        "url(https://example.org/)",
        "currentColor",
        "#12",
        "var(--x)",
    ]
)
_PATH = st.sampled_from(
    [
        "M0 0L9 9z",
        "M0,0",
        "M",
        "L1 1",
        "M0 0 C1 1 2 2",
        "M0 0a1 1 0 1 1 9 9",
        "M1e999 0",
        "é",
        "M0 0 " + "l1 1 " * 200,
    ]
)
_STYLE = st.sampled_from(
    [
        "fill:red",
        "fill:url(#a)",
        "@import x",
        "background:url(https://example.org/)",
        ":",
        "stroke-width:1e9",
    ]
)
_FLAT = st.one_of(
    st.builds("<rect width='{}' height='{}' fill='{}'/>".format, _NUMBER, _NUMBER, _PAINT),
    st.builds("<circle cx='{}' r='{}' stroke='{}'/>".format, _NUMBER, _NUMBER, _PAINT),
    st.builds("<path d='{}' fill='{}'/>".format, _PATH, _PAINT),
    st.builds("<text x='{}' style='{}'>text &amp; é</text>".format, _NUMBER, _STYLE),
    st.builds("<line x2='{}' stroke='{}' marker-end='url(#m)'/>".format, _NUMBER, _PAINT),
    st.builds("<polygon points='{0} {0} {1}'/>".format, _NUMBER, _NUMBER),
    st.builds("<linearGradient id='a'><stop offset='{}' stop-color='{}'/></linearGradient>".format, _NUMBER, _PAINT),
    st.builds("<style>{}</style>".format, sheets.map(lambda text: text.replace("<", "").replace("&", "").replace("\x00", ""))),
    st.sampled_from(
        [
            "<title>A title</title>", "<desc>D</desc>", "<use href='#a'/>", "<use href='#s'/>", "<g id='s'><use href='#s'/></g>",
            "<image href='red.png' width='9' height='9'/>", "<image href='https://example.org/x.png'/>",
            "<script>x</script>", "<foreignObject><p>x</p></foreignObject>", "<a href='https://example.org/'><rect/></a>",
            "<marker id='m'><path d='M0 0'/></marker>", "<clipPath id='c'><rect width='1' height='1'/></clipPath>",
            "<filter id='f'><feGaussianBlur stdDeviation='9'/></filter>", "<mask id='k'/>", "<symbol id='y'/>",
            "<animate attributeName='x'/>", "<rect onclick='x'/>", "<rect filter='url(#f)' mask='url(#k)' clip-path='url(#c)'/>",
            "<unknown/>", "<!-- c -->", "<?p x?>", "<![CDATA[x]]>", "<metadata><x xmlns='y'/></metadata>", "text", "<pattern id='a' width='1' height='1'><use href='#a'/></pattern>",
            "<svg width='1'><rect/></svg>", "<text><tspan dx='1 2 3'>x</tspan><textPath href='#p'>y</textPath></text>", "<rect id='a'/><rect id='a'/>",
        ]
    ),
)  # fmt: skip
_SHAPES = st.recursive(
    _FLAT,
    lambda inner: st.builds(
        "<g transform='{}'>{}</g>".format,
        st.sampled_from(
            ["", "rotate(1)", "scale(0)", "matrix(1 0 0 1 0 0)", "x(", "translate(1e9)"]
        ),
        st.lists(inner, min_size=1, max_size=3).map("".join),
    ),
    max_leaves=6,
)
_ROOT = st.sampled_from(
    [
        "viewBox='0 0 40 40'", "viewBox='0 0 40 40' width='40' height='40'", "width='10mm' height='5mm'", "",
        "viewBox='0 0 0 0'", "viewBox='a b c d'", "width='100%' height='100%'", "viewBox='0 0 -1 -1'", "width='1e9'",
        "viewBox='0 0 1e9 1e9'", "width='0'", "viewBox='0,0,40,40' preserveAspectRatio='none'",
    ]
)  # fmt: skip
_WRAPPED = st.sampled_from(
    [
        "<svg xmlns='http://www.w3.org/2000/svg' {} >{}</svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' {} >{}</svg>",
        "<?xml version='1.0' encoding='utf-8'?>\n<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' {} >{}</svg>\n",
        "<!DOCTYPE svg [<!ENTITY e 'x'>]><svg xmlns='http://www.w3.org/2000/svg' {} >{}&e;</svg>",
        "<svg {}>{}</svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' {}>{}",
        "<?xml version='1.0' encoding='utf-16'?><svg xmlns='http://www.w3.org/2000/svg' {}>{}</svg>",
        "<x:svg xmlns:x='http://www.w3.org/2000/svg' {}>{}</x:svg>",
    ]
)  # fmt: skip
drawings = st.builds(
    lambda wrap, root, inside: wrap.format(root, "".join(inside)).encode(
        "utf-8", "replace"
    ),
    _WRAPPED,
    _ROOT,
    st.lists(_SHAPES, max_size=4),
)
"""A picture in SVG, or what looks like one."""
