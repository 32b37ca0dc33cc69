from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.core.text import UNSAFE
from tui.ui.terminal.cells import glyphs, leading_marks, risky


@given(st.text())
def test_no_unsafe_character_becomes_part_of_a_cell(text):
    joined = "".join(glyphs(text))
    assert not UNSAFE.search(joined)
    assert "\n" not in joined
    assert "\t" not in joined


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cf", "Cn", "Mn", "Mc", "Me"])))
def test_a_text_fills_as_many_cells_as_textual_reckons(text):
    assert len(glyphs(text)) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "abc"),
        ("日本", ("日", "", "本", "")),
        ("e\u0301x", ("e\u0301", "x")),
        ("👩\u200d🚀", ("👩\u200d🚀", "")),
        ("❤\ufe0f!", ("❤\ufe0f", "", "!")),
        ("a\x1b[31m", ("a", "[", "3", "1", "m")),
        ("\u0301a", ("a",)),
    ],
)
def test_cells_of(text, expected):
    assert tuple(glyphs(text)) == tuple(expected)


@pytest.mark.parametrize("glyph", ["a", "é", "e\u0301", "日", "█", "─", "😀", "…", "ש", ""])
def test_terminals_agree_on(glyph):
    assert not risky(glyph)


@pytest.mark.parametrize(
    "glyph", ["👩\u200d🚀", "❤\ufe0f", "🇫🇷", "👍🏽", "1\ufe0f\u20e3", "ष\u093f", "\U0001fae0"]
)
def test_terminals_disagree_on(glyph):
    assert risky(glyph)


def test_marks_at_the_start_belong_to_what_stands_before():
    assert leading_marks("\u0301\u0302a\u0303") == "\u0301\u0302"
    assert leading_marks("abc") == ""


def test_a_pile_of_marks_is_bounded():
    (glyph,) = tuple(glyphs("e" + "\u0301" * 1000))
    assert len(glyph) <= 32
