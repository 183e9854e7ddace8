"""What the preview knows of an EPUB: its contents, its pages, what changed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from memobook.preview.texts import Texts, changed_blocks, marked
from tests.harness import Built


def test_an_epub_is_read(scaffold: Built) -> None:
    texts = Texts.of(scaffold.path("epub").read_bytes())
    assert texts.title == "A New Book"
    assert {e.level for e in texts.contents} >= {0, 1}
    paths = {d.path for d in texts.documents}
    assert all(e.href.partition("#")[0] in paths for e in texts.contents)
    assert all(e.href.partition("#")[0] in paths for e in texts.page_list)
    assert all(d.path in texts.files for d in texts.documents)


def test_a_changed_paragraph_is_marked_and_no_other(scaffold: Built) -> None:
    texts = Texts.of(scaffold.path("epub").read_bytes())
    n = max(range(len(texts.documents)), key=lambda n: len(texts.documents[n].blocks))
    document = texts.documents[n]
    other = replace(document, hash="other", blocks=("x", *document.blocks[1:]))
    documents = (*texts.documents[:n], other, *texts.documents[n + 1 :])
    found = marked(replace(texts, documents=documents), texts)
    assert [d.changed for d in found if d.changed] == [(0,)]
    again = marked(replace(texts, documents=found), replace(texts, documents=found))
    assert again == found


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_blocks_that_are_not_marked_were_there_before(
    before: list[int], now: list[int]
) -> None:
    old, new = [str(n) for n in before], [str(n) for n in now]
    found = set(changed_blocks(new, old))
    stayed = [block for n, block in enumerate(new) if n not in found]
    rest = iter(old)
    assert all(block in rest for block in stayed)
