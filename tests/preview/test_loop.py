"""The loop builds now and after every save, and nothing ends it but its owner."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memobook.diagnostics import MachineError
from memobook.fresh import Order
from memobook.preview.loop import (
    Began,
    Building,
    Event,
    Failed,
    Finished,
    Printed,
    Working,
    keep_building,
)
from memobook.preview.saves import saves
from memobook.workers import Workers
from tests.harness import make

MEMO = "manuscript/a.md"
TEXT = "---\ntitle: A Memo\n---\n\nSome words.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "book", {MEMO: TEXT}).resolve()


def followed(root: Path, shared: Path, *texts: str) -> list[Event]:
    """Build, write each text and build again; return all that was told."""
    events: list[Event] = []

    async def written() -> AsyncIterator[tuple[str, ...]]:
        for number, text in enumerate(texts, 1):
            while sum(isinstance(e, Finished | Failed) for e in events) < number:
                await asyncio.sleep(0.02)
            (root / MEMO).write_text(text)
            yield (MEMO,)

    with Workers(1) as workers:
        building = Building(Order(root=root, cache=shared / "cache"), workers)
        asyncio.run(keep_building(building, written(), events.append))
    return events


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events if not isinstance(event, Working)]


def test_the_pages_are_told_before_the_epub_is_made(root: Path, shared: Path) -> None:
    events = followed(root, shared)
    assert kinds(events) == [Began, Printed, Finished]
    epub = next(n for n, e in enumerate(events) if e == Working("EPUB"))
    pages = next(n for n, e in enumerate(events) if isinstance(e, Printed))
    assert pages < epub


def test_a_fault_is_told_and_a_mended_text_builds_again(
    root: Path, shared: Path
) -> None:
    events = followed(root, shared, TEXT + "\n[x](gone.md)\n", TEXT + "\nMore.\n")
    told = kinds(events)
    assert told == [Began, Printed, Finished, Began, Failed, Began, Printed, Finished]
    failed = next(e for e in events if isinstance(e, Failed))
    assert [d.code.value for d in failed.diagnostics] == ["link-target-missing"]
    assert [e.paths for e in events if isinstance(e, Began)] == [(), (MEMO,), (MEMO,)]


def test_only_what_changed_is_laid_out(root: Path, shared: Path) -> None:
    events = followed(root, shared, TEXT + "\nOther words.\n", TEXT)
    laid_out = [e.report.laid_out for e in events if isinstance(e, Finished)]
    assert laid_out[1] == 1
    assert laid_out[2] == 0


@pytest.mark.parametrize(
    ("error", "message"),
    [(MachineError("no Pango", "get it"), "no Pango"), (RuntimeError("odd"), "odd")],
)
def test_what_goes_wrong_is_told_and_the_loop_goes_on(
    root: Path,
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    message: str,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("memobook.pipeline.build_each", fails)
    events = followed(root, shared, TEXT)
    assert kinds(events) == [Began, Failed, Began, Failed]
    assert all(message in e.message and e.hint for e in events if isinstance(e, Failed))


def test_a_save_during_the_first_build_is_not_missed(root: Path, shared: Path) -> None:
    events: list[Event] = []

    async def watched() -> None:
        stop = asyncio.Event()

        def told(event: Event) -> None:
            events.append(event)
            if isinstance(event, Printed) and len(kinds(events)) == 2:
                (root / MEMO).write_text(TEXT + "\nMore.\n")
            elif kinds(events).count(Finished) == 2:
                loop.call_soon_threadsafe(stop.set)

        loop = asyncio.get_running_loop()
        await asyncio.wait_for(keep_building(building, saves(root, stop), told), 60)

    with Workers(1) as workers:
        building = Building(Order(root=root, cache=shared / "cache"), workers)
        asyncio.run(watched())
    assert [e.paths for e in events if isinstance(e, Began)] == [(), (MEMO,)]


def test_a_build_that_nobody_waits_for_ends_early(root: Path, shared: Path) -> None:
    events: list[Event] = []
    with Workers(1) as workers:
        building = Building(Order(root=root, cache=shared / "cache"), workers)
        building.stopped = True
        building.build((), events.append)
    assert kinds(events) == [Began, Printed]


# Saves


def noticed(root: Path, *steps: object) -> list[tuple[str, ...]]:
    """Return what was seen after each step."""

    async def watched() -> list[tuple[str, ...]]:
        stop = asyncio.Event()
        seen: list[tuple[str, ...]] = []
        stream = saves(root, stop)
        for step in steps:
            coming = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.4)
            assert callable(step)
            step()
            seen.append(await asyncio.wait_for(coming, 10))
        stop.set()
        assert [each async for each in stream] == []
        return seen

    return asyncio.run(watched())


def test_a_save_is_noticed(root: Path) -> None:
    assert noticed(root, lambda: (root / MEMO).write_text("new")) == [(MEMO,)]


def test_a_file_that_is_moved_into_place_is_noticed(root: Path) -> None:
    def moved() -> None:
        aside = root / "manuscript" / ".a.md.swp"
        aside.write_text("new")
        aside.rename(root / MEMO)

    (seen,) = noticed(root, moved)
    assert MEMO in seen


def test_several_files_at_once_are_one_save(root: Path) -> None:
    def both() -> None:
        (root / MEMO).write_text("new")
        (root / "manuscript/b.md").write_text("new")

    assert noticed(root, both) == [(MEMO, "manuscript/b.md")]


def test_a_folder_of_styles_that_is_made_later_is_watched(root: Path) -> None:
    def make_folder() -> None:
        (root / "styles").mkdir()

    sheet = root / "styles/print.css"
    seen = noticed(root, make_folder, lambda: sheet.write_text("p {}"))
    assert seen == [("styles",), ("styles/print.css",)]


def test_what_a_shelf_shares_is_watched(root: Path) -> None:
    shelf = root.parent / "shelf.toml"
    listed = f"[shelf]\nbooks = ['{root.name}']\n"
    shelf.write_text(f"{listed}styles = 'house'\nlinks = 'links.toml'\n")
    (root.parent / "house").mkdir()
    (root.parent / "other").mkdir()
    sheet, links = root.parent / "house/print.css", root.parent / "links.toml"
    other = root.parent / "other/print.css"
    seen = noticed(
        root,
        lambda: sheet.write_text("p {}"),
        lambda: links.write_text(""),
        lambda: shelf.write_text(f"{listed}styles = 'other'\n"),
        lambda: other.write_text("p {}"),
    )
    names = ("house/print.css", "links.toml", "shelf.toml", "other/print.css")
    assert seen == [(f"../{name}",) for name in names]


def test_outputs_and_swap_files_are_no_saves(root: Path) -> None:
    def around() -> None:
        (root / "build").mkdir()
        (root / "build/a.pdf").write_text("x")
        (root / "manuscript/4913").write_text("x")
        (root / "manuscript/a.md~").write_text("x")
        (root / "manuscript/.a.md.swp").write_text("x")
        (root / "README.md").write_text("x")
        (root / MEMO).write_text("new")

    assert noticed(root, around) == [(MEMO,)]
