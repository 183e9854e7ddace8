"""A project's style sheets load nothing of the web, and run nothing."""

import pytest

from memobook.design.own_styles import checked
from memobook.diagnostics import Reporter
from memobook.project.trust import TRUSTED, UNTRUSTED


def check(css, trust=TRUSTED):
    reporter = Reporter()
    clean = checked(css, "styles/print.css", trust, reporter)
    found = [(d.code.value, d.span.line, d.span.column) for d in reporter]
    return clean, found


@pytest.mark.parametrize(
    "css",
    [
        "@import 'more.css';\np{background:url(../images/a.png)}",
        "p{background:url(data:image/svg+xml,%3Csvg/%3E)}",
        "@font-face{font-family:x;src:url('fonts/x.ttf')}",
        "@namespace url(http://www.w3.org/1999/xhtml);",
        "/* url(https://example.org) */ a[href^='https://']{color:red}",
        "p::before{content:'@import url(//x)'}",
    ],
)
def test_what_is_the_project_s_own_stays_as_it_is(css):
    assert (css, []) == check(css)


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("p{\n a:url(https://example.org/a)}", "p{\n a:none}"),
        ("p{\n a:url('//example.org/a')}", "p{\n a:none}"),
        ("p{\n a:URL(\\68ttp://example.org/a)}", "p{\n a:none}"),
        ("p{\n a:image-set('https://example.org' 1x)}", "p{\n a:none}"),
        ("p{\n a:url(file:///etc/passwd)}", "p{\n a:none}"),
        ("p{\n a:url('javascript:x()')}", "p{\n a:none}"),
        ("p{\n a:url(data:text/html,x)}", "p{\n a:none}"),
    ],
)
def test_an_address_outside_is_reported_where_it_stands(css, left):
    assert (left, [("resource-remote", 2, 4)]) == check(css)


@pytest.mark.parametrize(
    "css",
    ["p{\n a:expression(x())}", "p{\n b:c;behavior:x}", "p{\n b:c;-moz-binding: x}"],
)
def test_what_runs_is_reported(css):
    clean, found = check(css)
    assert [("style-ignored", 2)] == [(code, line) for code, line, _ in found]
    assert not any(word in clean for word in ("expression", "behavior", "binding"))


@pytest.mark.parametrize("css", ["@import 'a.css';p{}", "@IMPORT url(a.css);p{}"])
def test_a_stranger_s_sheet_takes_no_other_one_in(css):
    assert (css, []) == check(css)
    assert ("p{}", [("style-ignored", 1, 1)]) == check(css, UNTRUSTED)


def test_brackets_without_end_are_no_traceback():
    clean, found = check("p{a:url(x)" + "(" * 50_000)
    assert (clean, len(found)) in {("", 1), (clean, 0)}
