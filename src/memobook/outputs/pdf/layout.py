"""Lay out a section: the door to WeasyPrint.

What goes in: a section with its style sheets and fonts. What comes out: a sheet. The
import takes a second, so it happens inside the functions that need it.
"""

from __future__ import annotations

import contextlib
import gc
import io
import mimetypes
import os
import re
import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from memobook.afterwards import catch_up, put_off
from memobook.book.harmless import quoted
from memobook.bounds import bounded
from memobook.design.fonts import Face
from memobook.design.section import PROJECT_URL, Stylesheet
from memobook.diagnostics import Diagnostic, MachineError, Span
from memobook.outputs.pdf.beginnings import beginnings_of
from memobook.outputs.pdf.boxes import anchors_of, lost_notes, too_tall
from memobook.outputs.pdf.counting import pictures
from memobook.outputs.pdf.counts import Counts
from memobook.outputs.pdf.engine.actual_text import mend_extraction
from memobook.outputs.pdf.engine.faults import engine_faults
from memobook.outputs.pdf.engine.libraries import import_engine
from memobook.outputs.pdf.engine.mends import mend_engine
from memobook.outputs.pdf.engine.table_heads import keep_table_heads
from memobook.outputs.pdf.engine.thrift import spare_engine
from memobook.outputs.pdf.engine.whole_tables import keep_tables_whole
from memobook.outputs.pdf.finish import finish
from memobook.outputs.pdf.late import read_and_packed
from memobook.outputs.pdf.machine import pango_hint
from memobook.outputs.pdf.records import listening, style_findings, text_findings
from memobook.outputs.pdf.resources import Resources
from memobook.outputs.pdf.sheet import Sheet
from memobook.outputs.pdf.tagging import COUNTS, SECTION, tag_with_html
from memobook.outputs.pdf.task import Task
from memobook.outputs.pdf.unprinted import unprinted
from memobook.project.files import Files
from memobook.store import key_of

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

__all__ = ["lay_out", "prepare_process"]

_LAYER = "memobook"
"""The cascade layer of the built-in sheets: a project's plain `p {}` beats them."""

_FONT_DATE = "946684800"
"""1 January 2000, in seconds since 1970: what an instance of a variable font bears."""


def lay_out(task: Task) -> Sheet:
    """Return the section's sheet. Raises MachineError where Pango is not installed.

    Raises ExceededError if it takes more than its bound, and DiedError where the engine
    fails.

    The same task gives the same sheet in any process. Not for threads: WeasyPrint's log
    and fonts belong to the process.
    """
    prepare_process()
    with _without_collector(), bounded(task.bound), engine_faults():
        return _laid_out(task)


def _laid_out(task: Task) -> Sheet:
    files = Files(task.root, trust=task.trust, sizes=task.sizes)
    resources = Resources(task.section.span, files, _font_files(task), task.limits)
    document, findings = _render(task, resources)
    vars(document)[SECTION] = task.section.id
    with listening() as records, _font_date():
        # Uncompressed, as pikepdf packs it.
        options = {"pdf_variant": task.variant, "uncompressed_pdf": True}
        data = document.write_pdf(finisher=finish, **options)
    findings += text_findings(
        records, task.section, task.stylesheets, resources.failures
    )
    findings += resources.failures.values()
    anchors = anchors_of(document)
    pdf, numbers, counts = read_and_packed(data)
    counts += vars(document).get(COUNTS, Counts())
    text, begins = beginnings_of(document)
    return Sheet(
        section=task.section.id,
        pdf=pdf,
        text=text,
        begins=begins,
        numbers=numbers,
        pages=len(document.pages),
        anchors=tuple(sorted(anchors.items())),
        moved=too_tall(document) | lost_notes(document, anchors),
        inputs=tuple(sorted(resources.files.inputs.items())),
        diagnostics=tuple(dict.fromkeys(findings)),
        lost=unprinted(document),
        counts=counts + Counts(pages=len(document.pages), pictures=pictures(pdf)),
    )


