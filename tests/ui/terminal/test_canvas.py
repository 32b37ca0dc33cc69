from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from tests.ui.terminal.emulator import Emulator, differences
from tests.ui.terminal.screens import WHOLE, layout, patches, screens, scrolled
from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.traits import Traits

CONSOLE = Console(color_system="truecolor", force_terminal=True)


class Both:
    """One screen as Textual writes it and as the canvas does, each on a terminal of its own."""

    def __init__(self, width: int, height: int, erases_in_color: bool = True) -> None:
        self.canvas = Canvas(
            ColorSystem.TRUECOLOR, Traits(erases_in_color=erases_in_color, synchronised=True)
        )
        self.plain = Emulator(width, height, erases_in_color=erases_in_color)
        self.layered = Emulator(width, height, erases_in_color=erases_in_color)

    def show(self, update: LayoutUpdate | ChopsUpdate, cursor: tuple[int, int] = (0, 0)) -> str:
        # Textual writes a line feed after every line, also where none of its chops has moved the
        # cursor: away from the last line that is harmless.
        self.plain.feed("\x1b[H" + update.render_segments(CONSOLE))
        if isinstance(update, LayoutUpdate):
            self.canvas.draw(update)
        else:
            assert self.canvas.patch(update)
        text = self.canvas.difference(cursor)
        self.layered.feed(text)
        return text

    def assert_same(self) -> None:
        assert differences(self.layered.rows(), self.plain.rows()) == []
        assert self.layered.at_rest


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(20, 200), st.integers(1, 6), st.booleans())
def test_whole_screens_one_after_another_look_as_textual_shows_them(
    data, width, height, erases_in_color
):
    both = Both(width, height, erases_in_color)
    for rows in data.draw(st.lists(screens(width, height, WHOLE), min_size=1, max_size=3)):
        both.show(layout(rows))
        both.assert_same()


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(20, 80), st.integers(1, 4), st.booleans())
def test_parts_of_lines_look_as_textual_shows_them(data, width, height, erases_in_color):
    both = Both(width, height, erases_in_color)
    both.show(layout(data.draw(screens(width, height))))
    for update in data.draw(st.lists(patches(width, height), min_size=1, max_size=4)):
        cursor = data.draw(st.tuples(st.integers(0, width - 1), st.integers(0, height - 1)))
        both.show(update, cursor)
        both.assert_same()
        assert both.layered.cursor == cursor


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(20, 60), st.integers(4, 8), st.booleans())
def test_moved_rows_look_as_textual_shows_them(data, width, height, erases_in_color):
    both = Both(width, height, erases_in_color)
    rows = data.draw(screens(width, height))
    both.show(layout(rows))
    for _ in range(3):
        by = data.draw(st.integers(1 - height, height - 1))
        left, right = sorted(data.draw(st.tuples(*[st.integers(0, width)] * 2)))
        rows = scrolled(rows, by, left, right, data.draw(screens(width, abs(by))))
        both.show(layout(rows))
        both.assert_same()


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(20, 60), st.integers(1, 4))
def test_a_terminal_that_lost_its_screen_gets_the_whole_of_it(data, width, height):
    both = Both(width, height)
    rows = data.draw(screens(width, height))
    both.show(layout(rows))
    both.layered.scribble()
    both.canvas.forget()
    both.show(layout(rows))
    both.assert_same()


def test_a_new_size_is_written_whole():
    both = Both(30, 4)
    both.show(layout([Strip([Segment("x" * 30)])] * 4))
    for terminal in (both.plain, both.layered):
        terminal.resize(24, 6)
    both.show(layout([Strip([Segment("y" * 24)])] * 6))
    both.assert_same()


def test_the_same_screen_again_writes_nothing():
    both = Both(30, 4)
    rows = [Strip([Segment("x" * 30, Style.parse("red"))])] * 4
    both.show(layout(rows))
    assert both.show(layout([Strip(list(row)) for row in rows])) == ""


def test_one_changed_word_writes_little_more_than_the_word():
    both = Both(80, 3)
    style = Style.parse("white on #101010")
    both.show(layout([Strip([Segment("a" * 80, style)])] * 3))
    changed = Strip([Segment("a" * 40 + "hello" + "a" * 35, style)])
    text = both.show(layout([Strip([Segment("a" * 80, style)]), changed, changed]))
    assert text.count("hello") == 2
    assert text.count("a") == 0
    assert len(text) < 90


def test_no_control_character_of_a_widget_reaches_the_terminal():
    both = Both(40, 1)
    hostile = "a\x1b]0;owned\x07b\x9bc\x00\n\t\r\x7f\u202ed\ud800"
    both.canvas.draw(layout([Strip([Segment(hostile + " " * 40)], 40)]))
    text = both.canvas.difference((1, 0))
    assert text.encode()
    assert "]0;owned" in text
    assert not set(re.sub(r"\x1b\[[\d;]*[GHKm]", "", text)) & set(
        "\x1b\x07\x9b\x00\n\t\r\x7f\u202e"
    )


def test_an_escape_in_the_target_of_a_link_is_left_out():
    both = Both(20, 1)
    link = Style(link="https://x\x1b\\\x1b]0;owned\x07")
    text = both.show(layout([Strip([Segment("x" * 20, link)])]))
    assert "owned" not in text


def test_control_segments_are_not_written():
    both = Both(20, 1)
    both.canvas.draw(layout([Strip([Segment("x" * 20), Segment("\x1b[2J", None, [])], 20)]))
    assert "2J" not in both.canvas.difference((0, 0))


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(20, 60), st.integers(2, 8))
def test_a_difference_in_parts_ends_in_the_wanted_screen(data, width, height):
    both = Both(width, height)
    both.show(layout(data.draw(screens(width, height))))
    last = layout(data.draw(screens(width, height)))
    both.plain.feed(last.render_segments(CONSOLE))
    both.canvas.draw(last)
    for _ in range(height + 1):
        both.layered.feed(both.canvas.difference((0, height - 1), limit=1))
        assert both.layered.at_rest
    assert not both.canvas.is_behind
    both.assert_same()


def test_of_a_large_difference_the_rows_next_to_the_cursor_come_first():
    both = Both(30, 9)
    both.canvas.draw(layout([Strip([Segment(str(n) * 30)]) for n in range(9)]))
    both.layered.feed(both.canvas.difference((3, 6), limit=60))
    assert [row[0] for row in both.layered.text()] == list("     56  ")
    assert both.canvas.is_behind


def test_a_mark_at_the_start_of_a_part_is_added_once():
    both = Both(20, 1)
    both.show(layout([Strip([Segment("e" * 20)])]))
    for _ in range(3):
        part = Strip([Segment("\u0301bc")], 2)
        both.canvas.patch(ChopsUpdate([{0: None, 5: part}], [(0, 5, 7)], [[5, 7]]))
    both.layered.feed(both.canvas.difference((0, 0)))
    assert both.layered.rows()[0][4].glyph == "e\u0301"


def test_a_part_drawn_over_is_drawn_again():
    both = Both(20, 1)
    part, over = Strip([Segment("x" * 10)], 10), Strip([Segment("y" * 4)], 4)
    both.show(layout([Strip([Segment("e" * 20)])]))
    both.show(ChopsUpdate([{5: part}], [(0, 5, 15)], [[15]]))
    both.show(ChopsUpdate([{7: over}], [(0, 7, 11)], [[11]]))
    both.assert_same()
    both.show(ChopsUpdate([{5: part}], [(0, 5, 15)], [[15]]))
    both.assert_same()
    assert both.layered.text() == ["eeeee" + "x" * 10 + "eeeee"]
