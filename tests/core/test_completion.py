from __future__ import annotations

import pytest

from tui.core.completion import CallPiece, Choice


@pytest.mark.parametrize(
    ("choice", "empty"),
    [
        (Choice(), True),
        (Choice(text="", thinking="", finish_reason="stop"), True),
        (Choice(content="x"), False),
        (Choice(content=[{"type": "text", "text": "x"}]), False),
        (Choice(tool_calls=[CallPiece(id="1", name="f")]), False),
    ],
)
def test_a_choice_is_empty_if_nothing_came(choice: Choice, empty: bool) -> None:
    assert choice.is_empty is empty
