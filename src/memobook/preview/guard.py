"""Let in only the page that memobook itself opened.

What goes in: every request. What comes out: a refusal, or the answer with the headers
that keep it where it is. A page of another site that is open in the same browser can
send requests to this machine too: it knows no token, and its Host or Origin differs.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["EPUB_POLICY", "PAGE_POLICY", "Guard"]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
"""https://www.w3.org/TR/CSP3/"""
EPUB_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)
"""No script runs: the origin stays, so that the page can keep the reader's place."""

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": PAGE_POLICY,
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_METHODS = ("GET", "HEAD")
_LONGEST = 2_048
"""Bytes of an address: the names of an EPUB's files are shorter."""
_MOST = 64
"""How many headers a request may have; a browser sends some 15."""
_OWN_SITE = ("same-origin", "none")
"""Of Sec-Fetch-Site; none is a bookmark, or an address that was typed.

https://www.w3.org/TR/fetch-metadata/
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """An app behind a token."""

    app: ASGIApp
    token: str
    hosts: frozenset[str]
    """What a Host header may say: 127.0.0.1:8000."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refusal(scope)
        rest = self._below_token(scope)
        app: ASGIApp = self.app
        if refusal is not None:
            app = refusal
        elif rest is None:
            app = PlainTextResponse("not found\n", 404)
        else:
            scope = {**scope, "path": rest, "raw_path": rest.encode(), "root_path": ""}
        await app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self.hosts]:
            return _refused("this address is not the preview's", 421)
        if scope["method"] not in _METHODS:
            return _refused("only GET and HEAD", 405, {"allow": ", ".join(_METHODS)})
        if len(scope["raw_path"]) + len(scope["query_string"]) > _LONGEST:
            return _refused("too long an address", 414)
        if len(scope["headers"]) > _MOST:
            return _refused("too many headers", 431)
        if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
            return _refused("no body", 400)
        origins = {f"http://{host}" for host in self.hosts}
        if not origins.issuperset(headers.getlist("origin")):
            return _refused("another site's page", 403)
        if headers.get("sec-fetch-site", "none") not in _OWN_SITE:
            return _refused("another site's page", 403)
        return None

    def _below_token(self, scope: Scope) -> str | None:
        """Return the path behind the token, None without it."""
        _, _, path = scope["path"].partition("/")
        token, slash, rest = path.partition("/")
        same = hmac.compare_digest(token.encode(), self.token.encode())
        # As it was sent: neither the token nor what is below needs an escaped slash.
        raw: bytes = scope.get("raw_path") or b""
        plain = raw.startswith(b"/") and b"%2f" not in raw.lower()
        return f"/{rest}" if same and slash and plain else None


def _refused(
    text: str, status: int, headers: Mapping[str, str] | None = None
) -> PlainTextResponse:
    closing = {"connection": "close", **(headers or {})}
    return PlainTextResponse(f"{text}\n", status, closing)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _missing(headers):
                headers[name] = value
        await send(message)

    return sent


def _missing(headers: MutableHeaders) -> Iterable[tuple[str, str]]:
    return [(name, value) for name, value in _HEADERS.items() if name not in headers]
