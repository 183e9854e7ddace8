"""When two addresses are the same, and where one may end a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memobook.book.urls import is_whole, lines_of, pieces, same_key, scheme, shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", "https"),
        ("HTTPS://example.org", "https"),
        ("mailto:a@example.org", "mailto"),
        ("view-source:x", "view-source"),
        ("b.md#c:d", ""),
        ("//example.org", ""),
        ("1a:b", ""),
        ("", ""),
    ],
)
def test_a_scheme_is_what_stands_before_the_first_colon(url, expected):
    assert expected == scheme(url)


# What leads somewhere


@pytest.mark.parametrize(
    "url",
    """https://example.org http://[2001:db8::1]:8080/x https://bücher.example/ü HTTPS://E.ORG
    mailto:a@example.org tel:+41-44 urn:isbn:9783161484100 doi:10.1000/182
    https://user@example.org:8443/p;v=1 https://exa_mple.org/a"b
    https://example.org./ https://xn--bcher-kva.example/ https://a.b\u3002org/ https://[::1]/""".split(),
)
def test_a_browser_can_go_to_a_whole_address(url):
    assert is_whole(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://[",
        "https://",
        "http:",
        "https:///a",
        "https://a.org:99999/",
        "https://a:b/",
    ]
    + ["https://exa mple.org/", "https://exa>mple.org/", "mailto:", "https://%41.org"]
    + [f"https://{'a' * 64}.org/", f"https://{'ü' * 60}.org/", "https://a..org/"]
    + [f"https://{'a23456789.' * 25}info/"]
    + [
        "https://.",
        "https://.a.org",
        "https://xn--a/",
        "https://xn--abc-/",
        "https://a@b@c.org/",
        "https://a\ufffd.org/",
    ]
    + ["https://exa\nmple.org/", "https:\n//example.org/", "https://a\u2028b/"],
)
def test_what_lacks_a_host_or_cannot_have_one_is_no_address(url):
    assert not is_whole(url)


@given(st.text(max_size=30))
def test_any_text_is_told_to_be_an_address_or_none(text):
    assert is_whole(f"https://{text}") in {True, False}


# Sameness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://Example.ORG/a", "HTTPS://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80", "http://example.org/"),
        ("https://example.org/a#", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/..", "https://example.org/"),
        ("https://example.org/../a/.", "https://example.org/a/"),
        ("https://example.org", "https://example.org/"),
        ("https://[::1]:443/", "https://[::1]/"),
        ("https://a:b@Example.org/", "https://a:b@example.org/"),
    ],
)
def test_what_means_nothing_to_a_server_makes_no_difference(one, other):
    assert same_key(one) == same_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/", "https://example.org/"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org/a/"),
        ("https://example.org/a//./b", "https://example.org/a/b"),
        ("https://example.org/?a", "https://example.org/?b"),
        ("https://example.org/?utm_source=x", "https://example.org/"),
        ("https://example.org/#a", "https://example.org/#b"),
        ("https://example.org:8080/", "https://example.org/"),
        ("https://a@example.org/", "https://A@example.org/"),
        ("https://example.org/%2f", "https://example.org//"),
        ("mailto:a@example.org", "mailto:A@example.org"),
    ],
)
def test_what_may_mean_something_makes_a_difference(one, other):
    assert same_key(one) != same_key(other)


@pytest.mark.parametrize(
    "url", ["https://[broken", "https://example.org:port/", "doi:10.1/2", "x", ""]
)
def test_what_is_no_url_is_only_the_same_as_itself(url):
    assert url == same_key(url)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text("aA:/.?#@%[]=&-_~ \n", max_size=30).map("https://x".__add__))
def test_a_key_is_its_own_key(url):
    assert same_key(url) == same_key(same_key(url))


# As it is shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.org/a?b", "https://www.example.org/a?b"),
        ("mailto:a@example.org", "a@example.org"),
        ("tel:+1-555", "+1-555"),
        ("https://mailto:tel", "https://mailto:tel"),
    ],
)
def test_an_address_is_shown_whole(url, expected):
    assert expected == shown(url)


# What stands between two bars may not be broken.
@pytest.mark.parametrize(
    "expected",
    [
        "https://|example|.org",
        "https://|www|.example|.org|/a|/b",
        "https://|example|.org|/|~ann|/notes|_on|-law|.html",
        "https://|a|--b|.../c|-/d",
        "https://|example|.org|/a|?b|=|c|&|d|=|e|#f|,g",
        "https://|example|.org|/|%E0|%A4|%B9",
        "http://|localhost:|8080|/a:|b",
        "urn:|isbn:|9780306406157",
        "doi:|10|.1000|/182",
        "a@example|.org",
        "https://|a|//|b",
        "example",
    ],
)
def test_an_address_is_broken_by_chicago_s_rules(expected):
    assert expected == "|".join(pieces(expected.replace("|", "")))


_SIGNS = "ab/~.,-_?#%=&:@!$'()*+;[] é中"


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(_SIGNS, max_size=40).map("https://".__add__))
def test_no_break_loses_anything_or_leaves_a_sign_at_a_line_s_end(url):
    parts = pieces(url)
    assert url == "".join(parts)
    assert all(parts)
    assert not any(part[-1] in "~.,-_?#%" for part in parts[:-1])


@pytest.mark.parametrize(
    "expected",
    ["https://|www|.example|.org/", "https://|example|.org|/a/", "urn:|a", "/"],
)
def test_a_last_slash_is_not_alone_on_a_line(expected):
    assert expected == "|".join(lines_of(expected.replace("|", "")))


# Addresses as they are found in the wild: long, odd, in other scripts
STRESS = (
    "https://www.state.gov/wp-content/uploads/2024/08/24-616-India-Defense-TIAS.pdf",
    "https://en.wikipedia.org/wiki/Artemis_Accords#Signatories_(as_of_2025)",
    "https://example.org/search?q=space+law&lang=en&page=2&utm_source=x#results",
    "https://hi.wikipedia.org/wiki/%E0%A4%AD%E0%A4%BE%E0%A4%B0%E0%A4%A4",
    "https://hi.wikipedia.org/wiki/भारत",
    "https://example.org/" + "a" * 200,
    "https://example.org/" + "a-" * 100,
    "https://user:pass@example.org:8443/~ann/a,b;c=d",
    "https://web.archive.org/web/20250609/https://www.cfr.org/report",
    "https://xn--fiqs8s.example/\u200bx",
    "https://example.org/?" + "&".join(f"k{n}=v{n}" for n in range(40)),
    "mailto:a.very.long-name@mail.example.org?subject=Space%20law",
)


@pytest.mark.parametrize("url", STRESS)
def test_an_address_from_the_wild_survives(url):
    assert url == "".join(pieces(url))
    assert same_key(url) == same_key(same_key(url))
