"""Which printed pages changed, and which only moved."""

from dataclasses import replace

import pytest

from memobook.preview.pages import Page, PrintedPages, marked
from tests.harness import Built


def page(label: str, body: str, look: str = "") -> Page:
    return Page(label, look or f"{label} {body}", body, 500, 700)


BOOK = [page("1", "one"), page("2", "two"), page("3", "three")]


def changed(pages: tuple[Page, ...]) -> list[str]:
    return [p.label for p in pages if p.changed]


def test_the_first_build_changes_nothing() -> None:
    assert changed(marked(BOOK, [])) == []


def test_a_page_with_another_text_is_marked() -> None:
    now = [BOOK[0], page("2", "2!"), BOOK[2]]
    assert changed(marked(now, BOOK)) == ["2"]


def test_pages_that_only_moved_are_not_marked() -> None:
    now = [BOOK[0], page("2", "new"), page("3", "two"), page("4", "three")]
    assert changed(marked(now, BOOK)) == ["2"]


def test_a_page_that_went_leaves_no_mark() -> None:
    assert changed(marked([BOOK[0], page("2", "three")], BOOK)) == []


def test_a_page_with_another_picture_is_marked() -> None:
    now = [BOOK[0], replace(BOOK[1], look="other"), BOOK[2]]
    assert changed(marked(now, BOOK)) == ["2"]


def test_a_save_that_changes_nothing_keeps_the_marks() -> None:
    once = marked([BOOK[0], page("2", "2!"), BOOK[2]], BOOK)
    again = [replace(p, changed=False) for p in once]
    assert changed(marked(again, once)) == ["2"]


def test_a_book_is_looked_at_and_drawn(scaffold: Built) -> None:
    data = scaffold.path("pdf").read_bytes()
    first, second = PrintedPages.of(data), PrintedPages.of(data)
    assert [p.look for p in first.pages] == [p.look for p in second.pages]
    assert len({p.look for p in first.pages}) > 5
    assert first.draw(0, 160) == second.draw(0, 160)
    assert first.draw(99, 160) is None
    first.close()
    first.close()
    assert first.draw(0, 160) is None
    second.close()


def test_pictures_are_kept_within_bounds(
    scaffold: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memobook.preview.pages._KEPT", 1)
    pages = PrintedPages.of(scaffold.path("pdf").read_bytes())
    for number in range(4):
        assert pages.draw(number, 160)
    assert len(pages._drawn) == 1
    pages.close()
