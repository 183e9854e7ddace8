"""Addresses: when two are the same, and where one may be broken over lines.

What goes in: a URL as the author wrote it. What comes out: a key to compare, or the
pieces between which a line may end. How a break is marked, the medium knows.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

__all__ = [
    "ALLOWED_SCHEMES",
    "is_whole",
    "lines_of",
    "pieces",
    "same_key",
    "scheme",
    "shown",
]

ALLOWED_SCHEMES = frozenset(["http", "https", "mailto", "tel", "doi", "urn"])

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# https://url.spec.whatwg.org/#forbidden-domain-code-point
_NOT_IN_HOST = re.compile(
    r"[\x00-\x20\x7f#/<>?@\\^|%\"`{}\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff]"
)
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LABEL, _NAME = 63, 253
"""Letters at most of a part and of the whole of a host's name.
https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4"""
_UNSHOWN = re.compile("^(?:mailto|tel):")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Where may a URL be broken? After a colon or a double slash; before a slash, tilde,
# point, comma, hyphen, underline, question mark, number sign or percent sign; before or
# after an equals sign or ampersand. Chicago Manual of Style, 17th edition, 14.18.
# What begins a line in this way must not end one: no break between two of these.
_BREAKS = re.compile(
    r"(?<=//)|(?<=:)(?!/)|(?<![/:~.,\-_?#%])(?=/)"
    r"|(?<![~.,\-_?#%])(?=[~.,\-_?#%=&])|(?<=[=&])"
)


def scheme(url: str) -> str:
    """Return the scheme in lower case; "" for a relative address."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def is_whole(url: str) -> bool:
    """Tell whether an address has all that a browser needs to go there.

    Of the web that is a host, and a port that there can be; of all others, anything
    behind the scheme. https://www.rfc-editor.org/rfc/rfc3986#section-3
    """
    try:
        # Line ends, which Python's reading takes out, make no address either.
        parts = urlsplit(re.sub(r"[\t\n\r]", " ", url))
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        is_one = parts.netloc.count("@") < 2  # else one of a name or password
        return host is not None and is_one and _is_host(host)
    return bool(parts.netloc or parts.path)


def _is_host(host: str) -> bool:
    """Tell whether a computer can be called so.

    https://url.spec.whatwg.org/#concept-domain-to-ascii
    """
    if not host.isprintable() or _NOT_IN_HOST.search(host):
        return False
    if ":" in host:  # a number in brackets
        return True
    labels = [_in_ascii(label) for label in _DOTS.split(host)]
    if labels[-1] == "":  # the root, which may be named
        labels.pop()
    is_short = len(".".join(labels)) <= _NAME
    return bool(labels) and all(0 < len(n) <= _LABEL for n in labels) and is_short


def _in_ascii(label: str) -> str:
    """Return a part of a name as it is asked for; nothing if it says nothing."""
    if not label.isascii():
        return f"xn--{label.encode('punycode').decode()}"
    if label.lower().startswith("xn--"):
        try:
            said = label[4:].encode().decode("punycode")
        except UnicodeError:
            return ""
        return "" if said.isascii() or not said.isprintable() else label
    return label


def same_key(url: str) -> str:
    """Return what two addresses of one thing have in common.

    Scheme and host do not care for case, a default port and an empty fragment mean
    nothing, and dots in a path are resolved; all else may matter to a server.
    https://www.rfc-editor.org/rfc/rfc3986#section-6.2
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    if not host:
        return url
    place = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        place = f"{place}:{port}"
    if "@" in parts.netloc:
        place = f"{parts.netloc.rpartition('@')[0]}@{place}"
    path = parts.path
    if "/." in path:
        path = _without_dots(path)
    return urlunsplit(
        (parts.scheme.lower(), place, path or "/", parts.query, parts.fragment)
    )


def _without_dots(path: str) -> str:
    """Return a path with its dot segments resolved; an empty segment is one, too.

    https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
    """
    out: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            out = out[:-1]
        elif segment != ".":
            out.append(segment)
    if segments[-1] in {".", ".."}:
        out.append("")
    return "/" + "/".join(out)


def shown(url: str) -> str:
    """Return an address as it is printed: whole, so that it can be copied."""
    return _UNSHOWN.sub("", url)


def pieces(text: str) -> tuple[str, ...]:
    """Return the parts of an address between which a line may end."""
    return tuple(part for part in _BREAKS.split(text) if part)


def lines_of(url: str) -> tuple[str, ...]:
    """Return an address's parts between which a line may end.

    A hyphen of an address must never end a line, as nobody could tell whose it is; a
    slash at its end is not to stand on a line alone.
    """
    out: list[str] = []
    parts = pieces(shown(url))
    for number, piece in enumerate(parts, start=1):
        is_last_slash = piece == "/" and number == len(parts)
        if out and (out[-1].endswith("-") or is_last_slash):
            out[-1] += piece
        else:
            out.append(piece)
    return tuple(out)
