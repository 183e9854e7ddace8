"""Let WeasyPrint 70 describe its types to cffi once.

What goes in: nothing. What comes out: WeasyPrint, whose `ffi.new` knows its types. For
the name of a type cffi parses all of WeasyPrint's declarations, which takes longer than
to shape a paragraph; and each length of an array is a name of its own, so that each
cut font makes it parse three times.
https://cffi.readthedocs.io/en/stable/ref.html#ffi-typeof
"""

from __future__ import annotations

import importlib
import re
from typing import Any

__all__ = ["know_types"]

# What WeasyPrint's text/*.py and pdf/*.py make, cast to or look at.
_POINTERS = ("PangoFcFontMap *", "PangoRectangle *", "FcChar8 **", "unsigned int *")
_ITEMS = ("char", "PangoLogAttr", "hb_tag_t", "hb_codepoint_t")
_ARRAY = re.compile(r"(\w+)\[(\d*)\]")


def know_types() -> None:
    """Let `ffi.new` and `ffi.cast` take types that are known; once in a process."""
    ffi: Any = importlib.import_module("weasyprint.text.ffi").ffi
    known = _known(ffi)
    new, cast = ffi.new, ffi.cast

    def made(name: str, initial: Any = None) -> Any:  # noqa: ANN401 (cffi's own)
        sized = _ARRAY.fullmatch(name)
        if sized is None:
            return new(known.get(name, name), initial)
        kind = f"{sized[1]}[]"
        length = int(sized[2]) if initial is None else initial
        return new(known.get(kind, kind), length)

    ffi.new = made
    ffi.cast = lambda name, value: cast(known.get(name, name), value)


def _known(ffi: Any) -> dict[str, Any]:  # noqa: ANN401 (cffi's own)
    """Return the types by their names, all of one parse: of a struct that has them."""
    names = [*_POINTERS, *(f"{item}[]" for item in _ITEMS)]
    fields = [f"{name} f{n}" for n, name in enumerate(_POINTERS)]
    # No field is an array without a length, but it may point to one.
    fields += [
        f"{item} (*f{n})[]" for n, item in enumerate(_ITEMS, start=len(_POINTERS))
    ]
    ffi.cdef(f"struct memobook_known {{ {'; '.join(fields)}; }};")
    types = [field.type for _, field in ffi.typeof("struct memobook_known").fields]
    arrays = [pointer.item for pointer in types[len(_POINTERS) :]]
    return dict(zip(names, [*types[: len(_POINTERS)], *arrays], strict=True))
