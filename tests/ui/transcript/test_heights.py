from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.widgets.transcript.heights import Heights

HEIGHTS = st.lists(st.integers(1, 50), max_size=40)


def check(heights: Heights, model: list[int]) -> None:
    assert heights.total == sum(model)
    assert [heights.before(at) for at in range(len(model) + 1)] == [
        sum(model[:at]) for at in range(len(model) + 1)
    ]
    rows = [(index, line) for index, height in enumerate(model) for line in range(height)]
    assert [heights.find(row) for row in range(sum(model))] == rows
    assert heights.find(sum(model) + 3) == (len(model), 3)


@given(HEIGHTS)
def test_sums_and_searches_are_those_of_a_list(model):
    check(Heights(model), model)


@given(HEIGHTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 99)), max_size=20))
def test_changes_and_additions_keep_them_right(model, changes):
    heights = Heights(model)
    for index, height in changes:
        if index < len(model):
            heights[index] = model[index] = height
        else:
            heights.append(height)
            model.append(height)
    check(heights, model)
