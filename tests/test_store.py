"""The cache: an entry is there and whole, or it is not there."""

import os
import time
from functools import partial

import pytest

from memobook.store import Store, key_of

K = "0" * 64


def test_parts_of_a_key_do_not_run_into_each_other():
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of("ab", b"c") == key_of(b"ab", "c")


def test_what_is_kept_is_found(tmp_path):
    store = Store(tmp_path)
    store.keep("sheets", K, ".sheet", b"data")
    assert store.load("sheets", K, ".sheet") == b"data"
    path = store.path("sheets", K, ".sheet")
    assert path is not None
    assert path.read_bytes() == b"data"


def test_what_was_never_kept_is_not_found(tmp_path):
    assert Store(tmp_path).load("sheets", K, ".sheet") is None


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "no-digest", "bad-digest"])
def test_a_damaged_entry_is_no_entry(tmp_path, damage):
    store = Store(tmp_path)
    path = store.keep("sheets", K, ".sheet", b"some data")
    digest = path.with_name(path.name + ".sha256")
    if damage == "flip":
        path.write_bytes(b"some dat\x00")
    elif damage == "cut":
        path.write_bytes(b"some")
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "no-digest":
        digest.unlink()
    else:
        digest.write_bytes(b"\xff" * 64)
    assert store.load("sheets", K, ".sheet") is None


def test_the_folder_is_marked_as_a_cache(tmp_path):
    Store(tmp_path).keep("sheets", K, ".sheet", b"data")
    tag = (tmp_path / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_nothing_is_left_beside_an_entry(tmp_path):
    Store(tmp_path).keep("sheets", K, ".sheet", b"data")
    names = sorted(p.name for p in (tmp_path / "sheets").iterdir())
    assert names == [f"{K}.sheet", f"{K}.sheet.sha256"]


def entry(store: Store, key: str, size: int, used: float) -> None:
    path = store.keep("sheets", key * 64, ".sheet", bytes(size))
    os.utime(path, (used, used))


def names(tmp_path) -> list[str]:
    return sorted(p.name for p in (tmp_path / "sheets").iterdir())


def first_letters(tmp_path) -> str:
    return "".join(name[0] for name in names(tmp_path))


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    store = Store(tmp_path)
    for number, key in enumerate("cab"):
        entry(store, key, 100, 1000 + number)
    store.trim(200)
    assert first_letters(tmp_path) == "aabb"


def test_what_is_found_counts_as_used(tmp_path):
    for number, key in enumerate("abc"):
        entry(Store(tmp_path), key, 100, 1000 + number)
    assert Store(tmp_path).load("sheets", "a" * 64, ".sheet")
    Store(tmp_path).trim(200)
    assert first_letters(tmp_path) == "aacc"


def test_what_this_build_uses_stays_though_it_is_too_much(tmp_path):
    store = Store(tmp_path)
    store.keep("sheets", K, ".sheet", bytes(100))
    store.trim(10)
    assert store.load("sheets", K, ".sheet") == bytes(100)


def test_what_a_killed_build_left_is_taken_away(tmp_path):
    store = Store(tmp_path)
    store.keep("sheets", K, ".sheet", b"data")
    for name, age in ((".memobook-old", 7200), (".memobook-new", 10)):
        half = tmp_path / "sheets" / name
        half.write_bytes(b"da")
        os.utime(half, (time.time() - age,) * 2)
    store.trim()
    assert names(tmp_path) == [".memobook-new", f"{K}.sheet", f"{K}.sheet.sha256"]


def test_a_folder_that_cannot_be_written_costs_no_entry(tmp_path):
    (tmp_path / "sheets").write_text("in the way")
    store = Store(tmp_path)
    path = store.keep("sheets", K, ".sheet", b"data")
    assert store.load("sheets", K, ".sheet") == b"data"
    assert store.failure
    del store
    assert not path.exists()


@pytest.mark.parametrize("name", [f"{K}.sheet", f"{K}.sheet.sha256"])
def test_a_folder_in_the_place_of_an_entry_gives_way(tmp_path, name):
    (tmp_path / "sheets" / name / "more").mkdir(parents=True)
    store = Store(tmp_path)
    assert store.load("sheets", K, ".sheet") is None
    store.keep("sheets", K, ".sheet", b"data")
    assert Store(tmp_path).load("sheets", K, ".sheet") == b"data"


def test_a_cleared_store_leaves_no_folder(tmp_path):
    store = Store(tmp_path / "cache")
    store.keep("sheets", K, ".sheet", b"data")
    store.clear()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("remove", [Store.clear, partial(Store.trim, limit=0)])
def test_what_is_not_the_store_s_own_stays(tmp_path, remove):
    (tmp_path / "letters").mkdir()
    letter = tmp_path / "letters" / "one.txt"
    letter.write_text("Dear Ann")
    os.utime(letter, (1000, 1000))
    entry(Store(tmp_path), "a", 100, 1000)
    remove(Store(tmp_path))
    assert not list((tmp_path / "sheets").glob("*.sheet"))
    assert letter.exists()


def test_what_another_build_may_be_reading_stays(tmp_path):
    entry(Store(tmp_path), "a", 100, time.time() - 60)
    entry(Store(tmp_path), "b", 100, time.time() - 3600)
    Store(tmp_path).trim(limit=0)
    assert first_letters(tmp_path) == "aa"
