"""The catalogue of diagnostic codes: a kebab-case name and what it means.

`memobook explain CODE` prints the explanation, and tests/cases/ has a folder for each
code. Names, not numbers, because names age better.
"""

from __future__ import annotations

from enum import Enum

from memobook.explanations import (
    BOXED,
    DRAWN,
    FINISHED,
    LINTED,
    READ,
    REUSED,
    SHELVES,
    WEB,
    WORKS,
)

__all__ = ["Code"]


class Code(Enum):
    """Every code, area first. The second string is what `explain` prints."""

    explanation: str

    def __new__(cls, value: str, explanation: str) -> Code:
        """Make a member whose value is its name in the outputs."""
        member = object.__new__(cls)
        member._value_ = value
        member.explanation = explanation
        return member

    # The project and its settings

    PROJECT_NOT_FOUND = (
        "project-not-found",
        "The folder has no manuscript/book.toml, so it is no book project.\n"
        "Run memobook in the project's folder, name the folder, or make a project\n"
        "with `memobook new DIR`.",
    )
    CONFIG_SYNTAX = (
        "config-syntax",
        "book.toml is not valid TOML, so nothing in it can be read.\n"
        "The place is where the reader gave up: look there and on the line before.",
    )
    CONFIG_UNKNOWN_KEY = (
        "config-unknown-key",
        "A key in book.toml or in a memo's block is not one that memobook knows.\n"
        "It is an error, because a misspelt setting would be ignored in silence.\n"
        "`memobook schema` prints every key.",
    )
    CONFIG_WRONG_VALUE = (
        "config-wrong-value",
        "A value has the wrong type or is not one of those allowed.",
    )
    CONFIG_MISSING_KEY = (
        "config-missing-key",
        "A required key is not there. A book needs a title, a language and memos.",
    )
    CONFIG_BAD_DATE = (
        "config-bad-date",
        "A date is not one of the calendar. Write it as YYYY-MM-DD, without quotes.",
    )
    CONFIG_BAD_STANDARD = (
        "config-bad-standard",
        "`standard` under `[pdf]` names what the PDF promises: one part of PDF/UA,\n"
        "for readers who listen, and one of PDF/A, for archives. pdf/ua-1 goes with\n"
        "any pdf/a-2 or pdf/a-3, pdf/ua-2 with pdf/a-4. Sources can be attached to a\n"
        "pdf/a-3, or where nothing of PDF/A is promised.",
    )
    CONFIG_BAD_LANGUAGE = (
        "config-bad-language",
        "A language tag is not BCP 47, or names a language that does not exist.\n"
        "Hyphenation, quotation marks and screen readers depend on it.\n"
        "See https://www.rfc-editor.org/info/bcp47",
    )
    CONFIG_BAD_ISBN = (
        "config-bad-isbn",
        "The identifier looks like an ISBN, but its check digit is wrong.",
    )
    CONFIG_NO_MEMOS = (
        "config-no-memos",
        "[contents] lists no memo, so the book would be empty.",
    )
    CONFIG_MEMO_MISSING = (
        "config-memo-missing",
        "A file listed in [contents] is not in manuscript/.",
    )
    CONFIG_MEMO_TWICE = (
        "config-memo-twice",
        "A file is listed twice in [contents]; its anchors would be ambiguous.",
    )
    CONFIG_MEMO_UNLISTED = (
        "config-memo-unlisted",
        "A Markdown file in manuscript/ is not listed in [contents], so its text is\n"
        "not in the book. List it, or move it out of manuscript/.",
    )

    # Files

    SOURCE_NOT_UTF8 = (
        "source-not-utf8",
        "A text file is not UTF-8. Save it as UTF-8; the place is the first byte that\n"
        "is not.",
    )
    SOURCE_EMPTY = (
        "source-empty",
        "A memo has no text below its block.",
    )
    FILE_OUTSIDE = ("file-outside", READ["file-outside"])
    FILE_TOO_LARGE = ("file-too-large", READ["file-too-large"])
    OUTPUT_NOT_WRITABLE = (
        "output-not-writable",
        "An output cannot be written. The files of the last build are as they were.",
    )
    CACHE_NOT_WRITTEN = (
        "cache-not-written",
        "What the build made on its way could not be kept. The outputs are whole, but\n"
        "the next build makes everything again.",
    )
    BLOCK_NOT_YAML = (
        "block-not-yaml",
        "The block between the two lines of three hyphens at the top of a memo is not\n"
        "YAML. A value that holds a colon and a space must stand in quotes.",
    )

    AUTHOR_BIO = (
        "author-bio",
        "What a memo's block says about an author is shown nowhere, or another memo\n"
        "says something else. `authors` in `back` or `front` of [contents] stands for\n"
        "the page about the authors, on which each of them has one description.",
    )

    # Text

    CAPTION_ALONE = ("caption-alone", LINTED["caption-alone"])
    HEADING_EMPTY = ("heading-empty", LINTED["heading-empty"])
    HEADING_LEVEL_SKIPPED = (
        "heading-level-skipped",
        LINTED["heading-level-skipped"],
    )
    HEADING_SECOND_TITLE = (
        "heading-second-title",
        "A memo has one first-level heading: its title, from its block or its first\n"
        "`#` line. All others begin with `##`.",
    )
    TITLE_MISSING = (
        "title-missing",
        "A memo has no title: neither `title:` in its block nor a `#` line.",
    )
    TITLE_NOT_PLAIN = (
        "title-not-plain",
        "The `#` line that is a memo's title holds a link, a picture or a footnote's\n"
        "call. A title is plain text: it stands in the contents, in running heads and\n"
        "in catalogues, and what it holds besides would be lost.",
    )
    TITLE_DUPLICATE = (
        "title-duplicate",
        "Two memos have the same title; in the contents nobody can tell them apart.",
    )
    PARAGRAPH_CUT = (
        "paragraph-cut",
        "A paragraph ends without punctuation and the next begins in lower case: most\n"
        "likely one paragraph, cut in two by a page break of a converted document.\n"
        'To keep it as it is, put `warn = ["paragraph-cut"]` under [check].',
    )
    CHARACTER_STRAY = (
        "character-stray",
        "A character that a word processor left behind and that no reader should\n"
        "meet: a soft hyphen, a form feed, another control character.",
    )
    LIST_FLATTENED = (
        "list-flattened",
        "A list that nests on GitHub does not nest here, or is no list at all: nested\n"
        "items need four spaces, and a list needs an empty line before it.",
    )
    CODE_UNCLOSED = ("code-unclosed", LINTED["code-unclosed"])
    HTML_UNCLOSED = ("html-unclosed", LINTED["html-unclosed"])
    HTML_NOT_ALLOWED = (
        "html-not-allowed",
        "An HTML element or attribute has no place in a book: scripts, forms, frames,\n"
        "event handlers and elements that EPUB does not know. The text inside is kept.",
    )
    MARKDOWN_TOO_DEEP = (
        "markdown-too-deep",
        "A memo's text nests too deeply to be read. Look for a long run of brackets\n"
        "or quote signs.",
    )

    # What texts take from elsewhere

    VARIABLE_UNKNOWN = ("variable-unknown", REUSED["variable-unknown"])
    INCLUDE_MISSING = ("include-missing", REUSED["include-missing"])
    INCLUDE_REGION_MISSING = (
        "include-region-missing",
        REUSED["include-region-missing"],
    )
    INCLUDE_CIRCLE = ("include-circle", REUSED["include-circle"])
    CONDITION_UNKNOWN = ("condition-unknown", REUSED["condition-unknown"])
    DIRECTIVE_UNKNOWN = ("directive-unknown", REUSED["directive-unknown"])
    DIRECTIVE_UNCLOSED = ("directive-unclosed", REUSED["directive-unclosed"])
    CRITIC_UNCLOSED = ("critic-unclosed", REUSED["critic-unclosed"])
    PROFILE_UNKNOWN = ("profile-unknown", REUSED["profile-unknown"])
    SHELF_BOOK_MISSING = ("shelf-book-missing", SHELVES["shelf-book-missing"])

    # Links, notes, pictures

    LINK_IN_ALT = ("link-in-alt", LINTED["link-in-alt"])
    LINK_PLACEHOLDER = (
        "link-placeholder",
        "A link leads nowhere: its target is empty or only `#`. Its text is kept, and\n"
        "it makes no note.",
    )
    LINK_TARGET_MISSING = (
        "link-target-missing",
        "A link leads to a memo that is not in the book.",
    )
    LINK_ANCHOR_MISSING = (
        "link-anchor-missing",
        "A link leads to a heading or anchor that its memo does not have.",
    )
    LINK_ADDRESS = ("link-address", LINTED["link-address"])
    LINK_SCHEME = ("link-scheme", LINTED["link-scheme"])
    LINK_REFERENCE_UNDEFINED = (
        "link-reference-undefined",
        "A link such as [text][name] has no line `[name]: address`, so it would be\n"
        "printed with its brackets.",
    )
    LINK_DEFINITION_UNUSED = (
        "link-definition-unused",
        LINTED["link-definition-unused"],
    )
    TABLE_FILE = (
        "table-file",
        "A CSV file that a memo includes as a table has no rows, no column of a name,\n"
        "or a row with more or fewer cells than its head.",
    )
    REFERENCE_UNKNOWN = (
        "reference-unknown",
        "A bracket such as [@fig:orbits] names a figure, table, heading or memo that\n"
        "the book does not have. Give the target that name: {#fig:orbits}. A figure\n"
        "or table needs a caption, too, which gives it its number.",
    )
    REFERENCE_AMBIGUOUS = (
        "reference-ambiguous",
        "Two things have the name that a bracket such as [@fig:orbits] uses. A memo's\n"
        "own figure comes first; of those of other memos the memo must be named:\n"
        "[@fig:space/orbits].",
    )
    REFERENCE_IN_HEADING = (
        "reference-in-heading",
        "A heading holds a cross-reference. A heading stands in the contents and in\n"
        "running heads, too, where no number can be written.",
    )
    NOTE_UNDEFINED = (
        "note-undefined",
        "A footnote is called in the text, but there is no line `[^name]: text`.",
    )
    NOTE_UNUSED = (
        "note-unused",
        "A footnote is written but never called, so its text would be lost.",
    )
    NOTE_DUPLICATE = (
        "note-duplicate",
        "A footnote's name is used for two notes of a memo; one text would be lost.",
    )
    NOTE_NESTED = (
        "note-nested",
        "A footnote is called or written inside a footnote, or in another place where\n"
        "none can be; it could stand at no page's foot.",
    )
    NOTE_MOVED = (
        "note-moved",
        "A note is too tall for the foot of a page and was moved to the memo's end.",
    )
    FORMULA_INVALID = ("formula-invalid", DRAWN["formula-invalid"])
    DIAGRAM_INVALID = ("diagram-invalid", DRAWN["diagram-invalid"])
    EXTRA_MISSING = ("extra-missing", DRAWN["extra-missing"])
    IMAGE_MISSING = (
        "image-missing",
        "A picture's file is not there. Paths are relative to the memo.",
    )
    IMAGE_UNREADABLE = (
        "image-unreadable",
        "A picture's file cannot be read as a picture of its kind.",
    )
    DRAWING_NOT_ALLOWED = ("drawing-not-allowed", DRAWN["drawing-not-allowed"])
    COLOUR_CMYK = ("colour-cmyk", DRAWN["colour-cmyk"])
    IMAGE_WITHOUT_ALT = (
        "image-without-alt",
        "A picture has no alternative text, so a blind reader gets nothing.\n"
        "Say in brackets what it shows: ![what it shows](file.png). For a picture\n"
        "that only decorates, write ![](file.png){.decorative}.",
    )
    RESOURCE_REMOTE = ("resource-remote", READ["resource-remote"])
    FETCHED_ALTERED = ("fetched-altered", READ["fetched-altered"])

    # Design

    TEMPLATE_ERROR = (
        "template-error",
        "A template in styles/ cannot be used: a mistake of Jinja's language, or a\n"
        "variable that does not exist.",
    )
    STYLE_IGNORED = (
        "style-ignored",
        "A rule of a style sheet was ignored, because the property, value or selector\n"
        "is not known in this output.",
    )
    STYLE_TOKEN_UNKNOWN = (
        "style-token-unknown",
        "A style sheet uses var(--name), and there is no token of that name.",
    )
    FONT_NOT_FOUND = (
        "font-not-found",
        "A font family is named that neither styles/fonts/ nor an installed font\n"
        "package has. System fonts are not used: a book must look the same anywhere.",
    )
    GLYPH_MISSING = (
        "glyph-missing",
        "None of the book's fonts has a character, so it would print as a box.\n"
        "Add a font that has it to styles/fonts/ and name it in [style] fallback.",
    )
    COVER_NOT_DRAWN = (
        "cover-not-drawn",
        "The EPUB has no cover picture, because the page cannot be drawn without\n"
        "Pango. `memobook doctor` says the command that installs it.",
    )
    PAGES_UNSETTLED = (
        "pages-unsettled",
        "Page numbers in the text kept moving the text; the last ones may be off.",
    )
    LIMIT_EXCEEDED = ("limit-exceeded", BOXED["limit-exceeded"])
    READING_DIED = ("reading-died", BOXED["reading-died"])
    IMAGE_TOO_LARGE = ("image-too-large", BOXED["image-too-large"])
    LAYOUT_DIED = ("layout-died", BOXED["layout-died"])
    LAYOUT_NOTE = (
        "layout-note",
        "The layout engine reported something that memobook has no better word for.",
    )
    OUTPUT_INCOMPLETE = (
        "output-incomplete",
        "What was made was read back and is not what the book holds: a template or a\n"
        "style sheet hides it, or memobook is at fault; then please report it.",
    )

    # Citations and the index

    CITATION_MISSING = ("citation-missing", WORKS["citation-missing"])
    CITATION_STYLE = ("citation-style", WORKS["citation-style"])
    LIBRARY_BROKEN = ("library-broken", WORKS["library-broken"])
    TERM_UNKNOWN = ("term-unknown", WORKS["term-unknown"])
    TERM_TWICE = ("term-twice", WORKS["term-twice"])
    ABBREVIATION_TWICE = ("abbreviation-twice", WORKS["abbreviation-twice"])
    ABBREVIATION_UNUSED = ("abbreviation-unused", WORKS["abbreviation-unused"])
    INDEX_EMPTY = ("index-empty", WORKS["index-empty"])
    INDEX_PASSAGE = ("index-passage", WORKS["index-passage"])
    INDEX_SEE = ("index-see", WORKS["index-see"])
    INDEX_TWINS = ("index-twins", WORKS["index-twins"])

    # Pages of the web

    LINK_GONE = ("link-gone", WEB["link-gone"])
    REGISTRY_TWICE = ("registry-twice", WEB["registry-twice"])
    REGISTRY_UNUSED = ("registry-unused", WEB["registry-unused"])

    # Finished files, as `memobook check` finds them

    OUTPUT_NOT_BUILT = ("output-not-built", FINISHED["output-not-built"])
    OUTPUT_ALTERED = ("output-altered", FINISHED["output-altered"])
    OUTPUT_UNREADABLE = ("output-unreadable", FINISHED["output-unreadable"])
    PARITY_WORDS = ("parity-words", FINISHED["parity-words"])
    PARITY_HEADINGS = ("parity-headings", FINISHED["parity-headings"])
    PARITY_NOTES = ("parity-notes", FINISHED["parity-notes"])
    PARITY_LINKS = ("parity-links", FINISHED["parity-links"])
    PARITY_PICTURES = ("parity-pictures", FINISHED["parity-pictures"])
    PARITY_TABLES = ("parity-tables", FINISHED["parity-tables"])
    PARITY_ORDER = ("parity-order", FINISHED["parity-order"])
    PARITY_CONTENTS = ("parity-contents", FINISHED["parity-contents"])
    PARITY_METADATA = ("parity-metadata", FINISHED["parity-metadata"])
    ACCESSIBILITY_CLAIM = ("accessibility-claim", FINISHED["accessibility-claim"])
    PAGE_OVERFLOW = ("page-overflow", FINISHED["page-overflow"])
    PAGE_WIDOW = ("page-widow", FINISHED["page-widow"])
    PAGE_HEADING_AT_FOOT = ("page-heading-at-foot", FINISHED["page-heading-at-foot"])
    PAGE_SINGLE_LINE = ("page-single-line", FINISHED["page-single-line"])
    IMAGE_COARSE = ("image-coarse", FINISHED["image-coarse"])
    FONT_NOT_EMBEDDED = ("font-not-embedded", FINISHED["font-not-embedded"])
    EPUB_INVALID = ("epub-invalid", FINISHED["epub-invalid"])
    EPUB_INACCESSIBLE = ("epub-inaccessible", FINISHED["epub-inaccessible"])
    PDF_INVALID = ("pdf-invalid", FINISHED["pdf-invalid"])
    VALIDATOR_MISSING = ("validator-missing", FINISHED["validator-missing"])
    VALIDATOR_FAILED = ("validator-failed", FINISHED["validator-failed"])
