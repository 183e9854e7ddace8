"""A drawing keeps its look, and loses what loads or runs."""

import base64
from pathlib import Path

import pytest
from lxml import etree

from memobook.book.drawings import Cleaned, cleaned, is_drawing

SAMPLES = sorted((Path(__file__).parents[1] / "fixtures" / "drawings").glob("*.svg"))
NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(body: str, before: str = "", names: str = NAMES) -> bytes:
    return f"{before}<svg {names}>{body}</svg>".encode()


def clean(body: str, before: str = "") -> Cleaned:
    return cleaned(drawing(body, before))


def inside(found: Cleaned) -> str:
    root = etree.fromstring(found.data)
    text = root.text or ""
    return text + "".join(etree.tostring(c).decode() for c in root).replace(
        f" {NAMES}", ""
    ).replace(' xmlns="http://www.w3.org/2000/svg"', "")


def losses(found: Cleaned) -> list[str]:
    return [loss.what for loss in found.losses]


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M0 0" style="fill:url(#a);stroke:#000"/>',
        '<style>rect{fill:url("#a")} @font-face{src:url(data:font/woff2;base64,AA)}</style>',
        '<use xlink:href="#a"/><use href="#a"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<switch><g systemLanguage='de'/><g/></switch>",
        '<circle r="1"><animate attributeName="r" values="1;2" dur="1s"/></circle>',
        "<!-- a word --><text><tspan x='1'>Text</tspan></text>",
    ],
)
def test_what_does_no_harm_keeps_every_byte(body: str) -> None:
    data = drawing(body)
    assert Cleaned(data) == cleaned(data)


@pytest.mark.parametrize(
    ("body", "left", "said"),
    [
        ("<script>x()</script>", "", "a script"),
        ('<g onclick="x()"/>', "<g/>", "the attribute onclick, a script"),
        ('<g ONLOAD="x()"/>', "<g/>", "the attribute ONLOAD, a script"),
        ('<image href="https://example.org/x.png"/>', "", "https://example.org/x.png"),
        ('<image xlink:href="../x.png"/>', "", "../x.png"),
        ('<use href="other.svg#a"/>', "", "other.svg#a"),
        ('<feImage href="file:///etc/passwd"/>', "", "file:///etc/passwd"),
        ('<rect fill="url(//e.org/#a)"/>', "<rect/>", "the fill url(//e.org/#a)"),
        ('<rect style="x:1;fill:url(a.svg)"/>', '<rect style="x:1;fill:none"/>', "url(a.svg)"),
        ('<style>@import "a.css";g{x:1}</style>', "<style>g{x:1}</style>", "@import"),
        ("<style><![CDATA[g{x:u\\72l(a)}]]></style>", "<style>g{x:none}</style>", "url(a)"),
        ("<blink>x</blink>", "", "<blink>"),
        ('<symbol viewBox="a b c d"/>', "<symbol/>", "the viewBox a b c d"),
        ('<symbol viewBox="0 0 10"/>', "<symbol/>", "the viewBox 0 0 10"),
        ('<h:p xmlns:h="http://www.w3.org/1999/xhtml">Say</h:p>', "", "“Say”, which is HTML"),
        ("<foreignObject><p>Say</p></foreignObject>", "", "“Say”, which is HTML"),
        ('<set attributeName="xlink:href" to="javascript:x"/>', "",
         "the movement of xlink:href"),
        ('<animate attributeName="onclick" to="x"/>', "",
         "the movement of onclick"),
    ],
)  # fmt: skip
def test_what_loads_or_runs_is_taken_out(body: str, left: str, said: str) -> None:
    found = clean(body)
    assert (left, [said]) == (inside(found), losses(found))


@pytest.mark.parametrize(
    "body",
    [
        '<a href="javascript:x">{}</a>',
        '<a xlink:href="https://example.org">{}</a>',
        '<g foo="1" content="x">{}</g>',
        '<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="x">{}</g>',
        '{}<metadata xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#">x</metadata>',
        '<e:view xmlns:e="urn:editor">x</e:view>{}',
    ],
)
def test_what_nobody_sees_goes_without_a_word(body: str) -> None:
    found = clean(body.format('<path d="M0 0"/>'))
    assert [] == losses(found)
    assert '<path d="M0 0"/>' in inside(found)
    assert not any(
        word in inside(found) for word in ("javascript", "example", "foo", "i:")
    )


