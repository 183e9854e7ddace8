"""What a drawing or a formula may hold: elements of SVG and MathML, SVG's attributes.

What goes in: a name, or an attribute with its value. What comes out: whether it may
stay. An allow-list, as a list of what does harm would have to be complete: scripts,
event handlers, foreign content and whatever is loaded from elsewhere are not on it.

nh3, which cleans HTML, is no judge of drawings: it drops the paths behind a script and
keeps `@import` in a style sheet.
https://www.w3.org/TR/SVG2/eltindex.html https://www.w3.org/TR/SVG2/attindex.html
https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import re

from memobook.book.harmless import is_harmless, is_inside

__all__ = [
    "MATHML",
    "MATH_ELEMENTS",
    "MOVING",
    "SVG",
    "SVG_ELEMENTS",
    "XLINK",
    "may_stand",
]

SVG = "http://www.w3.org/2000/svg"
MATHML = "http://www.w3.org/1998/Math/MathML"
XLINK = "{http://www.w3.org/1999/xlink}"
_XML = "{http://www.w3.org/XML/1998/namespace}"

# Which elements draw, or say what is drawn and how?
SVG_ELEMENTS = frozenset(
    """a circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer
    feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge
    feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile
    feTurbulence filter g image line linearGradient marker mask path pattern polygon
    polyline radialGradient rect stop style svg switch symbol text textPath title tref
    tspan use view""".split()
)
MOVING = frozenset("animate animateMotion animateTransform mpath set".split())
"""What moves a drawing: a picture may, but not what stands in the text."""

MATH_ELEMENTS = frozenset(
    """annotation math menclose merror mfenced mfrac mi mmultiscripts mn
    mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup
    msup mtable mtd mtext mtr munder munderover none semantics""".split()
)

# Which attributes say how something looks? https://www.w3.org/TR/SVG2/propidx.html
_LOOKS = """alignment-baseline baseline-shift clip clip-path clip-rule color
    color-interpolation color-interpolation-filters color-rendering cursor direction
    display dominant-baseline enable-background fill fill-opacity fill-rule filter
    flood-color flood-opacity font font-family font-feature-settings font-kerning
    font-size font-size-adjust font-stretch font-style font-variant font-weight
    glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation
    kerning letter-spacing lighting-color line-height marker marker-end marker-mid
    marker-start mask mask-type mix-blend-mode opacity overflow paint-order
    pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
    stroke-width text-align text-anchor text-decoration text-overflow text-rendering
    transform transform-box transform-origin unicode-bidi vector-effect visibility
    white-space word-spacing writing-mode"""
# And which say what it is, and where?
_SHAPES = """amplitude azimuth baseFrequency baseProfile bias class clipPathUnits
    contentScriptType contentStyleType cx cy d diffuseConstant divisor dx dy edgeMode
    elevation exponent filterUnits fr fx fy gradientTransform gradientUnits height id
    in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength lang lengthAdjust
    limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits
    media method mode name numOctaves offset operator order orient pathLength
    patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY
    pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY
    requiredExtensions requiredFeatures result role rotate rx ry scale seed side slope
    spacing specularConstant specularExponent spreadMethod startOffset stdDeviation
    stitchTiles style surfaceScale systemLanguage tabindex tableValues target targetX
    targetY textLength title type values version viewBox viewTarget width x x1 x2
    xChannelSelector y y1 y2 yChannelSelector z zoomAndPan"""
_MOTION = """accumulate additive attributeName attributeType begin by calcMode dur end
    fill from keyPoints keyTimes keySplines max min origin path repeatCount repeatDur
    restart to values"""
_XLINK = ("actuate", "arcrole", "href", "role", "show", "title", "type")
_ATTRIBUTES = frozenset(
    [
        *" ".join((_LOOKS, _SHAPES, _MOTION)).split(),
        "href",
        *(XLINK + name for name in _XLINK),
        *(_XML + name for name in ("id", "lang", "space")),
    ]
)
_HREFS = ("href", f"{XLINK}href")
# What must not be moved: where a link leads, and what runs.
_UNMOVED = re.compile(r"(?i)(.*:)?(href|src|style|class|id|on\w*)")


# Four numbers. https://www.w3.org/TR/SVG11/coords.html#ViewBoxAttribute
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_VIEW_BOX = re.compile(
    rf"\s*{_NUMBER}(?:(?:\s+,?\s*|,\s*){_NUMBER}){{3}}\s*", re.IGNORECASE
)


def may_stand(name: str, value: str) -> bool:
    """Tell whether an attribute may stand on an element of a drawing.

    `name` has its namespace in braces, if it has one.
    """
    if name in _HREFS:
        return is_inside(value.strip())
    if name == "attributeName":
        return not _UNMOVED.fullmatch(value.strip())
    if name.startswith(("aria-", "data-")):
        return True
    if name == "viewBox" and value and not _VIEW_BOX.fullmatch(value):
        return False
    return name in _ATTRIBUTES and is_harmless(value)
