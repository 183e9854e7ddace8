"""The characters that a book needs of its fonts."""

from hypothesis import given
from hypothesis import strategies as st

from memobook.design.fonts import characters_in

TEXTS = st.lists(st.text(st.characters(exclude_categories=()), max_size=30), max_size=4)


@given(TEXTS)
def test_the_characters_of_texts_are_all_of_them_and_no_others(texts):
    assert characters_in(texts) == set("".join(texts))