@cache
def prepare_process() -> None:
    """Import WeasyPrint with no font in sight but those that a task names.

    Fontconfig reads its configuration when Pango starts, so it is named before the
    import: a font that happens to be installed must not step in on one machine and be
    missing on another. Raises MachineError where Pango is not installed.
    """
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    try:
        # It warns that no font is configured, which is what we want, and it prints
        # when a library is missing, which only the command line may do.
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            import_engine()
    except OSError as error:
        message = f"Pango, which lays out the pages, cannot be loaded: {error}"
        raise MachineError(message, pango_hint()) from None
    spare_engine()
    mend_engine()
    keep_table_heads()
    keep_tables_whole()
    mend_extraction()
    tag_with_html()
    gc.freeze()  # what was imported stays


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Collect garbage after a layout and not in it: its boxes refer to each other.

    Looking through them again and again takes a seventh of a layout's time, and once a
    twentieth.
    """
    catch_up()
    gc.disable()
    try:
        yield
    finally:
        put_off(_collect)


def _collect() -> None:
    gc.enable()
    gc.collect()


@contextlib.contextmanager
def _font_date() -> Iterator[None]:
    # fontTools dates the instances of variable fonts with the clock unless this is set.
    # Only for a while, as the rest of the process may read the user's own value.
    name = "SOURCE_DATE_EPOCH"
    before = os.environ.get(name)
    os.environ[name] = _FONT_DATE
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


def _render(task: Task, resources: Resources) -> tuple[Document, list[Diagnostic]]:
    from weasyprint import HTML

    fetcher = _fetcher(resources)
    fonts, rules, found = _fonts(task, fetcher)
    sheets: list[CSS] = [rules]
    findings: list[Diagnostic] = [*found]
    for stylesheet in (*task.stylesheets, _place(task)):
        if stylesheet.is_builtin:
            parsed, found = _builtin(stylesheet)
            sheets.append(parsed)
            findings += found
            continue
        resources.span = Span(stylesheet.path)
        with listening() as records:
            sheets.append(_parsed(stylesheet, fonts, fetcher))
        findings += style_findings(records, stylesheet, resources.failures)
    resources.span = task.section.span
    with listening() as records:
        html = HTML(string=task.section.html, base_url=PROJECT_URL, url_fetcher=fetcher)
        document = html.render(
            font_config=fonts, stylesheets=sheets, pdf_variant=task.variant
        )
    findings += text_findings(
        records, task.section, task.stylesheets, resources.failures
    )
    return document, findings


def _place(task: Task) -> Stylesheet:
    side = "left" if task.on_left else "right"
    # `counter-reset` on html or body would be undone by the page's own counter.
    return Stylesheet(
        "memobook/place",
        f"@page:first{{counter-reset:page {task.first_folio}!important}}"
        f"html{{break-before:{side}!important}}",
    )


_Fonts = tuple["FontConfiguration", "CSS", tuple[Diagnostic, ...]]
_known_fonts: dict[str, _Fonts] = {}

# What of a project's own style sheet may add a font to those of the faces?
_ADDS_FONTS = re.compile("@font-face|@import", re.IGNORECASE)


def _fonts(task: Task, fetcher: URLFetcher) -> _Fonts:
    """Return the faces as WeasyPrint knows them; known ones from the last task."""
    from weasyprint.text.fonts import FontConfiguration

    own = (sheet.text for sheet in task.stylesheets if not sheet.is_builtin)
    is_shared = not any(map(_ADDS_FONTS.search, own))
    key = key_of(*(part for face in task.faces for part in _identity(face)))
    if is_shared and key in _known_fonts:
        return _known_fonts[key]
    # Without the same configuration on CSS() and render() the fonts silently fall back.
    fonts = FontConfiguration()
    rules = Stylesheet("memobook/fonts", _font_rules(task.faces))
    with listening() as records:
        parsed = _parsed(rules, fonts, fetcher)
    made = fonts, parsed, tuple(style_findings(records, rules, ()))
    if is_shared:
        _known_fonts.clear()
        _known_fonts[key] = made
        _remove_at_the_end(os.getpid())
    return made


def _identity(face: Face) -> tuple[str | bytes, ...]:
    """Return what a face is and not where: other books have the same ones elsewhere."""
    data = face.path.read_bytes() if face.path.is_file() else b""
    return face.family, str(face.weight), str(face.is_italic), data


@cache
def _remove_at_the_end(_: int) -> None:
    """Let a process remove its fonts' temporary files when it ends.

    A pool's processes end without the last rites of objects, and a forked one forgets
    what its parent had registered: so once for each process, by its number.
    """
    Finalize(None, _known_fonts.clear, exitpriority=0)


def _font_files(task: Task) -> dict[str, Path]:
    return {face.path.as_uri(): face.path for face in task.faces}


def _font_rules(faces: tuple[Face, ...]) -> str:
    return "".join(map(_font_rule, faces))


def _font_rule(face: Face) -> str:
    style = "italic" if face.is_italic else "normal"
    # A weight would pin a variable font, and its bold be set with the regular's widths.
    weight = "" if face.weight is None else f"font-weight:{face.weight};"
    return (
        f"@font-face{{font-family:{quoted(face.family)};font-style:{style};{weight}"
        f'src:url("{face.path.as_uri()}")}}'
    )


def _nothing(url: str, *_: object) -> None:
    """Fetch nothing: a built-in sheet names no file, whatever its tokens say."""
    raise OSError(url)


@lru_cache(maxsize=64)
def _builtin(stylesheet: Stylesheet) -> tuple[CSS, tuple[Diagnostic, ...]]:
    """Return a built-in sheet, parsed once in a process: it names no file, no font."""
    from weasyprint import CSS

    with listening() as records:
        parsed = CSS(
            string=stylesheet.text,
            layer=_LAYER,
            layers=[_LAYER],
            url_fetcher=_nothing,
        )
    # Layers do not order @page rules in WeasyPrint 70 ("TODO: use real layer order" in
    # its StyleFor), so that a built-in `@page:left` would beat a project's plain
    # `@page`. One more place before their specificity does what a layer would.
    parsed.page_rules[:] = [
        (rule, [([-1, *rank], *rest) for rank, *rest in selectors], declarations)
        for rule, selectors, declarations in parsed.page_rules
    ]
    return parsed, tuple(style_findings(records, stylesheet, ()))


def _parsed(
    stylesheet: Stylesheet, fonts: FontConfiguration, fetcher: URLFetcher
) -> CSS:
    from weasyprint import CSS

    return CSS(
        string=stylesheet.text,
        base_url=PROJECT_URL + stylesheet.path,
        url_fetcher=fetcher,
        font_config=fonts,
    )


def _fetcher(resources: Resources) -> URLFetcher:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        def fetch(
            self, url: str, headers: dict[str, str] | None = None
        ) -> URLFetcherResponse:
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            kind = mimetypes.guess_type(urlsplit(url).path)[0]
            found = resources.read(url)
            headers = {"Content-Type": kind or "application/octet-stream"}
            return URLFetcherResponse(url, found, headers)

    return Fetcher(allowed_protocols={"data"}, allow_redirects=False)
