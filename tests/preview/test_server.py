"""The preview as a process: where it listens, what it bears, how it ends."""

import contextlib
import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from memobook.preview.server import is_loopback, open_door
from tests.harness import make
from tests.preview.desk import Running, group_is_gone, running

TEXT = "---\ntitle: A Memo\n---\n\nSome words.\n"


@pytest.fixture(scope="module")
def preview(
    tmp_path_factory: pytest.TempPathFactory, shared_cache: Path
) -> Iterator[Running]:
    root = make(tmp_path_factory.mktemp("served") / "book", {"manuscript/a.md": TEXT})
    before = os.environ.get("MEMOBOOK_CACHE")
    os.environ["MEMOBOOK_CACHE"] = str(shared_cache)
    try:
        with running(root) as found:
            yield found
    finally:
        if before is None:
            del os.environ["MEMOBOOK_CACHE"]
        else:
            os.environ["MEMOBOOK_CACHE"] = before


def raw(port: int, data: bytes) -> bytes:
    """Send bytes as they are and return the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


def path(preview: Running) -> str:
    return preview.url.partition(f":{preview.port}")[2]


def status(preview: Running) -> int:
    """Ask for the page."""
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", path(preview))
        return connection.getresponse().status


@pytest.mark.parametrize("host", ["127.0.0.1", "127.5.5.5", "::1", "localhost"])
def test_addresses_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "example.org", "", "127.0.0.1.evil", "fe80::1"]
)  # fmt: skip
def test_other_addresses_are_refused(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ValueError, match="other machines"):
        open_door(host, 0)


def test_every_start_has_another_token() -> None:
    doors = [open_door("127.0.0.1", 0) for _ in range(3)]
    for door in doors:
        door.socket.close()
    assert len({door.token for door in doors}) == 3
    assert all(len(door.token) >= 32 for door in doors)


def test_it_listens_on_this_machine_alone(preview: Running) -> None:
    assert status(preview) == 200
    own = socket.gethostbyname(socket.gethostname())
    if not own.startswith("127."):
        with pytest.raises(OSError, match=r".+"):
            socket.create_connection((own, preview.port), timeout=2)


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (b"garbage\r\n\r\n", {400}),
        (b"GET http://evil.example/{path} HTTP/1.1\r\nHost: evil.example\r\n\r\n", {400, 404, 421}),
        (b"GET {path} HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n", {400, 421}),
        (b"GET {path} HTTP/1.1\r\n\r\n", {400}),
        (b"GET {path} HTTP/1.0\r\n\r\n", {421}),
        (b"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400, 405}),
        (b"GET {path}" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", {400, 414, 431}),
        (b"GET {path} HTTP/1.1\r\nHost: {host}\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", {400, 431}),
        (b"GET {path} HTTP/1.1\r\nHost: {host}\r\n" + b"X: a\r\n" * 5_000 + b"Connection: close\r\n\r\n", {400, 431}),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", {404}),
        (b"GET {path}../../etc/passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", {404}),
    ],
)  # fmt: skip
def test_odd_requests_are_refused(
    preview: Running, request_: bytes, codes: set[int]
) -> None:
    host = f"127.0.0.1:{preview.port}".encode()
    data = request_.replace(b"{path}", path(preview).encode()).replace(b"{host}", host)
    try:
        answer = raw(preview.port, data)
    except (ConnectionResetError, BrokenPipeError):
        answer = b""  # it hung up while there was more to send
    if answer:
        assert int(answer.split()[1]) in codes, answer[:200]
        assert b"root:" not in answer
    assert status(preview) == 200


def test_silent_connections_do_not_keep_others_out(preview: Running) -> None:
    silent = [
        socket.create_connection(("127.0.0.1", preview.port), timeout=5)
        for _ in range(150)
    ]
    try:
        for _ in range(60):
            try:
                if status(preview) == 200:
                    break
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.5)
        else:
            pytest.fail("the silent ones were never sent away")
    finally:
        for connection in silent:
            connection.close()


def test_ctrl_c_ends_it_and_all_of_its_processes(
    tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    root = make(tmp_path / "book", {"manuscript/a.md": TEXT})
    with running(root) as preview:
        listening = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=20)
        listening.request("GET", path(preview) + "events")
        events = listening.getresponse()
        assert events.status == 200
        assert preview.end() == 130
        assert group_is_gone(preview.process.pid)
        assert "Traceback" not in preview.log.read_text("utf-8")
        events.close()
        listening.close()


def test_ctrl_c_during_the_first_build_is_as_clean(tmp_path: Path) -> None:
    root = make(tmp_path / "book", {"manuscript/a.md": TEXT})
    with running(root) as preview:
        assert preview.end() == 130
        assert group_is_gone(preview.process.pid)
        assert "Traceback" not in preview.log.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="has no poll")
@pytest.mark.parametrize("is_gone", [False, True])
def test_who_reads_no_more_than_the_address_holds_up_no_build(
    tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch, is_gone: bool
) -> None:
    """Another program may have started it: its pipe is full in the end, or closed."""
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    root = make(tmp_path / "book", {"manuscript/a.md": TEXT})
    reading, writing = os.pipe()
    with running(root, out=writing) as preview:
        url = os.read(reading, 4096).decode().split()[0]
        if is_gone:
            os.close(reading)
        else:
            os.set_blocking(writing, False)
            with contextlib.suppress(BlockingIOError):
                while os.write(writing, b"." * 512):
                    pass
            os.set_blocking(writing, True)
        version = _version(url)
        (root / "manuscript/a.md").write_text(TEXT + "\nMore.\n", "utf-8")
        assert _version(url, after=version) > version
        assert preview.end() == 130


def _version(url: str, after: int = -1) -> int:
    """Wait until what was built after a version is shown; return its own."""
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            state = httpx.get(f"{url}state").json()
            if state["build"].get("phase") == "ready" and state["version"] > after:
                return int(state["version"])
        time.sleep(0.1)
    return after
