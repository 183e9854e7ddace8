"""What is said of a work that took too much."""

import pytest

from memobook.bounds import Bound, ExceededError, Limit
from memobook.diagnostics import Span
from memobook.exceeded import exceeded


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "more than 1 second of"),
        (1.02, "more than 1 second of"),
        (1.53, "more than 1.5 seconds of"),
        (2, "more than 2 seconds of"),
        (60.4, "more than 60 seconds of"),
    ],
)
def test_a_time_is_told_in_whole_words(seconds, said):
    bound = Bound(seconds=seconds, more_seconds="memo_seconds = 2")
    found = exceeded(ExceededError(Limit.TIME), Span("a.md"), "the reading", bound)
    assert said in found.message
