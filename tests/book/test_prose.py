"""Prose, and what of it stands apart."""

from memobook.book.prose import parted, prose


def test_a_block_below_a_quotation_or_a_list_is_no_part_of_it():
    text = "> /// a\n> ///\n- /// b\n/// c\n\n```\n> x\n/// y\n```"

    made = parted(text, prose(text))

    assert made == text.replace("- /// b\n", "- /// b\n\n")


def test_a_block_below_a_line_that_goes_on_with_a_quotation_is_no_part_of_it():
    text = ">///caption\n>///\nn\n///table-caption"

    assert parted(text, prose(text)) == text.replace("n\n///", "n\n\n///")


def test_an_address_in_angles_is_no_prose_and_a_tag_that_begins_a_note_is():
    found = prose("[ref]: <https://example.org/a_b>\n\n[^a]: <b>bold</b>")
    assert found == [f"[ref]: {' ' * 25}", "", "[^a]: <b>bold</b>"]
