"""Builds that are ended at random moments, as tests/kills.py does it for longer."""

import pytest

from tests.kills import KILLS, bench, run

GROUPS = 2


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_build_that_is_ended_leaves_nothing_but_whole_outputs(group, tmp_path):
    with bench(tmp_path, group) as made:
        run(made, KILLS // GROUPS)

    assert sum(made.ends.values()) == KILLS // GROUPS
