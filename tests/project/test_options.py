"""The options of a block are what pymdownx would read of them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from memobook.project.yamlblock import quick_options

LINES = st.lists(
    st.text("ab:- {}[]'\"#,&*!|>0159.ntrue~é", max_size=12), min_size=1, max_size=4
)


def slow(text):
    """Read options as pymdownx does: by PyYAML alone, and None for what is none."""
    try:
        found = yaml.safe_load(text)
    except Exception:
        return None
    found = {} if found is None else found
    return found if isinstance(found, dict) else None


@given(LINES.map("\n".join))
def test_quick_options_are_those_of_pymdownx(text):
    assert repr(quick_options(slow)(text)) == repr(slow(text))


@pytest.mark.parametrize("text", ["attrs: {id: fig-a, class: wide}", "open: true"])
def test_what_libyaml_takes_is_read_once(text):
    def never(text):
        raise AssertionError(text)

    assert quick_options(never)(text) == slow(text)