def test_of_two_of_one_name_the_first_has_it():
    found = clean('<g id="a"/><g id="b"/><rect id="a"/>')
    assert ('<g id="a"/><g id="b"/><rect/>', []) == (inside(found), losses(found))


def test_the_line_is_told():
    assert [3] == [loss.line for loss in clean("\n\n<script/>").losses]


def test_only_what_is_seen_is_visible():
    found = clean('<script/><image href="x.png"/>')
    assert [False, True] == [loss.is_visible for loss in found.losses]


def test_a_type_goes_and_its_entities_are_spelt_out():
    kind = '<!DOCTYPE svg [<!ENTITY w "Word">]>'
    found = clean("<text>&w;</text>", kind)
    assert ("<text>Word</text>", []) == (inside(found), losses(found))
    assert b"DOCTYPE" not in found.data


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY w SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE svg [<!ENTITY w SYSTEM "https://example.org/">]>',
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY w "&w;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>',
    ],
)
def test_an_entity_of_elsewhere_brings_nothing(before: str) -> None:
    host = Path("/etc/hostname").read_text() if Path("/etc/hostname").exists() else "?"
    try:
        found = clean("<text>&w;</text>", before)
    except ValueError:
        return
    assert host.strip() not in found.data.decode()


def test_entities_do_not_grow_without_end():
    kinds = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    with pytest.raises(ValueError, match=r"[Ee]ntit"):
        clean("<text>&e12;</text>", f'<!DOCTYPE svg [<!ENTITY e0 "ha">{kinds}]>')


def test_a_style_sheet_of_another_file_is_a_loss():
    assert ["a style sheet of another file"] == losses(
        clean("<g/>", '<?xml-stylesheet href="a.css"?>')
    )


def test_of_a_choice_what_plain_svg_shows_stays():
    html = "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>A label</p></foreignObject>"
    same = clean(f"<switch>{html}<text>A label</text></switch>")
    assert ("<switch><text>A label</text></switch>", []) == (inside(same), losses(same))
    cut = clean(f"<switch>{html}<text>A lab</text></switch>")
    assert ["“A label”, which is HTML"] == losses(cut)
    hidden = "<switch><g requiredFeatures='x'/><text>no SVG</text></switch>"
    assert '<switch><g requiredFeatures="x"/></switch>' == inside(clean(hidden))


def test_a_drawing_in_a_drawing_is_cleaned_too():
    inner = base64.b64encode(drawing("<script/><path d='M1 1'/>")).decode()
    found = clean(f'<image href="data:image/svg+xml;base64,{inner}"/>')
    assert ["a script"] == losses(found)
    held = etree.fromstring(found.data)[0].get("href").partition(",")[2]
    assert b"<script" not in base64.b64decode(held)
    assert b"M1 1" in base64.b64decode(held)


@pytest.mark.parametrize("data", [b"<svg/>", b"<html/>", b"<svg", b"", b"<a>" * 300])
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        cleaned(data)


def test_drawings_are_known_by_their_first_sign():
    assert [True, True, False] == [
        is_drawing(d) for d in (b" <svg>", b"\xef\xbb\xbf<svg>", b"\x89PNG")
    ]


# Drawings as programs write them


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_the_drawings_of_programs_lose_nothing_that_is_seen(path: Path) -> None:
    found = cleaned(path.read_bytes())
    assert () == found.losses
    before, after = (etree.fromstring(d) for d in (path.read_bytes(), found.data))
    for kind in (
        "path",
        "text",
        "tspan",
        "use",
        "rect",
        "image",
        "style",
        "stop",
        "marker",
    ):
        name = f"{{http://www.w3.org/2000/svg}}{kind}"
        assert len(list(before.iter(name))) <= len(list(after.iter(name))) + (
            path.stem == "drawio"
        )
    assert cleaned(found.data) == Cleaned(found.data)


def test_a_drawing_loses_what_is_no_css():
    css = ".a { fill: red }\n@\n"
    made = cleaned(
        f'<svg xmlns="http://www.w3.org/2000/svg"><style>{css}</style></svg>'.encode()
    )
    assert b"@" not in made.data
    assert b"fill: red" in made.data
    assert [loss.line for loss in made.losses] == [1]
