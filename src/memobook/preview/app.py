"""The preview as a web application: its page, its pictures, its texts, its news.

What goes in: requests that the guard let through. What comes out: memobook's own page,
and what is in the outputs. Every answer comes from memory: no path of a request ever
reaches the disk.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path, PurePosixPath

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.responses import StreamingResponse as Streaming
from starlette.routing import Route

from memobook.preview.guard import EPUB_POLICY, Guard
from memobook.preview.pages import WIDTHS
from memobook.preview.show import FullError, Show

__all__ = ["make_app", "news"]

_STATIC = Path(__file__).parent / "static"
_BEAT = 15
"""Seconds after which a silent stream says that it is still there."""
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_EPUB_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml; charset=utf-8",
}
"""Nothing else of an EPUB is shown, and no script among it."""
_OUTPUTS = {"pdf": "application/pdf", "epub": "application/epub+zip"}


def make_app(show: Show, token: str, hosts: frozenset[str]) -> Guard:
    """Return the application behind its guard."""

    async def state(_: Request) -> Response:
        return JSONResponse(show.state())

    async def events(request: Request) -> Response:
        return await _events(show, request)

    async def page(request: Request) -> Response:
        return await _page(show, request)

    async def text(request: Request) -> Response:
        return _text(show, request)

    async def output(request: Request) -> Response:
        return _output(show, request)

    app = Starlette(
        routes=[
            Route("/", _index),
            Route("/static/{name}", _static),
            Route("/state", state),
            Route("/events", events),
            Route("/pages/{number:int}/{look}/{width:int}.png", page),
            Route("/epub/{path:path}", text),
            Route("/book.{kind}", output),
        ],
    )
    app.router.redirect_slashes = False
    return Guard(app, token, hosts)


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _STATIC.iterdir()}


async def _index(_: Request) -> Response:
    return Response(_files()["index.html"], media_type=_TYPES[".html"])


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _files():
        return _nothing()
    return Response(_files()[name], media_type=_TYPES[PurePosixPath(name).suffix])


async def _page(show: Show, request: Request) -> Response:
    number, width = request.path_params["number"], request.path_params["width"]
    printed = show.printed
    if printed is None or width not in WIDTHS or not 0 < number <= len(printed.pages):
        return _nothing()
    if printed.pages[number - 1].look != request.path_params["look"]:
        return _nothing()
    picture = await asyncio.to_thread(printed.draw, number - 1, width)
    return Response(picture, media_type="image/png") if picture else _nothing()


def _text(show: Show, request: Request) -> Response:
    path = request.path_params["path"]
    content = show.texts.files.get(path)
    kind = _EPUB_TYPES.get(PurePosixPath(path).suffix.lower())
    if content is None or kind is None:
        return _nothing()
    headers = {"content-security-policy": EPUB_POLICY}
    return Response(content, media_type=kind, headers=headers)


def _output(show: Show, request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind not in _OUTPUTS or kind not in show.files:
        return _nothing()
    headers = {"content-disposition": f'attachment; filename="book.{kind}"'}
    return Response(show.files[kind], media_type=_OUTPUTS[kind], headers=headers)


async def _events(show: Show, request: Request) -> Response:
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    async with AsyncExitStack() as stack:
        try:
            word = await stack.enter_async_context(show.listening())
        except FullError:
            return PlainTextResponse("too many tabs listen already\n", 503)
        kept = stack.pop_all()

    async def stream() -> AsyncIterator[str]:
        async with kept:
            async for message in news(show, word):
                yield message

    return Streaming(stream(), media_type="text/event-stream")


async def news(
    show: Show, word: asyncio.Event, beat: float = _BEAT
) -> AsyncIterator[str]:
    """Yield messages of server-sent events: the state, and progress in between.

    Only the last of several states is sent: a slow reader makes no queue.
    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    yield "retry: 500\n\n"
    version, progress = -1, ""
    while not show.closing:
        word.clear()
        if version != show.version:
            state = show.state()
            version = state["version"]
            progress = show.progress
            yield _message("state", state)
        elif progress != show.progress:
            progress = show.progress
            yield _message("progress", progress)
        try:
            await asyncio.wait_for(word.wait(), beat)
        except TimeoutError:
            yield ": still here\n\n"


def _message(event: str, data: object) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


def _nothing() -> Response:
    return PlainTextResponse("not found\n", 404)
