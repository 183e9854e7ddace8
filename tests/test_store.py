"""The cache: an entry is there and whole, or it is not there."""

import pytest

from memobook.store import Store, key_of


def test_parts_of_a_key_do_not_run_into_each_other():
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of("ab", b"c") == key_of(b"ab", "c")


def test_what_is_kept_is_found(tmp_path):
    store = Store(tmp_path)
    store.keep("sheets", "k", ".sheet", b"data")
    found = store.find("sheets", "k", ".sheet")
    assert found is not None
    assert found.read_bytes() == b"data"


def test_what_was_never_kept_is_not_found(tmp_path):
    assert Store(tmp_path).find("sheets", "k", ".sheet") is None


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "no-digest", "bad-digest"])
def test_a_damaged_entry_is_no_entry(tmp_path, damage):
    store = Store(tmp_path)
    path = store.keep("sheets", "k", ".sheet", b"some data")
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
    assert store.find("sheets", "k", ".sheet") is None


def test_the_folder_is_marked_as_a_cache(tmp_path):
    Store(tmp_path).keep("sheets", "k", ".sheet", b"data")
    tag = (tmp_path / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_nothing_is_left_beside_an_entry(tmp_path):
    Store(tmp_path).keep("sheets", "k", ".sheet", b"data")
    names = sorted(p.name for p in (tmp_path / "sheets").iterdir())
    assert names == ["k.sheet", "k.sheet.sha256"]
