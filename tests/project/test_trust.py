"""Who is believed: what the user said, and nothing in a stranger's folder."""

from pathlib import Path

import pytest

from memobook.fresh import store_of
from memobook.project.files import Files
from memobook.project.limits_schema import LimitsTable, bounded
from memobook.project.trust import (
    TRUSTED,
    UNTRUSTED,
    apart,
    distrust,
    is_trusted,
    trust,
    trusted_file,
    trusted_folders,
)


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a user who trusts nobody."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_a_folder_is_trusted_with_all_below_it_and_nothing_beside(own):
    (own / "shelf/a").mkdir(parents=True)
    (own / "shelf-2").mkdir()
    assert trust(own / "shelf") is True
    assert trust(own / "shelf") is False
    assert is_trusted(own / "shelf")
    assert is_trusted(own / "shelf/a")
    assert not is_trusted(own / "shelf-2")
    assert not is_trusted(own)


def test_what_is_trusted_no_more_is_not(own):
    trust(own)
    assert distrust(own / "elsewhere") is False
    assert distrust(own) is True
    assert trusted_folders() == ()


def test_a_link_is_trusted_for_what_it_leads_to(own):
    (own / "real").mkdir()
    (own / "name").symlink_to(own / "real")
    trust(own / "name")
    assert trusted_folders() == ((own / "real").resolve(),)
    # What a stranger links into a trusted folder is not there.
    (own / "strange").mkdir()
    (own / "real/in").symlink_to(own / "strange")
    assert not is_trusted(own / "real/in")


def test_lines_that_are_no_whole_path_trust_nothing(own):
    trusted_file().parent.mkdir(parents=True)
    trusted_file().write_text("\n.\nbooks\n*\n# all\n")
    assert trusted_folders() == ()
    assert not is_trusted(Path.cwd())


def test_a_name_with_a_lines_end_is_refused(own):
    (own / "a\n").mkdir()
    with pytest.raises(ValueError, match="line's end"):
        trust(own / "a\n")


def test_a_relative_folder_of_settings_is_not_taken(own, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", "settings")
    monkeypatch.setenv("HOME", str(own))
    assert trusted_file() == own / ".config/memobook/trusted"


def test_a_stranger_may_only_lower_limits():
    asked = LimitsTable(file_mb=1, total_mb=1_000_000)
    assert bounded(asked, TRUSTED) == asked
    held = bounded(asked, UNTRUSTED)
    assert held == LimitsTable(file_mb=1)


def test_the_cache_that_a_stranger_brings_is_not_used(own):
    root = own / "book"
    assert store_of(root, None, TRUSTED).folder == root / "build/.cache"
    found = store_of(root, None, UNTRUSTED).folder
    assert found == apart(root / "build/.cache")
    assert found.is_relative_to(own / "cache")
    assert store_of(own / "other", None, UNTRUSTED).folder != found
    # Nor does it share a named one with those that are believed.
    folders = [store_of(root, own / "all", t).folder for t in (TRUSTED, UNTRUSTED)]
    assert folders == [own / "all", own / "all/untrusted"]


@pytest.mark.parametrize("place", ["/etc", "../outside", "styles"])
def test_a_strangers_shelf_shares_nothing_from_outside(own, place):
    shelf = own / "shelf"
    for folder in (shelf / "a", shelf / "styles", own / "outside"):
        folder.mkdir(parents=True)
    lines = f'[shelf]\nbooks = ["*"]\nstyles = "{place}"\ncache = "{place}"\n'
    (shelf / "shelf.toml").write_text(lines)
    root = (shelf / "a").resolve()
    assert Files(root).shared
    shared = Files(root, trust=UNTRUSTED).shared
    assert list(shared.values()) == ([shelf / "styles"] if place == "styles" else [])
