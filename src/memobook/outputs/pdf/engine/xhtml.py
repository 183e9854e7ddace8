"""Read a section's XHTML for WeasyPrint 70 as XML, which it is.

What goes in: nothing. What comes out: WeasyPrint, which asks an HTML parser written in
Python only for what is no XML, such as the page of a template with `<br>`. The tree is
the one that the HTML parser makes: HTML's elements without a namespace, `lang` and
`epub:type` by their prefixed names.
"""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["read_as_xml"]

_HTML = "{http://www.w3.org/1999/xhtml}"
_PREFIXES = {
    "{http://www.w3.org/XML/1998/namespace}": "xml:",
    "{http://www.idpf.org/2007/ops}": "epub:",
}


def read_as_xml() -> None:
    """Let WeasyPrint read XHTML as XML; once in a process."""
    engine: Any = importlib.import_module("weasyprint")
    # The module itself stays as it is: memos are parsed with it in the same process.
    engine.tinyhtml5 = SimpleNamespace(parse=_quick_parse(engine.tinyhtml5.parse))


def _quick_parse(original: Any) -> Any:  # noqa: ANN401 (tinyhtml5 has no types)
    def parse(file: Any, **options: Any) -> Any:  # noqa: ANN401
        text = file.read()
        file.seek(0)
        try:
            # A page that memobook made, of nodes that were checked.
            root = ElementTree.fromstring(text)  # noqa: S314
        except ElementTree.ParseError:
            return original(file, **options)
        return (
            _as_html(root) if root.tag == f"{_HTML}html" else original(file, **options)
        )

    return parse


def _as_html(root: Element) -> Element:
    for element in root.iter():
        element.tag = element.tag.removeprefix(_HTML)
        for name in [n for n in element.attrib if n.startswith("{")]:
            uri, _, local = name.rpartition("}")
            if prefix := _PREFIXES.get(uri + "}"):
                element.attrib[prefix + local] = element.attrib.pop(name)
        if element.tag == "pre" and element.text:
            element.text = element.text.removeprefix("\n")
    return root
