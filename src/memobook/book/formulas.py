"""Make MathML and drawings of formulas. The only module that knows their engines.

What goes in: the tree of a text with formulas in TeX. What comes out: <math> elements
that know their drawing, for paper, and what to say instead of them. An EPUB shows
MathML, which can be read aloud and grows with the text; WeasyPrint has no MathML.

Both engines get the TeX: the drawings of one made from the MathML of the other have
boxes in them. math-core is the strict one and finds the mistakes.
"""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from memobook.book.finding import Finder
from memobook.book.htmltree import body_of
from memobook.book.mathml import check, check_places, drawable, reason_of, unheard
from memobook.book.openings import check_brackets
from memobook.book.tree import Child, Node, nodes, rewrite, serialize, text_of
from memobook.diagnostics import Code, Reporter, Span

__all__ = [
    "DRAWING",
    "ENGINES",
    "FORMULA",
    "drawn",
    "font_file",
    "set_formulas",
    "shown",
]

ENGINES = ("math-core", "ziamath")
"""The packages of the extra `math`: what is made depends on their versions."""

FORMULA = "formula"
"""The class of a formula, and of the block around one that stands by itself."""

DRAWING = "data-drawing"
"""The attribute with a formula's drawing: width and depth in ems, then the SVG."""

_MATHML = "http://www.w3.org/1998/Math/MathML"
_SIZE = 24.0

# What does each engine number by itself, and differently? Numbers come from memobook.
_STARRED = re.compile(r"\\(begin|end)\{(align|alignat|equation|gather|multline)\}")
_NUMBERING = re.compile(r"\\(tag|label|eqref|ref)\b")


def set_formulas(root: Node, text: str, whole: Span, reporter: Reporter) -> Node:
    """Return a tree whose formulas are set; `text` is what it was made of."""
    if "$$" in text:
        _check_apart(root, text, whole, reporter)
    if not any(_is_formula(n) for n in nodes(root)):
        return root
    setting = _Setting(Finder(text, whole), reporter)
    return rewrite(root, lambda n: setting.one(n) if _is_formula(n) else n)


def _check_apart(root: Node, text: str, whole: Span, reporter: Reporter) -> None:
    """Report two dollars within a paragraph, which would be printed as they are."""
    for found in _BLOCK.finditer(text):
        inside = " ".join(found[0].split())
        paragraphs = (n for n in nodes(root) if n.tag in {"p", "li", "td", "dd"})
        if any(inside in " ".join(text_of(n).split()) for n in paragraphs):
            message = "a formula between two dollars does not stand by itself"
            hint = "put an empty line before and behind it, or write $...$ in the line"
            span = Finder(text, whole).span(found.start(), 2)
            reporter.error(Code.FORMULA_INVALID, span, message, hint)


_BLOCK = re.compile(r"(?<!\\)\$\$[^$`]+\$\$")


def shown(formula: Node) -> Node:
    """Return a formula as a screen shows it."""
    return formula.with_items({DRAWING: None})


def drawn(formula: Node) -> Node:
    """Return a formula as paper shows it: a picture on the line's base."""
    width, depth, picture = formula.get(DRAWING).split(" ", 2)
    data = base64.b64encode(picture.encode()).decode()
    attributes = (
        ("class", FORMULA),
        ("src", f"data:image/svg+xml;base64,{data}"),
        ("alt", formula.get("alttext")),
        ("style", f"width:{width}em;vertical-align:{depth}em"),
    )
    return Node("img", attributes, (), formula.span)


def font_file() -> Path | None:
    """Return the font that formulas are drawn with; None where ziamath is missing."""
    found = find_spec("ziamath")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def _is_formula(node: Node) -> bool:
    return node.tag == "math" or "arithmatex" in node.classes


