"""A stranger's HTML brings nothing into a book that runs, loads or leads astray."""

import base64
import json
import zipfile
from pathlib import Path

import markdown
import pytest

from tests.attacks.judges import epub_faults, page_faults, pdf_faults
from tests.harness import Built, built, make

# Each with something that a browser would run or load.
HTML = [
    "<script>alert(1)</script>",
    "<script src='https://e.example/x.js'></script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script\x0c>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x' onerror\n=\n'alert(1)'>",
    "<img src='https://e.example/track.png' alt='x'>",
    "<img src='//e.example/track.png' alt='x'>",
    "<img src=a.png srcset='https://e.example/x.png 2x' alt='x'>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href='https://e.example/x.js'/></svg>",
    "<svg><image href='https://e.example/x.svg'/></svg>",
    "<svg><use href='https://e.example/x.svg#a'/></svg>",
    "<svg><a href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to='javascript:alert(1)'/></svg>",
    "<svg><foreignObject><iframe src='javascript:alert(1)'></iframe></foreignObject></svg>",
    "<svg><style>@import 'https://e.example/x.css';</style></svg>",
    "<svg><rect fill='url(https://e.example/x.svg#a)'/></svg>",
    "<svg><g><style><img src=x onerror=alert(1)></style></g></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<math href='javascript:alert(1)'><mi>x</mi></math>",
    "<math><maction actiontype='statusline' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href='&#x01;javascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='#' onclick='alert(1)'>x</a>",
    "<a href='https://e.example' ping='https://e.example/ping'>x</a>",
    "<iframe src='https://e.example'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='https://e.example/x.swf'></object>",
    "<embed src='https://e.example/x.swf'>",
    "<applet code='x'></applet>",
    "<form action='https://e.example'><input name='x'><button formaction='javascript:x'>x</button></form>",
    "<base href='https://e.example/'>",
    "<meta http-equiv='refresh' content='0;url=https://e.example'>",
    "<link rel='stylesheet' href='https://e.example/x.css'>",
    "<link rel='attachment' href='file:///etc/passwd'>",
    "<style>@import 'https://e.example/x.css';</style>",
    "<div style='background:url(https://e.example/x.png)'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='behavior:url(x.htc)'>x</div>",
    "<body onload=alert(1)>",
    "<table background='https://e.example/x.png'><tr><td>x</td></tr></table>",
    "<video src='https://e.example/x.mp4' poster='https://e.example/x.png'></video>",
    "<audio src='https://e.example/x.mp3' autoplay></audio>",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "<p onmouseover=alert(1)>x</p>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<x onclick=alert(1)>x</x>",
    "<select><option><script>alert(1)</script></option></select>",
]  # fmt: skip
# The same by Markdown's own means.
MARKDOWN = [
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](JAVASCRIPT:alert(1))",
    "[x][a]\n\n[a]: javascript:alert(1)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](https://e.example/x.png)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,%3Csvg%20onload='alert(1)'/%3E)",
    "Text.\n{: onclick=alert(1) }",
    "Text.\n{: style='background:url(https://e.example/x.png)' }",
    "[x](https://e.example){: onclick='alert(1)' ping='https://e.example' }",
    "[x](#){: href=javascript:alert(1) }",
    "![x](a.png){: src=https://e.example/x.png onerror=alert(1) }",
    "# Heading {: onmouseover=alert(1) }",
    "``` {: onclick=alert(1) }\nx\n```",
    "*x*{: srcdoc=x background=https://e.example/x }",
]  # fmt: skip
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
DRAWING = """<?xml version="1.0"?><?xml-stylesheet href="https://e.example/x.css"?>
<!DOCTYPE svg [<!ENTITY x "<script>alert(1)</script>">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 onload="alert(1)" width="10" height="10"><script>alert(1)</script>&x;
<style>@import "https://e.example/x.css"; rect { fill: url(https://e.example/x) }</style>
<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://e.example"/>
</foreignObject><a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a>
<image xlink:href="file:///etc/passwd"/><use href="https://e.example/x.svg#a"/>
<image href="data:image/svg+xml;base64,{inner}"/>
<animate attributeName="xlink:href" values="javascript:alert(1)"/></svg>"""
INNER = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script></svg>'
)
STYLES = """@import "https://e.example/x.css";
p { background: url(https://e.example/x.png); behavior: url(x.htc) }
a { b: expression(alert(1)); -moz-binding: url(https://e.example/x.xml#a) }
@font-face { font-family: x; src: url("//e.example/x.ttf") }
h1 { background: image-set("https://e.example/x.png" 1x); c: \\75 rl(https://e.example) }
"""
SETTINGS = """[pdf]
paper = "a5"
[check]
warn = ["html-not-allowed", "html-unclosed", "link-scheme", "link-placeholder",
  "resource-remote", "image-missing", "image-without-alt", "drawing-not-allowed",
  "style-ignored", "link-target-missing", "link-reference-undefined", "layout-note",
  "character-stray", "heading-level-skipped", "heading-second-title", "file-outside",
  "image-unreadable", "formula-invalid"]
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Built:
    """Return a book of all that is bad, whose errors are all but warnings."""
    whole = [*HTML, *MARKDOWN]
    files: dict[str, str | bytes] = {
        "manuscript/a.png": PICTURE,
        "manuscript/x": PICTURE,
    }
    for number in range(0, len(whole), 21):
        blocks = (
            f"Word{n}.\n\n{t}\n" for n, t in enumerate(whole[number:][:21], number)
        )
        more = "\n![A drawing](bad.svg)\n"
        text = f"# Memo {number}\n\n" + "\n".join(blocks) + more
        files[f"manuscript/m{number}.md"] = text
    inner = base64.b64encode(INNER.encode()).decode()
    files["manuscript/bad.svg"] = DRAWING.replace("{inner}", inner)
    files["styles/print.css"] = files["styles/epub.css"] = STYLES
    root = make(tmp_path_factory.mktemp("bad"), files, SETTINGS)
    return built(root, codes=ANY)


class _Any(tuple[str, ...]):
    """Equal to whatever codes were found."""

    def __eq__(self, _: object) -> bool:
        return True

    __hash__ = tuple.__hash__


ANY = _Any()


def test_without_memobook_nearly_all_of_it_would_be_live() -> None:
    live = [
        text
        for text in (*HTML, *MARKDOWN)
        if page_faults(markdown.markdown(text, extensions=["extra"]))
    ]
    assert len(live) >= 70


def test_none_of_it_reaches_the_epub(book: Built) -> None:
    assert [] == epub_faults(book.path("epub").read_bytes())


def test_none_of_it_reaches_the_pdf(book: Built) -> None:
    assert [] == pdf_faults(book.path("pdf").read_bytes())


def test_no_text_around_it_is_lost(book: Built) -> None:
    with zipfile.ZipFile(book.path("epub")) as packed:
        said = "".join(packed.read(n).decode() for n in packed.namelist() if "/m" in n)
    missing = [n for n in range(len(HTML + MARKDOWN)) if f"Word{n}." not in said]
    assert [] == missing


def test_each_finding_has_its_place(book: Built) -> None:
    found = [d for d in book.report.diagnostics if d.code.value == "html-not-allowed"]
    assert len(found) >= 40
    assert all(d.span.path.startswith("manuscript/") and d.hint for d in found)


# Texts that are no memo

BAD = "<script>alert(1)</script><img src=x onerror=alert(1)>"
BOOK = f"""[book]
title = "A {BAD}"
subtitle = "{BAD}"
language = "en"
date = 2020-01-01
publisher = "{BAD}"
rights = "{BAD}"
description = "{BAD}"
series = "{BAD}"
imprint = "Text {BAD} [x](javascript:alert(1)) <svg onload=alert(1)></svg>"
subjects = ["{BAD}"]
contributors = [{{ name = "{BAD}", affiliation = "{BAD}" }}]
[contents]
memos = ["a.md"]
[citations]
library = "lib.json"
[words]
figure = "{BAD}"
contents = "{BAD}"
[variables]
v = "{BAD}"
[text]
mark = "{BAD}"
[check]
warn = ["html-not-allowed", "link-scheme", "image-missing", "image-without-alt"]
"""
MEMO = f"""---
title: "{BAD}"
subtitle: "{BAD}"
authors: [{{name: "{BAD}", affiliation: "{BAD}", bio: "x {BAD}"}}]
abstract: "x {BAD} [x](javascript:alert(1))"
key_points: ["x {BAD}"]
place: "{BAD}"
status: "{BAD}"
epigraph: {{text: "x {BAD}", source: "y {BAD}"}}
---

Text [@a]. {{{{ v }}}} HTML [x](https://e.example "{BAD}")

## Heading {BAD}

*[HTML]: {BAD}
"""
LIBRARY = [
    {
        "id": "a",
        "type": "book",
        "title": f"T {BAD} <i>x</i>",
        "author": [{"family": BAD, "given": "A"}],
        "publisher": BAD,
        "URL": "javascript:alert(1)",
        "DOI": '10.1/"><script>',
        "issued": {"date-parts": [[2020]]},
    }
]


def test_no_text_of_the_settings_is_markup(tmp_path: Path) -> None:
    files = {
        "manuscript/book.toml": BOOK,
        "manuscript/a.md": MEMO,
        "manuscript/lib.json": json.dumps(LIBRARY),
    }
    made = built(make(tmp_path, files), codes=ANY)
    assert [] == epub_faults(made.path("epub").read_bytes())
    assert [] == pdf_faults(made.path("pdf").read_bytes())
