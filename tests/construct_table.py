"""The table of all constructs: where one stands, how print and screen show it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.constructs import (
    Look,
    Sign,
    cells,
    drawn,
    font,
    has,
    kind,
    nested,
    of_language,
    painted,
    reads,
    shifted,
    spans,
    within,
)

__all__ = ["CONSTRUCTS", "COVERED", "PLAIN", "Construct"]


@dataclass(frozen=True, slots=True)
class Construct:
    """Something that an author may write, in the book of hard cases."""

    page: str
    """The name of the EPUB's page on which it stands."""
    name: str
    printed: Sign
    shown: Look

    def on(self, page: str) -> Construct:
        return replace(self, page=page)


def said(page: str, name: str, text: str) -> Construct:
    """Return a construct that is nothing but a text in both outputs."""
    return Construct(page, name, reads(text), has("body", text))


C = Construct
CONSTRUCTS = [
    # The book and its structure
    C("cover", "cover", reads("Hard Cases &"), has("img", role="doc-cover")),
    C("title-page", "title", reads("Hard Cases"), has("h1.title", "Hard Cases")),
    said("title-page", "subtitle of the book", "What memos do to a program"),
    said("title-page", "series", "Trials < 100"),
    C("title-page", "publisher", reads("Prüfpresse"), has("p.publisher", "Prüfpresse")),
    C("imprint", "imprint", kind("LI", "two"), nested("li", "strong")),
    C("imprint", "rights", reads("CC BY 4.0"), has("p.rights", "CC BY 4.0")),
    C("contents", "contents", within("TOCI", "TOC"), has("nav", epub__type="toc")),
    C("contents", "page list", reads("Foreword", "ix"), has("nav", epub__type="page-list")),
    C("foreword", "foreword", kind("H1", "Foreword"), has("section", role="doc-foreword")),
    C("summary", "summary", kind("H1", "In brief"), has("body", "In brief", epub__type="frontmatter")),
    C("acknowledgements", "acknowledgements", kind("H1", "Acknowledgements"), has("section", role="doc-acknowledgments")),
    C("further-reading", "further reading", kind("H1", "Further Reading"), has("h1", "Further Reading")),
    C("authors", "about the authors", kind("Lbl", "Second Author"), has("dt", "Second Author")),
    C("authors", "an author's life", kind("LBody", "edits what others write"), has("dd", "edits what others write")),
    C("authors", "an author's memos", kind("Link", "Notes", target="notes-2"), has("a.xref", "Notes", href="notes-2.xhtml#notes-2")),
    C("part-orders-disorders", "part", kind("H1", "Orders & <Disorders>"), has("section", role="doc-part")),
    C("part-two", "part with a text", kind("P", "follow one satellite"), has("section", "follow one satellite", role="doc-part")),
    C("part-two", "epigraph of a part", kind("BlockQuote", "Space is big."), has("blockquote.epigraph", "Space is big.", role="doc-epigraph")),
    C("method", "appendix", reads("APPENDIX A"), has("section", role="doc-appendix")),
    C("licenses", "numbered heading", kind("H2", "22.1 What it is"), has("h2", "22.1 What it is")),
    C("licenses", "unnumbered heading", kind("H2", "A word on words"), has("h2.unnumbered", "A word on words")),
    C("licenses", "epigraph", kind("BlockQuote", "for the benefit of"), has("blockquote.epigraph", "for the benefit of")),
    C("licenses", "source of an epigraph", kind("P", "Article I of the"), has("p.epigraph-source", "Article I of the")),
    C("licenses", "a memo's own contents", kind("TOCI", "22.1 What it is"), has("a", "22.1 What it is", href="#licenses_what-it-is")),
    # A memo's opener
    C("links", "number of a memo", reads("MEMO 1"), has("p.number", "Memo 1")),
    C("links", "title of a memo", kind("H1", "Links: in"), has("h1", "Links: in")),
    C("links", "subtitle of a memo", kind("P", "Where a link can stand"), has("p.subtitle", "Where a link can stand")),
    C("links", "byline", kind("P", "Zoë O’Hara-Ñandú"), has("p.byline", "Zoë O’Hara-Ñandú")),
    C("links", "affiliation", reads("University of Łódź"), has("span.affiliation", "University of Łódź")),
    C("links", "place and date", kind("P", "2024-02-29"), has("p.dateline", "2024-02-29")),
    C("links", "status", reads("DRAFT"), has("span.status", "Draft")),
    C("links", "abstract", kind("P", "An abstract with a link"), has("div.abstract", "An abstract with", role="doc-abstract")),
    C("links", "key points", kind("LBody", "A point with a link"), has("div.key-points", "A point with")),
    # Text
    C("blocks", "emphasis", font("Italic", "emphatic"), has("em", "emphatic and bold")),
    C("blocks", "strong emphasis", font("Semi-Bold", "under"), has("strong", "under")),
    C("blocks", "code", kind("Code", "code with a ` backtick"), has("code", "code with a ` backtick")),
    C("blocks", "raised text", shifted("script", up=True), has("sup", "script")),
    C("blocks", "lowered text", shifted("script", up=False), has("sub", "script")),
    C("blocks", "struck text", painted("struck", at="through"), has("del", "struck")),
    C("blocks", "marked text", painted("marked", at="behind"), has("mark", "marked")),
    C("blocks", "inserted text", painted("inserted", at="below"), has("ins", "inserted")),
    C("blocks", "key in HTML", font("Mono", "Ctrl"), has("kbd", "Ctrl")),
    C("drawn", "keys", reads("Ctrl", "+", "S"), has("span.keys", "Ctrl+S")),
    C("drawn", "small capitals", reads("Small capitals"), has("span.smallcaps", "Small capitals")),
    C("blocks", "quotation in HTML", kind("Quote", "“quoted”"), has("span.q", "“quoted”")),
    C("blocks", "title of a work in HTML", font("Italic", "Work"), has("cite", "A Work")),
    C("blocks", "time in HTML", reads("a leap day"), has("time", "a leap day", datetime="2024-02-29")),
    C("blocks", "small text in HTML", reads("raw", "HTML"), has("small", "HTML")),
    C("blocks", "isolated text in HTML", reads("isolated"), has("bdi", "isolated")),
    C("blocks", "hard break", reads("isolated.", "A hard break"), has("br")),
    said("blocks", "quotation marks, dashes, dots", "“Straight quotes”, ‘single ones’, it’s, the ’90s, rock ‘n’ roll, – and — dashes, an ellipsis …"),
    said("blocks", "entities", "Entities: & < >"),
    said("blocks", "Greek and Cyrillic", "Ελληνικά, кириллица"),
    # Blocks
    *(
        C("blocks", f"heading of level {n}", kind(f"H{n}", text), has(f"h{n}", text))
        for n, text in (
            (2, "Headings"), (3, "Third level"), (4, "Fourth level"),
            (5, "Fifth level"), (6, "Sixth level"),
        )
    ),
    C("blocks", "name of a heading", kind("H3", "Named heading"), has("h3", "Named", id="blocks_named")),
    C("blocks", "list in a list", within("LBody", "L"), nested("li", "ol")),
    C("blocks", "list from a number on", kind("LI", "7. Begins at seven"), has("ol", "Begins at seven", start="7")),
    C("blocks", "list in roman numerals", reads("iii. Roman three", "ix. Roman nine", "x. Roman ten"), has("ol", "Roman nine", type="i")),
    C("blocks", "code in a list", within("LBody", "Code"), nested("li", "pre")),
    C("blocks", "quotation in a list", within("LBody", "BlockQuote"), nested("li", "blockquote")),
    C("blocks", "table in a list", within("LBody", "Table"), nested("li", "table")),
    C("blocks", "task", kind("LI", "□ Not done"), has("li.task-list-item", "□ Not done")),
    C("blocks", "task that is done", kind("LI", "■ Done"), has("li.task-list-item", "■ Done")),
    C("blocks", "definition list", kind("LI", "Term First definition."), has("dl", "Term First definition.")),
    C("blocks", "quotation", kind("BlockQuote", "A quotation over two lines."), has("blockquote", "A quotation over two lines.")),
    C("links", "quotation in a quotation", within("BlockQuote", "BlockQuote"), nested("blockquote", "blockquote")),
    C("blocks", "code with highlighting", font("Mono-Semi-Bold", "import"), has("span.kn", "import")),
    C("blocks", "comment in code", font("Mono-Italic", "acomment"), has("span.c1", "# a comment")),
    C("blocks", "title of code", reads("memo.py"), has("span.filename", "memo.py")),
    C("drawn", "marked line of code", painted("sqrt", at="behind"), has("span.hll", "math.sqrt")),
    C("blocks", "indented code", kind("Code", "indented code"), has("pre", "indented code")),
    C("blocks", "callout as on GitHub", reads("Note", "A callout as on GitHub"), has("div.callout-note", "A callout as on GitHub")),
    C("blocks", "title of a callout", reads("Its own title"), has("p.callout-title", "Its own title")),
    C("blocks", "callout in a callout", reads("Note", "A callout in a callout."), has("div.callout-tip", "A callout in a callout.")),
    *(
        C("drawn", f"callout of the kind {name}", reads(title, text), has(f"div.callout-{name}", text))
        for name, title, text in (
            ("tip", "Tip", "As on GitHub."), ("important", "Important", "With emphasis."),
            ("caution", "What is ITAR?", "A title of its own."), ("warning", "Warning", "Of the other kind."),
        )
    ),
    C("blocks", "pull quote", font("Italic", "A pull quote"), has("div.pull-quote", "A pull quote")),
    C("blocks", "what opens", reads("A summary", "What is open."), has("details", "What is open.")),
    C("blocks", "rule", reads("set apart.", "A summary"), has("hr")),
    C("drawn", "timeline", kind("LI", "2008 Chandrayaan-1"), has("div.timeline", "Chandrayaan-1")),
    # Tables
    C("blocks", "table", cells(("a", "1", "x", "code | pipe")), nested("table", "thead")),
    C("blocks", "aligned column", cells(("Left", "Right", "Centre", "Inline markup")), has("td.align-right", "22")),
    C("blocks", "caption of a table", kind("Caption", "Table 2 Alignment"), has("caption", "Table 2 Alignment")),
    C("blocks", "table in HTML", cells(("Both", "One"), ("Row", "1", "2")), has("th", "Row", rowspan="2")),
    C("blocks", "table over many pages", cells(("Year", "What happened"), ("1980", "Event number 0 of a table that goes over the end of a page, as it has many rows.")), has("table", "Event number 39")),
    C("tables-2", "cell over columns", spans("ColSpan", 3), has("td", "All of them meet", colspan="3")),
    C("tables-2", "cell over rows", spans("RowSpan", 2), has("td", "MTCR", rowspan="2")),
    C("tables-2", "table of a CSV file", cells(("India", "7")) , has("caption", "Launches to orbit by state")),
    C("tables-2", "wide table", kind("Caption", "A wide table"), has("div.scroll", "A wide table", tabindex="0")),
    C("tables-2", "table in landscape", kind("Caption", "A table on a page of its own"), has("div.scroll", "A table on a page of its own")),
    C("tables-2", "credit line of a table", kind("Caption", "the regimes’ own pages"), has("span.credit", "the regimes’ own pages")),
    # Figures
    C("blocks", "picture", drawn("A grey box"), has("img", alt="A grey box")),
    C("blocks", "picture with a caption", kind("Caption", "A caption made of the title"), has("figcaption", "A caption made of the title")),
    C("blocks", "width of a picture", drawn("A grey box"), has("img", alt="A grey box", style="*")),
    C("blocks", "picture in a line", drawn("A dot"), nested("p", "img")),
    C("blocks", "decoration", lambda part: not drawn("rule")(part) and reads("in a line with")(part), has("img.decorative")),
    C("blocks", "figure in HTML", kind("Caption", "A figure in HTML"), has("figcaption", "A figure in HTML")),
    C("blocks", "drawing in HTML", drawn("A circle"), has("svg", role="img")),
    C("blocks", "WebP", drawn("a leaf"), has("img", alt="a leaf")),
    C("figures-2", "AVIF", drawn("A moon, as an AVIF"), has("img", alt="A moon, as an AVIF")),
    C("figures-2", "picture that was held upright", drawn("held upright"), has("figcaption", "Upright")),
    C("reuse", "drawing in SVG", drawn("A wave"), has("img", alt="A wave, from a folder above")),
    C("figures-2", "caption below a figure", kind("Caption", "Figure 10 Launches by year"), has("figcaption", "Figure 10 Launches by year")),
    C("figures-2", "parts of a figure", kind("Caption", "(a) An antenna"), has("figcaption.part", "(a) An antenna")),
    C("figures-2", "credit line of a figure", kind("Caption", "public domain"), has("span.credit", "public domain")),
    C("figures-2", "credit line without a caption", kind("P", "Photo: Prüfpresse"), has("p.credit", "Photo: Prüfpresse")),
    C("figures-2", "long description", kind("L|P", "From 1957 to 1960"), has("details.description", "From 1957 to 1960")),
    C("figures-2", "long description of a table", kind("P", "Two rows, one for each year."), has("details.description", "Two rows")),
    C("figures", "list of figures", kind("Link", "Figure 8 Ground segment"), has("a.caption-entry", "Figure 8 Ground segment")),
    C("tables", "list of tables", kind("Link", "Table 2 Alignment"), has("a.caption-entry", "Table 2 Alignment")),
    C("drawn", "diagram", drawn("An application is checked"), has("div.diagram")),
    C("drawn", "diagram with a caption", kind("Caption", "The way of an application"), has("figcaption", "The way of an application")),
    # References
    C("references", "reference to a table", kind("Link", "Table 7", target="references_tbl-regimes"), has("a.crossref", "Table 7", href="#references_tbl-regimes")),
    C("references", "reference to a figure", kind("Link", "Figure 7", target="references_fig-launches"), has("a.crossref", "Figure 7", href="#references_fig-launches")),
    C("references", "reference to a part of one", reads("Figure 7, left"), has("a.crossref", "left")),
    C("references", "reference to a section", kind("Link", "“Before the regimes”"), has("a.crossref", "“Before the regimes”")),
    C("references", "reference to a memo", kind("Link", "Memo 3", target="blocks"), has("a.crossref", "Memo 3", href="blocks.xhtml#blocks")),
    C("references", "bare number", reads("(7 on page"), has("p", "(7, not 7)")),
    C("references", "reference in a caption", within("Caption", "Link"), nested("figcaption", "a")),
    C("references", "reference in a table", within("TD", "Link"), nested("td", "a")),
    C("references", "reference in a note", kind("Note", "Compare Table 7"), has("aside.note", "Compare Table 7")),
    C("formulas", "reference to a formula", kind("Link", "Equation (1)", target="formulas_eq-rocket"), has("a.crossref", "Equation (1)")),
    C("foreword", "link to a memo", kind("Link", target="orbits"), has("a.xref", href="orbits.xhtml#orbits")),
    # Links and notes
    C("links", "link", kind("Link", "link", target="https://example.org/plain"), has("a.external", "link", href="https://example.org/plain")),
    C("links", "link note", kind("Note", "A plain page, Prüfpresse & Söhne, https://example.org/plain"), has("aside.note", "A plain page, Prüfpresse & Söhne, https://example.org/plain")),
    C("links", "bare address", kind("Link", "https://example.org/autolink"), has("a.external", "https://example.org/autolink")),
    C("links", "mail address", kind("Link", target="mailto:editor@example.org"), has("a", href="mailto:editor@example.org")),
    C("links", "link without a note", kind("Link", "without a note", target="no-note"), has("a.no-note", "without a note")),
    C("links", "note in the author's words", kind("Note", "A note in the author’s own words"), has("aside.note", "A note in the author’s own words")),
    C("links", "link by reference", kind("Link", "full reference", target="/reference"), has("a", "full reference")),
    C("links", "link of a picture", kind("Link", target="https://example.org/picture"), nested("a", "img")),
    C("links", "link in a heading", kind("H2", "A heading with a link"), nested("h2", "a")),
    C("notes-2", "footnote", kind("Note", "One paragraph, with emphasis"), has("aside.note", "One paragraph, with emphasis", role="doc-footnote")),
    C("notes-2", "footnote of paragraphs", kind("Note", "The third paragraph of the note."), has("aside.note", "The third paragraph of the note.")),
    C("notes-2", "footnote with a list", kind("Note", "the second item."), nested("aside", "li")),
    C("notes-2", "footnote with code", within("Note", "Code"), nested("aside", "pre")),
    C("notes-2", "footnote with a table", within("Note", "Table"), nested("aside", "table")),
    C("notes-2", "footnote with a quotation", within("Note", "BlockQuote"), nested("aside", "blockquote")),
    C("notes-2", "note that is called again", kind("Link", "c", target="notes-2__call-1-3"), has("a.back", "c", href="#notes-2__call-1-3")),
    C("memo-notes", "notes at a memo's end", kind("Sect", "Notes 1."), has("section.notes", "At the end")),
    C("notes", "notes at the book's end", kind("Note", "At the book’s end"), has("section.book-notes", "At the book’s end")),
    C("inline", "address in the line", reads("A link", "(https://example.org/inline-1)"), has("p", "A link (https://example.org/inline-1)")),
    C("off", "links without notes", reads("A link and a note1"), has("a.external", "link")),
    # Citations
    C("works", "citation as a note", kind("Note", "Norms in Orbit & Law: 5 Is More Than 4 (Zürich: Prüfpresse & Söhne, 2020), 12–13."), has("aside.note", "(Zürich: Prüfpresse & Söhne, 2020), 12–13.")),
    C("works", "citation again", kind("Note", "O’Hara-Ñandú and Müller, Norms"), has("aside.note", "O’Hara-Ñandú and Müller, Norms")),
    C("works", "several citations in one", kind("Note", "and more; see Xiaodan Wu"), has("aside.note", "and more; see Xiaodan Wu")),
    C("works", "citation in an abstract", kind("P", "An abstract cites"), has("div.abstract", "Norms in Orbit & Law")),
    C("bibliography", "bibliography", kind("LBody", "Wassenaar Arrangement. “Control Lists,”"), has("ul.works", "Wassenaar Arrangement. “Control Lists,”")),
    C("bibliography", "work of BibTeX", kind("LBody", "Wu, Xiaodan, and Ana Koči."), has("li", "Wu, Xiaodan, and Ana Koči.")),
    # Index, glossary, abbreviations
    C("index", "index", kind("L|P", "control list"), has("p.index-line", "control list")),
    C("index", "page of a term", kind("Link", target="terms__index-1"), has("a.locator", href="*")),
    C("index", "term below a term", kind("P", "individual"), has("p.index-line", "individual")),
    C("index", "see", reads("CoCom. See Wassenaar Arrangement"), has("p.index-line", "CoCom. See Wassenaar Arrangement")),
    C("index", "see also", reads("See also Munitions List"), has("p.index-line", "See also Munitions List")),
    C("index", "letters of the index", kind("H2", "A"), has("h2.index-letter", "A")),
    C("glossary", "glossary", kind("Lbl", "Control list"), has("dt", "Control list")),
    C("works", "term of the glossary", kind("Link", "regime", target="glossary__term-regime"), has("a.term", "regime", role="doc-glossref")),
    C("works", "abbreviation spelled out", reads("The Missile Technology Control Regime (MTCR) is"), has("abbr", "MTCR", title="Missile Technology Control Regime")),
    C("abbreviations", "list of abbreviations", kind("LI", "ISRO Indian Space Research Organisation"), has("dt", "ISRO")),
    # Formulas
    C("formulas", "formula in a line", kind("Formula", alt="E_k"), has("math.formula")),
    C("formulas", "formula on lines of its own", kind("Formula", alt="delta v is v e times"), has("math", display="block")),
    C("formulas", "number of a formula", reads("(1)"), has("span.formula-number", "(1)")),
    C("formulas", "formula as in a fence", kind("Formula", alt="P(A"), has("math", alttext="*")),
    C("formulas", "formula in a table", within("TD", "Formula"), nested("td", "math")),
    C("formulas", "formula in a heading", within("H2", "Formula"), nested("h2", "math")),
    C("formulas", "formula in MathML", kind("Formula", alt="a"), has("mfrac")),
    C("formulas", "price, which is no formula", reads("$5,500 to $10,000"), has("p", "$5,500 to $10,000")),
    # Languages
    C("blocks", "passage in a language in HTML", of_language("de", "ein deutsches Wort"), has("span", "ein deutsches Wort", lang="de")),
    C("drawn", "passage in a language", of_language("de", "ein deutsches Wort"), has("span", "ein deutsches Wort", lang="de")),
    C("hindi", "memo in a language", of_language("hi", "अंतरिक्ष विकास"), has("html", lang="hi")),
    C("rtl", "memo from right to left", of_language("he", "שלום עולם"), has("html", dir="rtl")),
    C("rtl", "Arabic", of_language("ar", "السلام"), has("span", "السلام", lang="ar")),
    C("gr-e-ma-ein-fall", "quotation marks of a language", reads("„Anführungszeichen“, ‚einfache‘"), has("p", "„Anführungszeichen“, ‚einfache‘")),
    # Reuse
    C("reuse", "variable", kind("P", "India joined the Missile Technology Control Regime"), has("p", "India joined the Missile Technology Control Regime")),
    C("reuse", "region of a file", kind("P", "A dual-use good"), has("p", "A dual-use good")),
    C("reuse", "file", kind("H2", "A heading of another file"), has("h2", "A heading of another file")),
    C("reuse", "code of a file", kind("Code", "is_controlled"), has("pre", "is_controlled")),
    C("reuse", "text of a profile", kind("P", "For readers outside"), has("p", "For readers outside")),
    C("reuse", "proposed text", painted("is proposed", at="below"), has("ins", "is proposed")),
    C("reuse", "text to be taken out", painted("another one", at="through"), has("del", "another one")),
    C("reuse", "text that replaces another", painted("the third", at="below"), has("ins", "the third")),
    C("reuse", "comment of a proof", reads("by whom?"), has("span.critic-comment", "by whom?")),
    C("reuse", "mark of a proof", painted("the last", at="behind"), has("mark.critic", "the last")),
    C("reuse", "proposed text in an abstract", painted("more than", at="below"), has("div.abstract", "used more than twice")),
]  # fmt: skip

PLAIN = frozenset(
    "div span p body section thead tbody tr td th li ul ol a wbr".split()
    + "mi mo mn mrow msub msup mspace mtd mtr mtable mstyle msqrt mover mtext".split()
    + "munderover math rect path g text tspan defs marker line polygon circle".split()
)
"""What has no meaning by itself, or is a part of a formula or a drawing."""

COVERED = frozenset(
    "em strong code sup sub del mark ins kbd q cite time small bdi br h2 h3 h4 h5 h6"
    " pre i abbr blockquote dl dt dd hr details summary table caption img figure"
    " figcaption svg title mfrac h2.unnumbered img.decorative table.wide"
    " table.landscape dl.authors kbd.key-control kbd.key-s kbd.key-enter mark.critic"
    " figure.part figcaption.part details.description blockquote.epigraph".split()
)
"""The elements that a line of the table stands for."""
