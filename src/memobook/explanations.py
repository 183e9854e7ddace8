"""What the codes of finished files mean: codes.py was too long for both.

What goes in: nothing. What comes out: the text that `memobook explain CODE` prints.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "BOXED",
    "DRAWN",
    "FINISHED",
    "LINTED",
    "READ",
    "REUSED",
    "SHELVES",
    "WEB",
    "WORKS",
]

LINTED: Mapping[str, str] = {
    "link-in-alt": (
        "What a picture shows is said in plain words, for those who do not see it.\n"
        "A link or a picture in these words would get lost: only its text is kept."
    ),
    "caption-alone": (
        "A caption, between /// figure-caption or /// table-caption and ///, belongs\n"
        "to the block right above it. There is none, or that is a heading."
    ),
    "heading-empty": (
        "A heading has no words: contents, outline and the EPUB's navigation have\n"
        "nothing to say of it, and a screen reader nothing to read. A picture is no\n"
        "heading; it stands below one."
    ),
    "heading-level-skipped": (
        "A heading is more than one level below the one before. Screen readers build\n"
        "their outline from levels, and PDF/UA does not allow gaps."
    ),
    "code-unclosed": (
        "A fence, ``` or ~~~, begins code and no such line ends it. Without an end it\n"
        "is no fence: the signs are printed, and all below them is text."
    ),
    "html-unclosed": (
        "An HTML element is opened and not closed, or closed and not opened."
    ),
    "link-address": (
        "A link has a scheme and no address that could be right: no host, a port that\n"
        "there cannot be, or brackets that no address may have. Its text is kept."
    ),
    "link-definition-unused": (
        'A line gives an address a name, `[name]: address "title"`, and no link uses\n'
        "it, or a line below gives the name to another address: these words are in\n"
        "neither output."
    ),
    "link-scheme": (
        "A link uses a scheme that a book should not hold. http, https, mailto, tel,\n"
        "doi and urn may be used."
    ),
}
DRAWN: Mapping[str, str] = {
    "drawing-not-allowed": (
        "A drawing (SVG) holds what no book may hold: a script, HTML, or an address\n"
        "from which something would be loaded. It is taken out of what is shown, and\n"
        "the file stays as it is. Export the drawing again as plain SVG, with its\n"
        "texts as text and its pictures embedded."
    ),
    "formula-invalid": (
        "A formula between dollars is no TeX that both outputs can show. In a text,\n"
        "two prices are no formula: $5 to $10. Where one is taken for it, write \\$5."
    ),
    "colour-cmyk": (
        "A PDF for archives (PDF/A) is meant for screens, in sRGB, and has no colours\n"
        "of a printing press. Export the picture in sRGB, or write\n"
        '`standard = "pdf/ua-1"` under `[pdf]` in book.toml.'
    ),
    "diagram-invalid": (
        "A diagram in words is no Mermaid, or uses what memobook cannot draw."
    ),
    "extra-missing": (
        "The book has something that needs packages which memobook does not install\n"
        "by itself. The hint is the command that installs them."
    ),
}
BOXED: Mapping[str, str] = {
    "limit-exceeded": (
        "The reading or the layout of a text took more time or memory than it may,\n"
        "or its lists, quotes or tables are too deep in one another. Look for what is\n"
        "huge: a table, a row of brackets, a drawing, a rule in styles/. A book that\n"
        "needs more may take more: [limits] in book.toml has memo_seconds and\n"
        "memory_mb."
    ),
    "layout-died": (
        "The process that laid out a section ended in it, and gave no word but a\n"
        "signal or a number: SIGABRT is the engine's own, SIGKILL the system's, most\n"
        "likely for want of memory. The other sections were kept."
    ),
    "reading-died": (
        "The process that reads a memo's text ended twice in it. Mostly the system\n"
        "ended it, because memory ran out."
    ),
    "image-too-large": (
        "A picture has more pixels than it may: each one needs memory, also where it\n"
        "is printed small. [limits] in book.toml has picture_megapixels."
    ),
}
"""Of codes about what a work may take."""

READ: Mapping[str, str] = {
    "file-outside": (
        "A path leads out of the project folder, by itself or by a symbolic link.\n"
        "Everything that a book is made of lives in its folder, so that it can be\n"
        "built anywhere, and so that no text can take in what is not the author's."
    ),
    "file-too-large": (
        "A file is larger than `file_mb` under `[limits]` in book.toml, or all files\n"
        "of the book together are larger than `total_mb`. So that a stranger's text\n"
        "fills no memory. Make a picture smaller, or raise the limit; of an untrusted\n"
        "project it can only be lowered."
    ),
    "resource-remote": (
        "A picture, font or style sheet lies on a server. A build never uses the\n"
        "network, so that it makes the same book tomorrow and tells no server of it.\n"
        "`memobook fetch` saves the pictures that the memos name in the project,\n"
        "once; or save the file yourself and name it by its path."
    ),
    "fetched-altered": (
        "A file that `memobook fetch` saved is not the one that it recorded in\n"
        "manuscript/fetched.lock, or is gone. Type `memobook fetch --again` to get\n"
        "and record it anew, or bring the old file back."
    ),
}

REUSED: Mapping[str, str] = {
    "variable-unknown": (
        "A text asks for a variable, as in {{ press }}, that is not in [variables]\n"
        "of book.toml. Braces that are meant as text are written \\{{ press }}."
    ),
    "include-missing": (
        "A file that a text includes is not there. Paths are relative to the file\n"
        "that includes it."
    ),
    "include-region-missing": (
        "A text includes a region that its file does not have. A region begins with\n"
        "a line {{ region NAME }} and ends with a line {{ end }}; each may stand in a\n"
        "comment."
    ),
    "include-circle": (
        "A file includes itself, directly or by way of others, or so many others that\n"
        "the text comes to no end."
    ),
    "condition-unknown": (
        "A condition such as {{ if draft }} asks for something that is neither an\n"
        "output (pdf, epub) nor a profile that book.toml has under [profiles], or for\n"
        "what no output is, such as {{ if pdf and epub }}."
    ),
    "directive-unknown": (
        "Between {{ and }} stands nothing that memobook knows: a variable's name,\n"
        "include, if, else, region or end. Braces that are meant as text are written\n"
        "\\{{ so }}."
    ),
    "directive-unclosed": (
        "An {{ if … }} or {{ region … }} has no {{ end }}, or an {{ end }} or\n"
        "{{ else }} has nothing that it could belong to."
    ),
    "critic-unclosed": (
        "A mark for a proposed change, such as {++ or {--, is not closed by ++} or\n"
        "--}. It stays in the text, and hides none of it. A sign that is meant as\n"
        "text is written \\{++ so."
    ),
    "profile-unknown": (
        "A profile is asked for that book.toml does not have under [profiles]."
    ),
}
"""Of codes about what texts take from elsewhere."""

SHELVES: Mapping[str, str] = {
    "shelf-book-missing": (
        "A line of `books` in shelf.toml finds no book: no folder below that of\n"
        "shelf.toml with manuscript/book.toml in it. The other books are built."
    ),
}
"""Of codes about many books."""

WEB: Mapping[str, str] = {
    "link-gone": (
        "A page that the book has a link to was there before, or was never looked\n"
        "for, and its server says now that it is not there (404 or 410). This is an\n"
        "error once; from then on `memobook links` shows the link as gone."
    ),
    "registry-twice": (
        "manuscript/links.toml has two tables for one address: in capitals and small\n"
        "letters, or with and without a port that means nothing."
    ),
    "registry-unused": (
        "manuscript/links.toml has a table for an address to which no link leads, so\n"
        "that nothing of it is in the book."
    ),
}
"""Of codes about pages of the web."""

WORKS: Mapping[str, str] = {
    "term-unknown": (
        "A word is marked as a term, and the book's glossary does not explain it. A\n"
        "glossary is a memo with lists of definitions, called glossary.md or with\n"
        "`kind: glossary` in its block."
    ),
    "term-twice": (
        "The glossary explains a term in two places, so that a link to it would be\n"
        "ambiguous."
    ),
    "abbreviation-twice": (
        "An abbreviation means one thing in one memo and another thing in another, so\n"
        "that the list of abbreviations would be wrong."
    ),
    "abbreviation-unused": (
        "A memo explains an abbreviation, `*[WTO]: World Trade Organization`, and\n"
        "uses it nowhere, so that these words are in neither output."
    ),
    "citation-missing": (
        "The text cites a work that is in no library of the book. The library is\n"
        'named in book.toml: `[citations]` and `library = "works.json"`.'
    ),
    "citation-style": (
        "The style of the citations is neither built in nor a CSL style in\n"
        "manuscript/. Thousands are at https://www.zotero.org/styles."
    ),
    "library-broken": (
        "A library of works cannot be read, or one of its works: it has no key or no\n"
        "type, or its key is another work's, too."
    ),
    "index-empty": (
        "A term of the index is empty. Semicolons stand between terms, and > stands\n"
        'between a term and one below it: {index="Space law > treaties; Outer space"}.'
    ),
    "index-passage": (
        "A passage on a term of the index has a beginning and no end, or an end and\n"
        "no beginning. Both stand in one memo, and say the term in the same words:\n"
        '[...]{index-from="Space law"} and [...]{index-to="Space law"}.'
    ),
    "index-see": (
        "The index leads to a term that it has not, or leads elsewhere from a term\n"
        "that has pages of its own: that is see-also."
    ),
    "index-twins": (
        "Two terms of the index differ in capital letters only, so that they are two\n"
        "lines where one was meant."
    ),
}
"""Of codes about citations and the index."""

FINISHED: Mapping[str, str] = {
    "output-not-built": (
        "There is no finished file to look at, or it is not that of the sources\n"
        "as they are now, so only the sources were checked. `memobook build`\n"
        "makes the files, and so does `memobook check --build`."
    ),
    "output-altered": (
        "A file in build/ is not as memobook wrote it: another program has\n"
        "changed it or a part of it was lost. It was checked as it is; `memobook\n"
        "build` makes it anew."
    ),
    "output-unreadable": (
        "A file in build/ is damaged, so that no program can read it. `memobook\n"
        "build` makes it anew."
    ),
    "parity-words": (
        "A text of the sources is not in the PDF or the EPUB, is another one\n"
        "there, or stands in one of them alone. PDF and EPUB must say the same."
    ),
    "parity-headings": (
        "A heading is on another level in the PDF or the EPUB than in its source,\n"
        "or no heading at all, so that it is missing from a screen reader's\n"
        "outline."
    ),
    "parity-notes": (
        "A note or its call is missing from the PDF or the EPUB, or has another\n"
        "number or text there, so that a reader who follows the call finds the\n"
        "wrong note."
    ),
    "parity-links": (
        "A link leads elsewhere in the PDF or the EPUB than in its source, to\n"
        "nowhere, or names the wrong page."
    ),
    "parity-pictures": (
        "A picture, its alternative text or its caption is missing from the PDF\n"
        "or the EPUB, or is another one there."
    ),
    "parity-tables": (
        "A table has other rows or cells in the PDF or the EPUB than in its\n"
        "source, so that a screen reader reads its cells under the wrong heads."
    ),
    "parity-order": (
        "A memo is missing from the PDF or the EPUB or stands at another place\n"
        "than in book.toml. The order in which the text of both is read must be\n"
        "the same."
    ),
    "parity-contents": (
        "The contents, the PDF's outline or the EPUB's navigation lack a memo or\n"
        "a heading, name it otherwise, or lead to the wrong place."
    ),
    "parity-metadata": (
        "The PDF or the EPUB does not say of itself what book.toml says of it:\n"
        "title, language or identifier. Libraries and readers go by it."
    ),
    "accessibility-claim": (
        "The EPUB's metadata claim something for readers with a disability that\n"
        "its content does not have, or keep silent about what it has. Shops show\n"
        "these claims, and the law counts on them."
    ),
    "page-overflow": (
        "A text or picture goes beyond the page, where it is cut off, or beyond\n"
        "the area of the text, where it stands in the margin. A long word, a line\n"
        "of code, a wide table or picture does that: break it, shorten it, or let\n"
        "a rule in styles/print.css do so."
    ),
    "page-widow": (
        "The last line of a paragraph stands alone at the head of a page. The\n"
        "built-in style does not let that happen; a rule in styles/print.css\n"
        "does, or a note that takes up the room."
    ),
    "page-heading-at-foot": (
        "A heading stands at the foot of a page and its text on the next one."
    ),
    "page-single-line": (
        "A page has only one line of text. Shorten the memo by a line, or let it\ngrow."
    ),
    "image-coarse": (
        "A picture has fewer than 150 pixels an inch in print, so that its pixels\n"
        "can be seen. Use a larger file or an SVG drawing, or print it smaller. A\n"
        "picture that only decorates may be coarse."
    ),
    "font-not-embedded": (
        "A font is not in the PDF, so that every machine prints the text in\n"
        "another one, or not at all."
    ),
    "epub-invalid": (
        "The EPUB breaks a rule of EPUB 3, so that a shop may refuse it and a\n"
        "reading system may fail. EPUBCheck, the W3C's own validator, finds that."
    ),
    "epub-inaccessible": (
        "Ace by DAISY finds that some readers with a disability cannot read a\n"
        "part of the EPUB."
    ),
    "pdf-invalid": (
        "The PDF breaks a rule of its standard, such as PDF/UA-1. veraPDF, the\n"
        "validator of the PDF Association, finds that."
    ),
    "validator-missing": (
        "A validator is not installed, so that it could not judge the files: that\n"
        "does not mean that they passed. The hint is the command that installs\n"
        "it. With `--require epubcheck,ace,verapdf` a missing one is an error."
    ),
    "validator-failed": (
        "A validator broke or gave no answer, so that there is no verdict."
    ),
}
