from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.core.text import UNSAFE
from tui.ui.widgets.transcript.wrapping import wrap


def test_lines_break_between_words():
    assert wrap("one two three", 8) == ["one two", "three"]


def test_a_word_that_is_too_long_is_cut():
    assert wrap("a verylongword b", 6) == ["a", "verylo", "ngword", "b"]


def test_line_breaks_stay():
    assert wrap("a\n\nb", 10) == ["a", "", "b"]


def test_wide_characters_count_twice():
    assert wrap("日本語日本語", 6) == ["日本語", "日本語"]


@given(st.text(), st.integers(2, 30))
def test_no_line_is_too_wide_unsafe_or_lost(text, width):
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert not any(UNSAFE.search(line) or "\n" in line or "\t" in line for line in lines)


@given(st.text(st.characters(categories=["L"])), st.integers(2, 30))
def test_every_letter_is_kept(text, width):
    assert "".join(wrap(text, width)) == text
