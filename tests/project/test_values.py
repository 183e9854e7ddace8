"""The values that a setting may have."""

import langcodes
import pytest

from memobook.project.values import USUAL_TAGS


@pytest.mark.parametrize("tag", sorted(USUAL_TAGS))
def test_a_usual_language_tag_is_one_that_langcodes_knows_as_it_is(tag):
    assert langcodes.tag_is_valid(tag)
    assert langcodes.standardize_tag(tag) == tag