@dataclass(slots=True)
class _Setting:
    """The formulas of one text, in reading order."""

    finder: Finder
    reporter: Reporter

    def one(self, node: Node) -> Child:
        """Return a formula as it is set; its TeX, as code, where it cannot be."""
        if node.tag == "math":
            return self._written(node)
        is_block = node.tag == "div"
        tex = text_of(node).strip().removeprefix(r"\[" if is_block else r"\(")
        tex = tex.removesuffix(r"\]" if is_block else r"\)").strip()
        formula = self._set(tex, node, self.finder.find(tex), is_block=is_block)
        if not is_block or formula.tag != "math":
            return formula
        names = {"class": FORMULA, "alt": None}
        return replace(node.with_items(names), children=(formula,), span=formula.span)

    def _set(self, tex: str, node: Node, span: Span, *, is_block: bool) -> Node:
        engines = _engines()
        if engines is None:
            message = "formulas need packages that are not installed"
            hint = 'type: pip install "memobook[math]"'
            self.reporter.error(Code.EXTRA_MISSING, span, message, hint)
            return Node("code", (), (tex,), span)
        if found := _NUMBERING.search(tex):
            message = f"{found[0]} has no meaning in a book of several formulas"
            hint = "name the formula behind its dollars: $$ ... $$ {#eq:name}"
            place = self.finder.inside(tex, found.start(), len(found[0]), span)
            self.reporter.error(Code.FORMULA_INVALID, place, message, hint)
            return Node("code", (), (tex,), span)
        plain = _STARRED.sub(r"\\\1{\2*}", tex)
        try:
            tree = _mathml(plain, is_block)
        except ValueError as error:
            self._report(str(error), span, tex)
            return Node("code", (), (tex,), span)
        alt = " ".join((node.get("alt") or tex).split())
        return self._with_drawing(tree, alt, span, lambda: _drawing(plain, is_block))

    def _written(self, node: Node) -> Child:
        """Return a formula that the author wrote in MathML."""
        engines = _engines()
        span = node.span or self.finder.whole
        if engines is None:
            return self._set("", node, span, is_block=False)
        plain = node.with_attributes(alttext=None)
        visible = drawable(plain)
        alt = " ".join((node.get("alttext") or text_of(visible)).split())

        def draw() -> str:
            check_places(plain)
            check(visible)
            return engines.drawing_of_mathml(serialize(visible))

        return self._with_drawing(plain, alt, span, draw)

    def _with_drawing(
        self, tree: Node, alt: str, span: Span, draw: Callable[[], str]
    ) -> Node:
        try:
            drawing = draw()
        except Exception as error:  # ziamath raises whatever it meets
            message = f"the formula cannot be drawn: {reason_of(error)}"
            hint = "write it in another way: the PDF knows fewer commands than the EPUB"
            self.reporter.error(Code.FORMULA_INVALID, span, message, hint)
            return Node("code", (), (alt,), span)
        made = tree.with_items({"class": FORMULA, "alttext": alt, DRAWING: drawing})
        return replace(made, span=span)

    def _report(self, said: str, span: Span, tex: str) -> None:
        """Report what math-core says: an offset, a colon and a sentence."""
        found = re.match(r"(\d+): (.*)", said, re.DOTALL)
        reason = (found[2] if found else said).strip().rstrip(".")
        reason = reason[:1].lower() + reason[1:]
        if found:
            span = self.finder.inside(tex, min(int(found[1]), len(tex) - 1), 1, span)
        hint = "the README lists what a formula may hold; \\$ is a plain dollar sign"
        message = f"the formula cannot be read: {reason}"
        self.reporter.error(Code.FORMULA_INVALID, span, message, hint)


# The engines


@dataclass(frozen=True, slots=True)
class _Engines:
    """math-core and ziamath."""

    converter: Any
    ziamath: Any

    def mathml(self, tex: str, is_block: bool) -> Node:
        """Return EPUB's MathML. Raises ValueError with offset and reason."""
        check_brackets(tex)
        try:
            html = self.converter.convert_with_local_state(tex, displaystyle=is_block)
        except Exception as error:
            raise ValueError(str(error)) from None
        math = body_of(html)[0]
        made = _node(math)
        return replace(made, attributes=(("xmlns", _MATHML), *made.attributes))

    def drawing(self, tex: str, is_block: bool) -> str:
        """Return a formula's drawing as it stands in its attribute."""
        with unheard():
            return _packed(self.ziamath.Latex(tex, size=_SIZE, inline=not is_block))

    def drawing_of_mathml(self, mathml: str) -> str:
        """Return the drawing of a formula in MathML."""
        with unheard():
            return _packed(self.ziamath.Math(mathml, size=_SIZE))


# A memo that differs between the outputs is read for each of them, and many a formula
# stands in a text again and again.
@lru_cache(maxsize=500)
def _mathml(tex: str, is_block: bool) -> Node:
    return _installed().mathml(tex, is_block)


@lru_cache(maxsize=500)
def _drawing(tex: str, is_block: bool) -> str:
    return _installed().drawing(tex, is_block)


def _installed() -> _Engines:
    engines = _engines()
    assert engines is not None, "whoever asks has looked"
    return engines


def _packed(formula: Any) -> str:  # noqa: ANN401 (ziamath's)
    width, height = formula.getsize()
    if height < 0:  # as ziamath measures nothing
        message = "a line or another part of it is empty"
        raise ValueError(message)
    depth = formula.getyofst()
    return f"{width / _SIZE:.3f} {depth / _SIZE:.3f} {formula.svg()}"


@cache
def _engines() -> _Engines | None:
    """Return the engines; None where the extra is not installed."""
    # Loading them takes more than a second, and few books have formulas.
    try:
        # ziamath finds its font in a way that Python will not know for ever.
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            import math_core
            import ziamath

            drawer: Any = ziamath
            drawer.Latex("x")
    except ImportError:
        return None
    converter = math_core.LatexToMathML(xml_namespace=False, fancy_error=False)
    return _Engines(converter, drawer)


# math-core makes MathML Core, where every element may have these; EPUB asks for MathML
# 3. https://www.w3.org/TR/epub-33/#sec-xhtml-mathml
_STYLING = ("displaystyle", "scriptlevel")
_STYLED = {
    "mstyle": frozenset(_STYLING),
    "math": frozenset(["displaystyle"]),
    "mtable": frozenset(["displaystyle"]),
}


def _node(element: Element) -> Node:
    tag = element.tag.rpartition("}")[2]
    children: list[Child] = [element.text or ""]
    for child in element:
        children += (_node(child), child.tail or "")
    own = {name: value for name, value in element.items() if not name.startswith("{")}
    allowed = _STYLED.get(tag, frozenset())
    moved = {n: own.pop(n) for n in _STYLING if n in own and n not in allowed}
    node = Node(tag, tuple(own.items())).with_children(children)
    if not moved or (tag == "mtable" and set(moved) == {"scriptlevel"}):
        return node
    return Node("mstyle", tuple(moved.items()), (node,))
