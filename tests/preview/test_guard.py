"""Nothing but memobook's own page gets an answer from the preview."""

import pytest

from memobook.preview.editor import editor
from memobook.preview.show import Show
from tests.harness import Built
from tests.preview.desk import BASE, HOST, TOKEN, ask, shown


@pytest.fixture(scope="module")
def show(scaffold: Built) -> Show:
    return shown(scaffold)


def test_the_page_is_served_to_who_has_the_token(show: Show) -> None:
    answer = ask(show, f"{BASE}/")
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )


@pytest.mark.parametrize(
    "path",
    ["/", "", f"/{TOKEN}", "/wrong/", f"/{TOKEN}x/", f"/x{TOKEN}/", f"//{TOKEN}/", "/state",
     f"/{TOKEN.upper()}/", f"/%2e/{TOKEN}/", f"/{TOKEN}%2f", "/é/"],
)  # fmt: skip
def test_without_the_token_there_is_nothing(show: Show, path: str) -> None:
    answer = ask(show, f"http://{HOST}{path}")
    assert (answer.status_code, answer.text) == (404, "not found\n")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:8001", "127.0.0.2:8000",
     "localhost", "localhost:8000.evil.example", "0.0.0.0:8000", "[::1]:8000", "2130706433:8000",
     "LOCALHOST:80", ""],
)  # fmt: skip
def test_another_host_is_refused(show: Show, host: str) -> None:
    assert ask(show, f"{BASE}/", host=host).status_code == 421


def test_localhost_is_this_machine_too(show: Show) -> None:
    assert ask(show, f"http://localhost:8000/{TOKEN}/").status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1:8001",
     "http://localhost", "http://127.0.0.1:8000.evil.example", "file://"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/state", "/events"])
def test_another_origin_is_refused(show: Show, origin: str, path: str) -> None:
    answer = ask(show, f"{BASE}{path}", origin=origin)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_origin_is_let_in(show: Show) -> None:
    assert ask(show, f"{BASE}/state", origin=f"http://{HOST}").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_another_site_is_refused(show: Show, site: str) -> None:
    assert ask(show, f"{BASE}/", sec_fetch_site=site).status_code == 403


@pytest.mark.parametrize(
    "method",
    ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"],
)
def test_only_get_and_head_are_allowed(show: Show, method: str) -> None:
    answer = ask(show, f"{BASE}/state", method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/state",
        "/events",
        "/static/preview.css",
        "/epub/css/book.css",
        "/book.pdf",
    ],
)
def test_head_answers_without_a_body(show: Show, path: str) -> None:
    answer = ask(show, f"{BASE}{path}", "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [{"content_length": "5"}, {"transfer_encoding": "chunked"},
     {"content_length": "0", "transfer_encoding": "chunked"}],
)  # fmt: skip
def test_a_body_is_refused(show: Show, headers: dict[str, str]) -> None:
    assert ask(show, f"{BASE}/state", **headers).status_code == 400


TRAVERSALS = [
    "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cetc%5cpasswd", "..\\..\\etc\\passwd",
    "%252e%252e%252fetc%252fpasswd", "....//....//etc/passwd", "/etc/passwd", "//etc/passwd",
    "%2fetc%2fpasswd", "./../../manuscript/book.toml", "text/../../../manuscript/book.toml",
    "text/..%2f..%2fmanuscript%2fbook.toml", "..%c0%af..%c0%afetc/passwd", "..%00/etc/passwd",
    "text/space.xhtml%00.png", "..;/..;/etc/passwd", "%uff0e%uff0e/etc/passwd", "C:/windows/win.ini",
    "file:///etc/passwd", "~/.ssh/id_rsa", ".git/config", "../index.html", "../../app.py",
    "__pycache__", "", ".", "..",
]  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("door", ["static", "epub", "pages"])
def test_no_path_leads_outside(show: Show, door: str, path: str) -> None:
    answer = ask(show, f"{BASE}/{door}/{path}")
    assert answer.status_code == 404, answer.text[:200]
    assert path.strip("./~") not in answer.text or len(path) < 3


@pytest.mark.parametrize(
    "path", ["/", "/state", "/nothing", "/static/main.js", "/../x"]
)
def test_every_answer_keeps_to_itself(show: Show, path: str) -> None:
    headers = ask(show, f"{BASE}{path}").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_refusals_have_the_same_headers(show: Show) -> None:
    headers = ask(show, f"{BASE}/", host="evil.example").headers
    assert headers["x-content-type-options"] == "nosniff"


def test_an_epub_runs_no_script_in_its_frame(show: Show) -> None:
    path = next(d["href"] for d in show.state()["documents"])
    policy = ask(show, f"{BASE}/epub/{path}").headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox allow-same-origin")
    assert "frame-ancestors 'self'" in policy


def test_a_websocket_is_closed() -> None:
    import asyncio

    from memobook.preview.app import make_app

    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    from pathlib import Path

    app = make_app(Show(Path(), editor("none")), TOKEN, frozenset({HOST}))
    scope = {"type": "websocket", "path": f"/{TOKEN}/events", "headers": []}
    asyncio.run(app(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
