from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paint.texts import COLOURS, rows, shown, texts, whole
from tui.paint.rendering import Rendering
from tui.paint.table import alignments, split_row

HEAD = "|a|b|\n|-|-|\n"


def test_columns_are_as_wide_as_their_cells() -> None:
    assert shown("| name | n |\n|---|--:|\n| x | 1 |\n| yy | 100 |") == [
        " name │   n",
        "━━━━━━┿━━━━━",
        " x    │   1",
        " yy   │ 100",
    ]


def test_cells_are_aligned() -> None:
    assert shown("|left|mid|right|\n|:--|:-:|--:|\n|a|b|c|")[2] == " a    │  b  │     c"


def test_cells_wrap_where_the_screen_is_narrow() -> None:
    assert shown("|a|b|\n|-|-|\n|one two three|x|\n|four|y|", 14) == [
        " a        │ b",
        "━━━━━━━━━━┿━━━",
        " one two  │ x",
        " three    │",
        "──────────┼───",
        " four     │ y",
    ]


def test_words_are_not_broken_while_another_column_can_give_room() -> None:
    text = "".join(shown("|a|b|\n|-|-|\n|unbreakable|many little words that can go elsewhere|", 30))
    assert "unbreakable" in text


def test_inline_markdown_works_in_cells() -> None:
    assert shown(HEAD + "| **x** | `p\\|q` |")[2] == " x │ p|q"


def test_missing_cells_are_empty_and_surplus_ones_are_kept() -> None:
    assert shown(HEAD + "|1|\n|1|2|3|") == [" a │ b", "━━━┿━━━━━━━", " 1 │", " 1 │ 2 | 3"]


def test_a_row_is_shown_when_it_is_complete() -> None:
    rendering = Rendering(COLOURS, 40, HEAD + "|1|")
    rendering.lay_out()
    assert texts(rendering) == [" a │ b", "━━━┿━━━"]
    rendering.append("2|\n")
    assert rendering.lay_out() == 2
    assert texts(rendering)[2:] == [" 1 │ 2"]


def test_too_many_columns_become_a_list_of_cells() -> None:
    source = "|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|"
    assert shown(source, 12) == ["a · b · c ·", "d", "─" * 12, "a: 1", "b: 2", "c: 3", "d: 4"]


def test_many_narrow_columns_are_a_table_all_the_same() -> None:
    source = "|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|"
    assert shown(source, 20) == [" a │ b │ c │ d", "━━━┿━━━┿━━━┿━━━", " 1 │ 2 │ 3 │ 4"]


def test_wide_characters_keep_the_columns_straight() -> None:
    rendering = whole("|日本|b|\n|-|-|\n|x|1️⃣|\n|e\u0301|👨‍👩‍👧|")
    widths = {rendering.line(index).cell_length for index in (0, 2, 3)}
    assert widths == {10}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), min_size=1, max_size=60))
def test_rows_that_come_one_by_one_make_the_same_table(sizes: list[tuple[int, int]]) -> None:
    body = [f"|{'x' * one}|{'y ' * other}|\n" for one, other in sizes]
    rendering = Rendering(COLOURS, 60, HEAD)
    for row in body:
        rendering.append(row)
        rendering.lay_out()
    rendering.finish()
    rendering.lay_out()
    assert rows(rendering) == rows(whole(HEAD + "".join(body), 60))


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("|a|b|", ["a", "b"]),
        ("a | b", ["a", "b"]),
        (r"|a\|b|c|", ["a|b", "c"]),
        ("| |", [""]),
        ("|a||", ["a", ""]),
        ("", []),
        (r"|a\\|b|", [r"a\\", "b"]),
    ],
)
def test_rows_are_split_at_bars(line: str, cells: list[str]) -> None:
    assert split_row(line) == cells


@pytest.mark.parametrize("line", ["| a |", "---", "- - -", "|", "-", "| |", "|-|x|", "||"])
def test_most_lines_align_nothing(line: str) -> None:
    assert alignments(line) in ([], ["left"])
    assert alignments("|:-|-:|:-:|-|") == ["left", "right", "center", "left"]
