"""`memobook fetch`: a picture of the web is saved once, and a build asks nobody."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

from memobook.cli import app
from memobook.diagnostics import UsageError
from memobook.looking import check
from memobook.project.fetched import FETCHED_FILE
from memobook.weblinks.download import DownloadError, Terms, download
from memobook.weblinks.fetching import Wishes, fetch
from tests.harness import built, make

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
PRIVATE = Wishes(may_be_private=True)


class Handler(BaseHTTPRequestHandler):
    """A server with a good picture, and others."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        answer = getattr(self, f"say_{self.path.strip('/').partition('.')[0]}", None)
        if answer is None:
            self.say(404, b"none")
        else:
            answer()

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say_map(self) -> None:
        self.say(200, SVG)

    def say_page(self) -> None:
        self.say(200, b"<!doctype html><title>No picture</title>")

    def say_moved(self) -> None:
        self.say(302, b"", Location="/map.svg")

    def say_round(self) -> None:
        self.say(302, b"", Location="/round")

    def say_astray(self) -> None:
        self.say(302, b"", Location="file:///etc/passwd")

    def say_packed(self) -> None:
        self.say(200, SVG, Content_Encoding="gzip")

    def say_huge(self) -> None:
        self.say(200, b"x" * 2000)

    def say_drip(self) -> None:
        self.say(200, b"")
        for _ in range(40):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of those who hang up."""

    with Quiet(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.fixture
def book(tmp_path: Path, server: str) -> Path:
    text = f"# A\n\nText.\n\n![A map]({server}/map.svg)\n"
    return make(tmp_path / "book", {"manuscript/a.md": text})


def test_a_build_takes_what_was_fetched_once_and_asks_nobody(book, server):
    before = built_codes(book)
    assert before == ("resource-remote",)
    saved = fetch(book, PRIVATE)
    assert saved.diagnostics == ()
    ((url, file),) = saved.files.items()
    assert (book / file.file).read_bytes() == SVG
    assert file.file.startswith("manuscript/images/map-")
    recorded = json.loads((book / FETCHED_FILE).read_text())["files"]
    assert recorded[url]["sha256"] == file.sha256
    Handler.asked.clear()
    made = built(book, formats=("epub",))
    assert [p for p in made.epub.files if p.endswith(".svg")]
    assert fetch(book, PRIVATE).known == 1
    assert Handler.asked == []
    assert [*fetch(book, Wishes(again=True, may_be_private=True)).files] == [url]


def built_codes(root: Path) -> tuple[str, ...]:
    return tuple(d.code.value for d in check(root))


def test_what_is_another_file_by_now_is_an_error(book):
    (file,) = fetch(book, PRIVATE).files.values()
    (book / file.file).write_bytes(SVG.replace(b"9", b"8"))
    assert built_codes(book) == ("fetched-altered",)
    (book / file.file).unlink()
    assert set(built_codes(book)) == {"fetched-altered", "image-missing"}
    (book / FETCHED_FILE).write_text("{")
    assert set(built_codes(book)) == {"fetched-altered", "resource-remote"}


def test_the_own_network_is_not_asked_unless_that_is_said(book):
    Handler.asked.clear()
    saved = fetch(book, Wishes())
    (finding,) = saved.diagnostics
    assert finding.code.value == "resource-remote"
    assert "machine of the own network" in finding.message
    assert finding.hint == "if that is meant, type: memobook fetch --private"
    assert (finding.span.path, finding.span.line) == ("manuscript/a.md", 5)
    assert Handler.asked == []
    assert not (book / FETCHED_FILE).exists()


def test_a_folder_of_pictures_that_leads_elsewhere_is_not_written(book, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (book / "manuscript/images").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="leads elsewhere"):
        fetch(book, PRIVATE)


def test_the_command_says_what_it_saved_and_what_it_could_not(book, server):
    text = (book / "manuscript/a.md").read_text()
    more = f"{text}\n![A page]({server}/page.html)\n"
    (book / "manuscript/a.md").write_text(more)
    done = CliRunner().invoke(app, ["fetch", str(book), "--private"])
    assert done.exit_code == 1
    assert "1 fetched, 0 there before" in done.stdout
    assert f"{server}/map.svg  manuscript/images/map-" in done.stdout
    assert "no picture that memobook knows" in done.stderr


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("none", "the server says 404"),
        ("round", "more than 2 redirects"),
        ("astray", "file is no scheme"),
        ("packed", "the server packs"),
        ("huge", "larger than 1,000 bytes"),
        ("drip", "longer than 0.2 seconds"),
    ],
)
def test_a_server_that_misbehaves_is_left(server, path, said):
    terms = Terms(size=1000, seconds=0.2, redirects=2, may_be_private=True)
    with pytest.raises(DownloadError, match=said):
        download(f"{server}/{path}", terms)


def test_a_redirect_is_followed(server):
    terms = Terms(size=1000, may_be_private=True)
    assert download(f"{server}/moved", terms) == SVG


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
    ],
)
def test_no_spelling_of_the_own_network_is_asked(host):
    with pytest.raises(DownloadError, match=r"own network|no server"):
        download(f"https://{host}/x.png", Terms(size=1000))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("file:///etc/passwd", "file is no scheme"),
        ("https://", "no scheme|no address"),
        ("https://name:word@example.org/x.png", "a name or a password"),
        ("http://[::1", "no address"),
    ],
)
def test_what_is_no_address_of_a_picture_is_not_asked(address, said):
    with pytest.raises(DownloadError, match=said):
        download(address, Terms(size=1000))


def test_a_name_is_looked_up_once_and_its_number_is_called(server, monkeypatch):
    """Else the second answer may name another machine than the one looked at."""
    port = int(server.rpartition(":")[2])
    answers = iter(["127.0.0.1"])
    real = socket.getaddrinfo

    def by_name(host: Any, *rest: Any, **more: Any) -> Any:
        number = next(answers) if host == "pictures.example" else host
        return real(number, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", by_name)
    terms = Terms(size=1000, may_be_private=True)
    assert download(f"http://pictures.example:{port}/map.svg", terms) == SVG
