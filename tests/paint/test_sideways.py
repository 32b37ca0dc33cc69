"""Code that is not wrapped: what is seen of it, shifted or not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paint.test_rendering import Cuts, streamed
from tests.paint.texts import CORPUS, EXAMPLES, cuts, markdown, rows, whole, widths
from tui.core.text import UNSAFE
from tui.paint.rendering import Rendering
from tui.paint.sideways import WIDEST

LONG = "```py\nshort\n0123456789abcdefghijklmnopqrstuvwxyz\n```"


def sideways(source: str, width: int, shift: int = 0) -> Rendering:
    rendering = whole(source, width, wrap_code=False)
    rendering.shift = shift
    return rendering


def seen(source: str, width: int, shift: int = 0) -> list[str]:
    rendering = sideways(source, width, shift)
    return [rendering.line(index).text for index in range(len(rendering))]


@settings(max_examples=EXAMPLES)
@given(markdown, widths, cuts, st.integers(0, 100))
def test_the_lines_do_not_depend_on_how_the_text_was_cut(
    source: str, width: int, pieces: Cuts, shift: int
) -> None:
    in_pieces = streamed(source, width, pieces, wrap_code=False)
    in_pieces.shift = shift
    assert rows(in_pieces) == rows(sideways(source, width, shift))


@settings(max_examples=EXAMPLES)
@given(markdown, widths, st.integers(0, 100))
def test_no_line_is_too_wide_and_no_character_unsafe(source: str, width: int, shift: int) -> None:
    rendering = sideways(source, width, shift)
    for index in range(len(rendering)):
        strip = rendering.line(index)
        assert strip.cell_length <= width
        assert sum(segment.cell_length for segment in strip) == strip.cell_length
        assert not UNSAFE.search(strip.text)
        assert not set("\n\t") & set(strip.text)


@pytest.mark.parametrize("source", CORPUS)
def test_only_code_is_another_when_it_is_not_wrapped(source: str) -> None:
    if not whole(source).code_blocks():
        assert rows(sideways(source, 40)) == rows(whole(source, 40))
    assert rows(sideways(source, 300)) == rows(whole(source, 300))


def test_a_long_line_is_cut_at_the_edge_with_a_mark() -> None:
    assert seen(LONG, 20) == [
        " py                 ",
        " short              ",
        " 0123456789abcdefgh›",
    ]


def test_shifted_code_has_marks_on_both_sides() -> None:
    assert seen(LONG, 20, 8) == [
        " py                 ",
        "‹                   ",
        "‹89abcdefghijklmnop›",
    ]


def test_code_is_not_shifted_past_its_end() -> None:
    assert seen(LONG, 20, 1000)[2] == "‹ijklmnopqrstuvwxyz "
    assert sideways(LONG, 20).hidden == 18


def test_code_that_fits_stays_where_it_is() -> None:
    source = f"{LONG}\n\ntext\n\n    fits"
    assert seen(source, 20, 5)[-3:] == ["text", "", " fits               "]


def test_what_stands_left_of_the_code_stays() -> None:
    source = "> 1. ```\n>    0123456789abcdefghijklmnopqrstuvwxyz\n>    and\n>    ```"
    assert seen(source, 20, 8) == ["▎ 1. ‹89abcdefghijk›", "▎    ‹              "]


def test_wide_characters_are_not_cut_in_half() -> None:
    assert seen("```\n日本語日本語日本語\n```", 12) == [" 日本語日本›"]
    assert seen("```\n日本語日本語日本語\n```", 12, 1) == ["‹ 本語日本 ›"]


def test_text_is_wrapped_all_the_same() -> None:
    source = "some words that wrap\n\n| a | b |\n|---|---|\n| some words | more words |"
    assert rows(sideways(source, 12)) == rows(whole(source, 12))


def test_a_huge_line_goes_on_in_rows_that_are_not_too_long() -> None:
    rendering = sideways("```\n" + "x" * 100_000 + "\n```", 80)
    assert len(rendering) == -(-100_000 // WIDEST)
    assert rendering.hidden == WIDEST - 78


def test_a_whole_line_can_be_had() -> None:
    assert sideways(LONG, 20).whole_line(2).text == " 0123456789abcdefghijklmnopqrstuvwxyz"


def test_a_narrow_screen_wraps_code_in_any_case() -> None:
    assert rows(sideways(LONG, 8)) == rows(whole(LONG, 8))
