"""Whatever the pieces that a text comes in, the lines are those of the whole text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paint.texts import (
    COLOURS,
    CORPUS,
    EXAMPLES,
    WIDTHS,
    cuts,
    markdown,
    rows,
    shown,
    texts,
    whole,
    widths,
)
from tui.core.text import UNSAFE
from tui.paint.rendering import Rendering

Cuts = list[tuple[int, bool]]


def streamed(source: str, width: int, pieces: Cuts, *, wrap_code: bool = True) -> Rendering:
    rendering = Rendering(COLOURS, width, wrap_code=wrap_code)
    at = 0
    seen = rows(rendering)
    for length, is_laid_out in itertools.cycle(pieces):
        if at >= len(source):
            break
        rendering.append(source[at : at + length])
        at += length
        if is_laid_out:
            first = rendering.lay_out()
            now = rows(rendering)
            assert now[:first] == seen[:first]
            assert first < len(now) or now == seen or not now
            seen = now
    rendering.finish()
    first = rendering.lay_out()
    assert rows(rendering)[:first] == seen[:first]
    return rendering


@settings(max_examples=EXAMPLES)
@given(markdown, widths, cuts)
def test_the_lines_do_not_depend_on_how_the_text_was_cut(
    source: str, width: int, pieces: Cuts
) -> None:
    assert rows(streamed(source, width, pieces)) == rows(whole(source, width))


@pytest.mark.parametrize("source", CORPUS)
def test_the_corpus_comes_out_the_same_character_by_character(source: str) -> None:
    for width in WIDTHS:
        assert rows(streamed(source, width, [(1, True)])) == rows(whole(source, width))


@settings(max_examples=EXAMPLES)
@given(markdown, widths)
def test_no_line_is_too_wide_and_no_character_unsafe(source: str, width: int) -> None:
    rendering = whole(source, width)
    for index in range(len(rendering)):
        strip = rendering.line(index)
        assert strip.cell_length <= width
        assert sum(segment.cell_length for segment in strip) == strip.cell_length
        assert not UNSAFE.search(strip.text)
        assert "\n" not in strip.text
        assert "\t" not in strip.text


@settings(max_examples=EXAMPLES)
@given(markdown, widths, st.integers(1, 50))
def test_a_limit_only_spreads_the_work(source: str, width: int, limit: int) -> None:
    rendering = Rendering(COLOURS, width, source)
    rendering.finish()
    while rendering.is_behind:
        rendering.lay_out(limit)
    assert rows(rendering) == rows(whole(source, width))


@settings(max_examples=EXAMPLES)
@given(markdown)
def test_there_is_no_blank_line_at_the_start_or_the_end(source: str) -> None:
    rendering = whole(source)
    if len(rendering) > 1:
        assert len(rendering.line(0)) > 0
        assert len(rendering.line(len(rendering) - 1)) > 0


def test_nothing_changes_without_more_text() -> None:
    rendering = whole("- a\n- b\n\ntext")
    assert rendering.lay_out() == len(rendering)


def test_the_source_is_kept_as_it_came() -> None:
    rendering = Rendering(COLOURS, 40, "a\r\n\x1b")
    rendering.append("\ud800b")
    assert rendering.source == "a\r\n\x1b\ud800b"


def test_only_the_last_line_of_a_long_text_changes() -> None:
    rendering = Rendering(COLOURS, 40, "# one\n\n- two\n- three\n\nlast")
    rendering.lay_out()
    rendering.append(" line")
    assert rendering.lay_out() == len(rendering) - 1


def test_the_beginning_of_a_line_waits_until_it_says_what_it_is() -> None:
    rendering = Rendering(COLOURS, 40, "text\n\n-")
    rendering.lay_out()
    assert texts(rendering) == ["text"]
    rendering.append(" item")
    rendering.lay_out()
    assert texts(rendering) == ["text", "", "• item"]


def test_what_waits_is_shown_when_the_text_ends() -> None:
    assert shown("The answer:\n\n42") == ["The answer:", "", "42"]


def test_a_definition_that_comes_late_reaches_the_links_before_it() -> None:
    rendering = Rendering(COLOURS, 60, "See [it].\n\nMore\n\n")
    rendering.lay_out()
    assert texts(rendering)[0] == "See [it]."
    rendering.append("[it]: http://x.test\n\nEnd")
    assert rendering.lay_out() == 0
    assert texts(rendering)[0] == "See it (http://x.test)."


def test_a_definition_leaves_other_blocks_alone() -> None:
    rendering = Rendering(COLOURS, 60, "# Title\n\n[other] text\n\nMore\n\n")
    rendering.lay_out()
    rendering.append("[it]: http://x.test\n\nEnd")
    assert rendering.lay_out() == 5


def test_a_line_end_may_be_cut_in_two() -> None:
    rendering = Rendering(COLOURS, 60, "a\r")
    rendering.lay_out()
    rendering.append("\nb")
    rendering.finish()
    rendering.lay_out()
    assert texts(rendering) == ["a b"]


def test_code_can_be_had_for_copying() -> None:
    source = "```py\nx = 1\n\ty\n```\n\n- a\n  ```\n  two\n  ```\n\ntext\n\n\tthree\n\n    \tfour\n"
    assert whole(source).code_blocks() == ["x = 1\n\ty", "two", "three\n\n\tfour"]


def test_breaks_keep_the_lines_that_a_user_typed() -> None:
    assert texts(whole("one\ntwo", breaks=True)) == ["one", "two"]
    assert texts(whole("one\ntwo")) == ["one two"]


def test_landmarks_tell_where_to_go() -> None:
    source = "# One\n\ntext\n\n```py\nx\n```\n\n| a | b |\n|---|---|\n| `1` | 2 |\n\n## Two"
    rendering = whole(source)
    found = rendering.landmarks()
    assert [(mark.kind, mark.text) for mark in found] == [
        ("heading", "One"),
        ("code", "x"),
        ("table", "a\tb\n1\t2"),
        ("heading", "Two"),
    ]
    assert [texts(rendering)[mark.line].strip() for mark in found] == ["One", "py", "a │ b", "Two"]


def test_what_is_closed_can_still_be_copied_and_found() -> None:
    source = "# One\n\n```\nx\n```\n\n|a|\n|-|\n|b|\n\n[late] text\n\n"
    rendering = Rendering(COLOURS, 40, source + "end\n\nend")
    rendering.lay_out()
    assert rendering.code_blocks() == ["x"]
    assert [mark.text for mark in rendering.landmarks()] == ["One", "x", "a\nb"]
    rendering.append("\n\n[late]: /u\n\n")
    rendering.lay_out()
    assert "late (/u) text" in texts(rendering)
    assert [mark.text for mark in rendering.landmarks()] == ["One", "x", "a\nb"]
