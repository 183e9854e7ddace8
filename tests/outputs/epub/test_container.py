"""The zip: fixed order, dates and modes."""

import io
import zipfile
from datetime import date

import pytest

from memobook.outputs.epub.container import LossError, check_zip, pack, unpack

ENTRIES = {
    "EPUB/b.txt": b"b" * 100,
    "EPUB/a.xhtml": b"<p>a</p>",
    "EPUB/content.opf": b"<package/>",
    "META-INF/container.xml": b"<container/>",
    "mimetype": b"application/epub+zip",
}


def infos(day: date) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(io.BytesIO(pack(ENTRIES, day))).infolist()


def test_mimetype_container_and_package_come_first_and_the_rest_sorted():
    assert [info.filename for info in infos(date(2025, 6, 9))] == [
        "mimetype",
        "META-INF/container.xml",
        "EPUB/content.opf",
        "EPUB/a.xhtml",
        "EPUB/b.txt",
    ]


def test_mimetype_can_be_read_at_its_fixed_place():
    # https://www.w3.org/TR/epub-33/#sec-zip-container-mime
    data = pack(ENTRIES, date(2025, 6, 9))
    assert data[30:58] == b"mimetypeapplication/epub+zip"


def test_entries_bear_one_date_and_mode():
    found = {(i.date_time, i.external_attr >> 16) for i in infos(date(2025, 6, 9))}
    assert {((2025, 6, 9, 0, 0, 0), 0o100644)} == found


@pytest.mark.parametrize(("year", "expected"), [(1687, 1980), (2200, 2107)])
def test_a_date_that_a_zip_cannot_say_becomes_the_nearest_year(year, expected):
    assert expected == infos(date(year, 7, 5))[0].date_time[0]


def test_the_order_of_what_is_given_does_not_matter():
    day = date(2025, 6, 9)
    backwards = dict(reversed(ENTRIES.items()))
    assert pack(ENTRIES, day) == pack(backwards, day)


def test_reading_back_gives_what_was_packed():
    assert unpack(pack(ENTRIES, date(2025, 6, 9))) == ENTRIES


@pytest.mark.parametrize(
    ("given", "item"),
    [
        ({"EPUB/b.txt": b"other"}, "EPUB/b.txt"),
        ({"EPUB/c.txt": b""}, "EPUB/c.txt"),
    ],
)
def test_a_difference_names_its_item(given, item):
    with pytest.raises(LossError) as caught:
        check_zip(pack(ENTRIES, date(2025, 6, 9)), given)
    assert item == caught.value.item


def test_an_entry_that_is_no_xml_is_a_loss():
    broken = {**ENTRIES, "EPUB/a.xhtml": b"<p>a"}
    with pytest.raises(LossError, match=r"EPUB/a\.xhtml: is not well-formed"):
        check_zip(pack(broken, date(2025, 6, 9)), {})


def test_what_was_parsed_is_not_parsed_again_only_if_it_was_given():
    broken = {**ENTRIES, "EPUB/a.xhtml": b"<p>a"}
    data = pack(broken, date(2025, 6, 9))
    assert check_zip(data, broken, {"EPUB/a.xhtml"}) == broken
    with pytest.raises(LossError, match=r"EPUB/a\.xhtml: is not well-formed"):
        check_zip(data, {}, {"EPUB/a.xhtml"})


def test_a_doubled_entry_is_a_loss():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "x")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("mimetype", "y")
    with pytest.raises(LossError, match="twice"):
        unpack(out.getvalue())


def test_a_loss_survives_a_process_pool():
    import pickle

    error = pickle.loads(pickle.dumps(LossError("a.xhtml", "is gone")))
    assert str(error) == "a.xhtml: is gone"
