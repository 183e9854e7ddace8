"""Links are looked at politely, and every misbehaviour of a server has its own name."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from itertools import pairwise

import pytest

from memobook.weblinks.asking import asking
from memobook.weblinks.checking import check_all
from memobook.weblinks.findings import Finding
from memobook.weblinks.manners import Manners
from memobook.weblinks.verdicts import Verdict
from tests.weblinks.server import CERTIFICATES, ROBOTS, Counts, serving

QUICK = Manners(
    delay=0, backoff=0.01, time_out=0.8, retries=1, per_host=8, at_once=16,
    agent="memobook/0 (test)",
)  # fmt: skip


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


@pytest.fixture(scope="module")
def web() -> Iterator[tuple[str, Counts]]:
    with serving(robots=ROBOTS) as served:
        yield served


def look(
    urls: list[str], manners: Manners = QUICK, *, titles: bool = False
) -> dict[str, Finding]:
    """Look at links and return what was found of each."""
    found: dict[str, Finding] = {}

    async def run() -> None:
        async with asking(manners) as client:
            told = found.__setitem__
            await check_all(client, urls, told, wants_titles=titles)

    asyncio.run(run())
    return found


def verdict(url: str) -> Verdict:
    return look([url])[url].verdict


# Which path misbehaves how, and what is to be said of it?
WAYS = {
    "/ok": Verdict.OK,
    "/no-head": Verdict.OK,
    "/head-unknown": Verdict.OK,
    "/head-forbidden": Verdict.OK,
    "/head-hangs-up": Verdict.OK,
    "/moved": Verdict.MOVED,
    "/moved-twice": Verdict.MOVED,
    "/moved-then-elsewhere": Verdict.MOVED,
    "/elsewhere": Verdict.ELSEWHERE,
    "/moved-to-gone": Verdict.GONE,
    "/moved-out": Verdict.ODD,
    "/moved-to-nothing": Verdict.BAD_ADDRESS,
    "/circle": Verdict.LOOP,
    "/endless/0": Verdict.TOO_MANY,
    "/gone": Verdict.GONE,
    "/gone-for-good": Verdict.GONE,
    "/login": Verdict.PAYWALLED,
    "/pay": Verdict.PAYWALLED,
    "/subscribers": Verdict.PAYWALLED,
    "/forbidden": Verdict.FORBIDDEN,
    "/withheld": Verdict.FORBIDDEN,
    "/teapot": Verdict.ODD,
    "/busy": Verdict.RATE_LIMITED,
    "/busy-once": Verdict.OK,
    "/down-once": Verdict.OK,
    "/broken": Verdict.SERVER_ERROR,
    "/silent": Verdict.TIME_OUT,
    "/drip": Verdict.TIME_OUT,
    "/flood": Verdict.OK,
    "/hang-up": Verdict.DROPPED,
    "/garbage": Verdict.NOT_HTTP,
    "/ok#start": Verdict.OK,
    "/ok#:~:text=Page": Verdict.OK,
    "/ok#end": Verdict.FRAGMENT,
    "/moved#end": Verdict.FRAGMENT,
    "/private/page": Verdict.ROBOTS,
    "/not-for-memobook/page": Verdict.ROBOTS,
}


@pytest.fixture(scope="module")
def findings(web: tuple[str, Counts]) -> dict[str, Finding]:
    base, _ = web
    found = look([base + path for path in WAYS])
    return {url.removeprefix(base): finding for url, finding in found.items()}


@pytest.mark.parametrize("path", WAYS)
def test_every_misbehaviour_has_its_verdict(path, findings):
    assert findings[path].verdict is WAYS[path], findings[path]


def test_a_page_that_moved_has_its_new_address(web, findings):
    base, _ = web
    assert findings["/moved"].address == f"{base}/ok"
    assert findings["/moved-twice"].address == f"{base}/ok"
    assert findings["/elsewhere"].address == f"{base}/ok"


def test_a_move_for_now_behind_one_for_good_is_not_taken_over(web, findings):
    base, _ = web
    assert findings["/moved-then-elsewhere"].address == f"{base}/elsewhere"


def test_a_fault_behind_a_redirect_says_where_it_is(web, findings):
    base, _ = web
    assert findings["/moved-to-gone"].address == f"{base}/gone"


def test_a_page_that_is_asked_for_by_robots_txt_is_never_fetched(web, findings):
    _, counts = web
    assert counts.times("/private/page") == 0
    assert counts.times("/robots.txt") == 1


def test_a_flood_is_cut_off(web, findings):
    _, counts = web
    assert counts.asked["CUT OFF"]


def test_it_says_who_it_is(web, findings):
    _, counts = web
    assert counts.agents == {"memobook/0 (test)"}


def test_a_page_is_asked_for_by_head_alone_where_that_does(web, findings):
    _, counts = web
    assert counts.asked["GET /login"] == 1
    assert counts.asked["GET /elsewhere"] == 0


def test_a_title_is_read_where_it_is_wanted(web):
    base, _ = web
    found = look([f"{base}/ok", f"{base}/latin"], titles=True)
    assert found[f"{base}/ok"].title == "A & B"
    assert found[f"{base}/latin"].title == "Grüße"


# Without an answer


def test_a_host_that_nobody_knows():
    assert verdict("http://no-such-host.invalid/") is Verdict.NO_HOST


def test_a_port_on_which_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert verdict(f"http://127.0.0.1:{port}/") is Verdict.REFUSED


@pytest.mark.parametrize("url", ["http://[::1", "https:///path"])
def test_what_is_no_address(url):
    assert verdict(url) is Verdict.BAD_ADDRESS


# Certificates


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        ("good", Verdict.OK),
        ("expired", Verdict.EXPIRED),
        ("wrong-name", Verdict.WRONG_NAME),
        ("self-signed", Verdict.SELF_SIGNED),
    ],
)
def test_a_certificate_has_its_verdict(certificate, expected):
    with serving(certificate) as (base, _):
        assert verdict(f"{base}/ok") is expected


def test_a_certificate_of_an_authority_that_nobody_knows(monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with serving("good") as (base, _):
        found = verdict(f"{base}/ok")
    assert found in {Verdict.UNTRUSTED, Verdict.SELF_SIGNED}


def test_a_server_that_knows_no_encryption(web):
    base, _ = web
    assert verdict(base.replace("http:", "https:") + "/ok") is Verdict.BAD_TLS


# Manners


def test_no_more_requests_are_under_way_than_allowed():
    manners = Manners(at_once=5, per_host=2, delay=0, retries=0, agent="memobook")
    with serving() as (base, counts):
        hosts = [base.replace("127.0.0.1", f"127.0.0.{n}") for n in range(1, 6)]
        found = look([f"{h}/page/{n}" for h in hosts for n in range(8)], manners)
    assert {f.verdict for f in found.values()} == {Verdict.OK}
    assert counts.most[""] == 5
    assert max(counts.most[f"127.0.0.{n}"] for n in range(1, 6)) == 2


def test_a_host_has_a_pause_between_two_requests():
    manners = Manners(delay=0.15, agent="memobook")
    with serving() as (base, counts):
        look([f"{base}/page/{n}" for n in range(4)], manners)
    starts = counts.starts["127.0.0.1"]
    assert len(starts) == 5  # robots.txt is one of them
    # A server's clock may see two requests nearer than they were sent.
    assert min(b - a for a, b in pairwise(starts)) > 0.1


def test_robots_txt_may_ask_for_longer_pauses():
    manners = Manners(delay=0, agent="memobook")
    with serving(robots="User-agent: *\nCrawl-delay: 1\n") as (base, counts):
        look([f"{base}/page/{n}" for n in range(2)], manners)
    _, *starts = counts.starts["127.0.0.1"]
    assert starts[1] - starts[0] > 0.8


def test_a_server_that_wants_a_pause_gets_it(web):
    base, counts = web
    url = f"{base}/busy-once/now"
    before = counts.times("/busy-once/now")
    assert look([url])[url].verdict is Verdict.OK
    assert counts.times("/busy-once/now") == before + 2


def test_a_host_that_wants_hours_is_left_alone():
    manners = Manners(delay=0, per_host=1, retries=2, agent="memobook")
    with serving() as (base, counts):
        urls = [f"{base}/busy-for-hours/{n}" for n in range(5)]
        found = look(urls, manners)
    assert {f.verdict for f in found.values()} == {Verdict.RATE_LIMITED}
    assert counts.asked.total() - counts.times("/robots.txt") <= 2


def test_the_pages_of_a_server_that_cannot_tell_its_rules_are_not_fetched():
    with serving(robots="down", robots_status=503) as (base, counts):
        found = look([f"{base}/ok"])[f"{base}/ok"]
    assert found.verdict is Verdict.SERVER_ERROR
    assert counts.times("/ok") == 0
