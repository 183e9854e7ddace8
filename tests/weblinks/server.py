"""A server of the web as it is: it refuses, moves, drips, hangs up and goes in circles.

What goes in: the path that is asked for. What comes out: its misbehaviour, and a count
of what was asked, by whom, and how much of it at once.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

CERTIFICATES = Path(__file__).parents[1] / "fixtures" / "certificates"

PAGE = "<!doctype html><title>A &amp; B</title><h1 id=start>Page</h1>"

ROBOTS = """User-agent: *
Disallow: /private/

User-agent: memobook
Disallow: /not-for-memobook/
Disallow: /private/
"""

HOLD = 0.05
"""Seconds that a request takes, so that several are under way at once."""


@dataclass
class Counts:
    """What a server was asked."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: Counter[str] = field(default_factory=Counter)
    """METHOD /path -> how often."""
    agents: set[str] = field(default_factory=set)
    starts: dict[str, list[float]] = field(default_factory=dict)
    """Host -> when each request began."""
    now: Counter[str] = field(default_factory=Counter)
    """Host -> requests under way; the empty name is all of them."""
    most: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def request(self, host: str, what: str) -> Iterator[None]:
        with self.lock:
            self.asked[what] += 1
            self.starts.setdefault(host, []).append(time.monotonic())
            for name in ("", host):
                self.now[name] += 1
                self.most[name] = max(self.most[name], self.now[name])
        try:
            yield
        finally:
            with self.lock:
                self.now[""] -= 1
                self.now[host] -= 1

    def times(self, path: str) -> int:
        """Return how often a path was asked for, by any method."""
        return sum(n for what, n in self.asked.items() if what.split()[1] == path)


class Handler(BaseHTTPRequestHandler):
    """Answers as the path asks."""

    protocol_version = "HTTP/1.1"
    counts: Counts

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = urlsplit(self.path).path
        host = self.headers["Host"].partition(":")[0]
        self.counts.agents.add(self.headers["User-Agent"])
        with self.counts.request(host, f"{self.command} {path}"):
            time.sleep(HOLD)
        # Counted no longer: who has the answer may ask the next before this thread goes on.
        name = path.strip("/").partition("/")[0].replace("-", "_")
        getattr(self, f"way_{name}", self.way_ok)()

    def say(self, status: int, body: str | bytes = PAGE, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        headers = {"Content_Type": "text/html; charset=utf-8", **headers}
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def nth(self) -> int:
        """Return how often this has been asked for, this time included."""
        return self.counts.asked[f"{self.command} {urlsplit(self.path).path}"]

    # The ways

    def way_ok(self) -> None:
        self.say(200)

    def way_no_head(self) -> None:
        self.say(405 if self.command == "HEAD" else 200)

    def way_head_unknown(self) -> None:
        self.say(501 if self.command == "HEAD" else 200)

    def way_head_forbidden(self) -> None:
        self.say(403 if self.command == "HEAD" else 200)

    def way_head_hangs_up(self) -> None:
        if self.command == "HEAD":
            self.way_hang_up()
        else:
            self.say(200)

    def way_hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def way_moved(self) -> None:
        self.say(301, Location="/ok")

    def way_moved_twice(self) -> None:
        self.say(308, Location="/moved")

    def way_elsewhere(self) -> None:
        self.say(302, Location="/ok")

    def way_moved_then_elsewhere(self) -> None:
        self.say(301, Location="/elsewhere")

    def way_moved_to_gone(self) -> None:
        self.say(301, Location="/gone")

    def way_moved_out(self) -> None:
        self.say(301, Location="mailto:someone@example.org")

    def way_moved_to_nothing(self) -> None:
        self.say(301, Location="http://[::1")

    def way_circle(self) -> None:
        self.say(302, Location="/circle-on")

    def way_circle_on(self) -> None:
        self.say(301, Location="/circle")

    def way_endless(self) -> None:
        number = int(self.path.rpartition("/")[2] or 0)
        self.say(302, Location=f"/endless/{number + 1}")

    def way_gone(self) -> None:
        self.say(404)

    def way_gone_for_good(self) -> None:
        self.say(410)

    def way_login(self) -> None:
        self.say(401, WWW_Authenticate="Basic")

    def way_pay(self) -> None:
        self.say(402)

    def way_subscribers(self) -> None:
        self.say(403, "<p>Please subscribe to read on.</p>")

    def way_forbidden(self) -> None:
        self.say(403, "<p>No.</p>")

    def way_withheld(self) -> None:
        self.say(451)

    def way_teapot(self) -> None:
        self.say(418)

    def way_busy(self) -> None:
        self.say(429, Retry_After="0")

    def way_busy_for_hours(self) -> None:
        self.say(429, Retry_After="7200")

    def way_busy_once(self) -> None:
        if self.nth() == 1:
            self.say(429, Retry_After="1")
        else:
            self.say(200)

    def way_down_once(self) -> None:
        if self.command == "HEAD" or self.nth() == 1:
            self.say(503)
        else:
            self.say(200)

    def way_broken(self) -> None:
        self.say(500)

    def way_silent(self) -> None:
        time.sleep(2)
        self.close_connection = True

    def way_drip(self) -> None:
        if self.command == "HEAD":
            self.say(405)
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.pour(b"x", 0.1, 20)

    def way_flood(self) -> None:
        if self.command == "HEAD":
            self.say(405)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        self.pour(PAGE.encode() * 1000, 0, 10_000)

    def pour(self, data: bytes, pause: float, times: int) -> None:
        self.close_connection = True
        try:
            for _ in range(times):
                self.wfile.write(data)
                time.sleep(pause)
        except OSError:
            self.counts.asked["CUT OFF"] += 1

    def way_garbage(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        self.way_hang_up()

    def way_latin(self) -> None:
        page = "<title>Grüße</title>".encode("latin-1")
        self.say(200, page, Content_Type="text/html; charset=iso-8859-1")

    # An archive

    def way_available(self) -> None:
        url = urlsplit(self.path).query
        if "nothing" in url:
            self.say(200, '{"archived_snapshots": {}}')
            return
        day = url.partition("timestamp=")[2] or "20240506"
        place = f"http://web.archive.org/web/{day}000000/copy"
        closest = (
            f'{{"available": true, "url": "{place}", "timestamp": "{day}000000",'
            ' "status": "200"}'
        )
        self.say(200, f'{{"archived_snapshots": {{"closest": {closest}}}}}')

    def way_gate(self) -> None:
        if "with-memento" in self.path:
            self.say(302, Location="/memento/1")
        else:
            self.say(404)

    def way_memento(self) -> None:
        self.say(200, Memento_Datetime="Mon, 06 May 2024 00:00:00 GMT")


class Server(ThreadingHTTPServer):
    """Listens on every loopback address, so that it has several hosts."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Be silent where a client hangs up."""


@contextmanager
def serving(
    certificate: str = "", robots: str = "", robots_status: int = 200
) -> Iterator[tuple[str, Counts]]:
    """Serve on a free port; yield its address on 127.0.0.1 and the counts."""
    counts = Counts()
    here = type("Here", (Handler,), {"counts": counts})
    status = robots_status if robots else 404
    setattr(here, "way_robots.txt", lambda handler: handler.say(status, robots))
    server = Server(("", 0), here)
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}", counts
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
