"""What attacks are to bring out, and whether they did: canaries, and a server.

What goes in: a folder. What comes out: files beside a project that no build may read, a
server on loopback that counts who calls, and all bytes that a build left, unpacked, to
look for them in.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pikepdf
import pypdfium2
from PIL import Image, UnidentifiedImageError

OUTSIDE = b"CANARYOUTSIDE"
"""In every file beside the project."""
INSIDE = b"CANARYINSIDE"
"""In the same files in the project: of the controls."""
PLACE = "outside-PLACECANARY"
"""The folder's name: no output may say where a link leads."""
VARIABLE = "MEMOBOOK_CANARY"
"""In the environment, as /proc/self/environ shows it."""


def plant(folder: Path, canary: bytes) -> None:
    """Write a file of every kind that a book may be made of, each with a canary."""
    folder.mkdir(parents=True, exist_ok=True)
    said = canary.decode()
    texts = {
        "secret.txt": said,
        "secret.md": f"# {said}\n\nText {said}.\n",
        "secret.csv": f"State,Launches\n{said},3\n",
        "secret.svg": drawing(said),
        "secret.css": f'li::after {{ content: "{said}" }}\n',
        "secret.j2": f"<p>{said}</p>",
        "secret.bib": f"@book{{hoyt, title={{{said}}}, author={{Hoyt, A.}}}}\n",
        "secret.json": f'[{{"id": "wu", "type": "book", "title": "{said}"}}]',
        "secret.toml": f'["https://example.org/"]\ntitle = "{said}"\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    picture(canary).save(folder / "secret.png")


def drawing(said: str) -> str:
    """Return an SVG that shows a text."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20">'
        f'<text y="15" font-family="Inter">{said}</text></svg>'
    )


def picture(canary: bytes) -> Image.Image:
    """Return a picture whose pixels are a canary's letters, again and again."""
    size = (60, 20)
    needed = size[0] * size[1] * 3
    pixels = (canary * (needed // len(canary) + 1))[:needed]
    return Image.frombytes("RGB", size, pixels)


def found(canary: bytes, *folders: Path) -> list[str]:
    """Return where a canary is in what a build left."""
    return [
        path.name
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
        for data in unpacked(path.read_bytes())
        if canary in data
    ]


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield bytes, and all that is packed in them: members, streams, pixels, text."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            for name in members.namelist():
                yield name.encode()
                yield from unpacked(members.read(name))
    elif data.startswith(b"\x89PNG"):
        try:
            yield Image.open(io.BytesIO(data)).tobytes()
        except (UnidentifiedImageError, OSError):
            return
    # A sheet in the cache is a line of JSON and a PDF.
    elif 0 <= (start := data.find(b"%PDF-")) < 1_000_000:
        yield from _printed(data[start:])


def _printed(data: bytes) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    yield item.read_bytes()
                except pikepdf.PdfError:  # JPEG
                    yield item.read_raw_bytes()
                yield item.stream_dict.unparse(resolved=False)
            elif isinstance(item, (pikepdf.Dictionary, pikepdf.Array)):
                yield item.unparse(resolved=False)
    with pypdfium2.PdfDocument(data) as pages:
        for page in pages:
            # A line may be broken anywhere.
            text = page.get_textpage().get_text_range()
            yield "".join(text.split()).encode()


@dataclass
class Server:
    """Counts who calls, and answers with a canary."""

    port: int
    calls: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Server]:
    """Open a server on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/svg+xml")
            self.end_headers()
            self.wfile.write(drawing(OUTSIDE.decode()).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Counting(ThreadingHTTPServer):
        def get_request(self) -> tuple[object, object]:  # type: ignore[override]  # also those that say nothing count
            connection, address = super().get_request()
            server.calls.append(str(address))
            return connection, address

    with Counting(("127.0.0.1", 0), Handler) as http:
        server = Server(http.server_port)
        thread = Thread(target=http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


def addresses(folder: Path, port: int, name: str) -> dict[str, str]:
    """Return what a text in manuscript/ may call a file outside: name -> address.

    `folder` is the one around the project, where `linked` and `plant` were.
    """
    out = f"{PLACE}/{name}"
    there = (folder / out).as_posix()
    kind = name.rpartition(".")[2]
    return {
        "up": f"../../{out}",
        "down and up": f"images/../../../{out}",
        "far up": f"{'../' * 40}{there.lstrip('/')}",
        "with dots": f"./.././../{out}",
        "double slashes": f"..//..//{out}",
        "encoded dots": f"%2e%2e/%2e%2e/{out}",
        "encoded slashes": f"..%2f..%2f{out.replace('/', '%2f')}",
        "encoded twice": f"%252e%252e/%252e%252e/{out}",
        "half encoded": f".%2e/%2e./{out}",
        "too long for UTF-8": f"%c0%ae%c0%ae/%c0%ae%c0%ae/{out}",
        "backslashes": f"..\\..\\{out}".replace("/", "\\"),
        "encoded backslashes": f"..%5c..%5c{out}",
        "absolute": there,
        "two slashes": f"//{there}",
        "file": f"file://{there}",
        "file of localhost": f"file://localhost{there}",
        "file of a host": f"file://127.0.0.1{there}",
        "file in capitals": f"FILE://{there}",
        "file with one slash": f"file:{there}",
        "file and up": f"file:../../{out}",
        "encoded file": f"%66ile://{there}",
        "file after a space": f" file://{there}",
        "a null character": f"images/good.{kind}%00/../../../{out}",
        "a query": f"../../{out}?x",
        "a fragment": f"../../{out}#x",
        "a link to a file": f"images/link.{kind}",
        "a relative link": f"images/relative.{kind}",
        "a link to a link": f"images/chain.{kind}",
        "a link to a folder": f"images/folder/{name}",
        "up from a link": f"images/folder/../{out}",
        "a link to the root": f"images/root{there}",
        "a sibling of the same beginning": f"../../book-2/{name}",
        "the environment": "/proc/self/environ",
        "a link to the environment": f"images/environ.{kind}",
        "the folder of the process": f"/proc/self/cwd/{out}",
        "the root of the process": f"/proc/self/root{there}",
        "a pipe": f"images/pipe.{kind}",
        "a device": f"images/zero.{kind}",
        "a socket of the web": f"http://127.0.0.1:{port}/{name}",
        "a safe socket": f"https://127.0.0.1:{port}/{name}",
        "a socket by its name": f"http://localhost:{port}/{name}",
        "a socket in capitals": f"HTTP://127.0.0.1:{port}/{name}",
        "a socket of the same scheme": f"//127.0.0.1:{port}/{name}",
        "ftp": f"ftp://127.0.0.1:{port}/{name}",
        "gopher": f"gopher://127.0.0.1:{port}/_{name}",
        "a jar": f"jar:file://{there}!/x",
        "the engine's base": f"https://project.invalid/../{out}",
        "the engine's base, encoded": f"https://project.invalid/%2e%2e/{out}",
    }


def linked(root: Path, name: str, folder: str = "manuscript") -> None:
    """Make what the addresses name in a folder's images/: links, a pipe, a device."""
    kind = name.rpartition(".")[2]
    outside = root.parent / PLACE
    images = root / folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    (images / f"link.{kind}").symlink_to(outside / name)
    (images / f"relative.{kind}").symlink_to(f"../../../{PLACE}/{name}")
    (images / f"chain.{kind}").symlink_to(f"link.{kind}")
    (images / f"environ.{kind}").symlink_to("/proc/self/environ")
    (images / f"zero.{kind}").symlink_to("/dev/zero")
    for place, target in (("folder", outside), ("root", Path("/"))):
        if not (images / place).is_symlink():
            (images / place).symlink_to(target)
    os.mkfifo(images / f"pipe.{kind}")
