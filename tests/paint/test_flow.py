from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tui.paint.flow import Cutter, Flow, cut, row_text, row_width, untabbed, wrap

BOLD, NONE = Style(bold=True), Style()
odd_text = st.text(
    st.sampled_from(
        [
            *"ab ,.1#\n",
            "日",
            "。",
            "，",
            "ア",
            "가",
            "é",
            "\u0301",
            "\u200d",
            "\ufe0f",
            "👨",
            "👩",
            "🏽",
            "🇫",
            "❤",
            "\u00a0",
        ]
    ),
    max_size=60,
)
line_text = odd_text.map(lambda text: text.replace("\n", ""))
spans = st.lists(st.tuples(odd_text.filter(bool), st.sampled_from([BOLD, NONE])), max_size=8)


def wrapped(text: str, width: int) -> list[str]:
    return [row_text(row) for row in wrap([(text, NONE)], width)]


def test_words_go_to_the_next_row_whole() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]


def test_a_word_that_is_too_long_is_cut() -> None:
    assert wrapped("ab abcdefghij kl", 4) == ["ab", "abcd", "efgh", "ij", "kl"]


def test_a_newline_begins_a_row() -> None:
    assert wrapped("a\n\nb", 9) == ["a", "", "b"]


def test_a_word_may_have_several_styles() -> None:
    rows = wrap([("aa b", NONE), ("cd", BOLD), ("e f", NONE)], 5)
    assert [row_text(row) for row in rows] == ["aa", "bcde", "f"]
    assert [segment.text for segment in rows[1]] == ["b", "cd", "e"]


def test_lines_break_between_east_asian_characters() -> None:
    assert wrapped("日本語", 5) == ["日本", "語"]


def test_closing_punctuation_does_not_begin_a_row() -> None:
    assert wrapped("日本。", 5) == ["日", "本。"]


def test_a_no_break_space_holds_words_together() -> None:
    assert wrapped("a b\u00a0c", 4) == ["a", "b\u00a0c"]


def test_joined_characters_are_not_cut_apart() -> None:
    family = "👨\u200d👩\u200d👧"
    assert wrapped(family * 3, 4) == [family * 2, family]
    assert wrapped("e\u0301" * 5, 2) == ["e\u0301" * 2, "e\u0301" * 2, "e\u0301"]


def test_tabs_go_to_the_next_fourth_column() -> None:
    assert untabbed("a\tb", 0) == ("a   b", 5)
    assert untabbed("\tb", 3) == (" b", 5)


def test_stray_joiners_make_no_row_too_wide() -> None:
    for text in ("\u200d\u200d111", "1\u0301\ufe0f1", "\ufe0f\u200d12345"):
        rows = wrap([(text, Style())], 2)
        assert all(row_width(row) <= 2 for row in rows), text
        assert "".join(row_text(row) for row in rows) == text


@settings(max_examples=400)
@given(spans, st.integers(2, 20))
def test_rows_hold_all_that_is_no_space_and_are_not_too_wide(
    given_spans: list[tuple[str, Style]], width: int
) -> None:
    rows = wrap(given_spans, width)
    assert all(row_width(row) <= width for row in rows)
    assert all(sum(cell_len(s.text) for s in row) == row_width(row) for row in rows)
    text = "".join(text for text, _ in given_spans)
    kept = "".join(row_text(row) for row in rows)
    assert kept.replace(" ", "") == text.replace(" ", "").replace("\n", "")


@settings(max_examples=300)
@given(spans, spans, st.integers(2, 20))
def test_a_copy_goes_on_where_the_flow_was(
    first: list[tuple[str, Style]], second: list[tuple[str, Style]], width: int
) -> None:
    flow = Flow(width)
    flow.add(first)
    rows = flow.drain()
    copy = flow.copy()
    copy.add([("something else", BOLD)])
    copy.finish()
    flow.add(second)
    assert rows + flow.finish() == wrap([*first, *second], width)


@given(line_text, st.integers(2, 9), st.integers(2, 9))
def test_cutting_loses_nothing(text: str, room: int, width: int) -> None:
    parts = cut(text, room, width)
    assert "".join(parts) == text
    assert cell_len(parts[0]) <= room
    assert all(cell_len(part) <= width for part in parts[1:])


@given(st.lists(line_text, max_size=8), st.integers(2, 9))
def test_a_long_line_is_cut_the_same_in_pieces(pieces: list[str], width: int) -> None:
    cutter = Cutter(width)
    parts = [part for piece in pieces for part in cutter.add(piece)]
    assert [*parts, cutter.rest] == cut("".join(pieces), width, width)
