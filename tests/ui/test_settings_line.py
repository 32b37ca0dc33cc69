from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.ui.widgets.settings.drawn import wrapped
from tui.ui.widgets.settings.line import LONGEST, Line

TEXT = st.text(st.characters(exclude_characters="\n\r\t", exclude_categories=["Cs", "Cc"]))
KEYS = ["left", "right", "home", "end", "backspace", "delete", "ctrl+left", "ctrl+right", "ctrl+w", "ctrl+u", "ctrl+k"]  # fmt: skip


def typed(*keys: str, text: str = "") -> str:
    line = Line(text)
    for key in keys:
        if not line.take_key(key):
            line.insert(key)
    return f"{line.text[: line.cursor]}|{line.text[line.cursor :]}"


def test_text_goes_in_at_the_cursor() -> None:
    assert typed("a", "c", "left", "b") == "ab|c"


@pytest.mark.parametrize(
    ("key", "after"),
    [
        ("left", "one tw|o"),
        ("home", "|one two"),
        ("ctrl+left", "one |two"),
        ("backspace", "one tw|"),
        ("ctrl+w", "one |"),
        ("ctrl+u", "|"),
        ("right", "one two|"),
    ],
)
def test_keys_move_and_delete(key: str, after: str) -> None:
    assert typed(key, text="one two") == after


def test_deleting_forwards() -> None:
    assert typed("home", "delete", text="abc") == "|bc"
    assert typed("home", "ctrl+right", "ctrl+k", text="one two") == "one|"


def test_a_line_takes_no_more_than_it_can_hold() -> None:
    line = Line("x")
    with pytest.raises(ValueError, match="20,000"):
        line.insert("y" * LONGEST)
    assert line.text == "x"


@given(TEXT, st.lists(st.one_of(st.sampled_from(KEYS), TEXT), max_size=20), st.integers(2, 40))
def test_the_cursor_is_always_within_what_is_shown(text: str, keys: list[str], width: int) -> None:
    line = Line(text)
    for key in keys:
        if not line.take_key(key):
            line.insert(key)
        shown, at = line.window(width)
        assert cell_len(shown) <= width
        assert 0 <= at <= len(shown)
        assert cell_len(shown[:at]) < width
        assert shown in line.text
        assert line.text[line.cursor : line.cursor + 1] == shown[at : at + 1] or at == len(shown)


def test_long_words_and_texts_are_cut() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("x" * 50, 8) == ["xxxxxxx…"]
    assert len(wrapped("word " * 100, 8)) == 5
