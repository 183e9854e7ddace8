"""Texts of the repository's own books, changed at random as accidents do it."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from tests.harness import HARD, ROOT

__all__ = ["damaged", "mutated"]

_SCRAPS = st.sampled_from(
    """[ ] ( ) { } < > ` ``` * ** _ ~ ^ | $ $$ # - --- /// : ; ! & \\ " ' {{ }} [^ [^a] [@ ]( <!-- --> <div>
    </div> <b> <pre> \t \n \n\n \r \x00 \u200b \ufeff \u2028 \U000f0001 é 0 1. > >> - + {# {. =} ~~~ <svg> <math>
    <a <![CDATA[ ]]> <? ?> &# &amp; {++ --} ~> {>> ++ == ::: | | - | --- | \ud800""".split(
        " "
    )
)


@cache
def _texts() -> tuple[str, ...]:
    folders = (ROOT / "manuscript", HARD / "manuscript")
    paths = sorted(path for folder in folders for path in folder.rglob("*.md"))
    # The long ones take long and hold nothing that the others do not.
    return tuple(t for t in (p.read_text("utf-8") for p in paths) if len(t) < 9000)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a text with a few places cut, doubled, moved or spoiled."""
    lines = draw(st.sampled_from(_texts())).split("\n")
    start = draw(st.integers(0, max(len(lines) - 30, 0)))
    text = "\n".join(lines[:8] + lines[max(start, 8) : start + 30])
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        end = min(at + draw(st.integers(0, 30)), len(text))
        other = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 4)):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + draw(_SCRAPS) + text[at:]
            case 2:
                text = text[:at] + draw(_SCRAPS) + text[end:]
            case 3:
                text = text[:other] + text[at:end] + text[other:]
            case _:
                text = text[:at] + draw(_SCRAPS) * draw(st.integers(2, 40)) + text[at:]
    return text


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a text as bytes, some of them others."""
    data = bytearray(draw(mutated()).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=3))
    return bytes(data)
