from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.core.cutting import Cut, Cutter, cut_at

SHORT = st.text("ab\n", max_size=30)
STOPS = st.lists(st.text("ab\n", min_size=1, max_size=5), max_size=4)


def in_pieces(text: str, ends: list[int]) -> list[str]:
    marks = sorted({min(end, len(text)) for end in ends} | {0, len(text)})
    return [text[a:b] for a, b in itertools.pairwise(marks)]


def slow_cut(text: str, stops: list[str]) -> Cut | None:
    """As a server does it, one character at a time."""
    for end in range(1, len(text) + 1):
        hit = [stop for stop in stops if text[:end].endswith(stop)]
        if hit:
            stop = max(hit, key=len)
            return Cut(end - len(stop), stop)
    return None


@given(SHORT, STOPS)
@example("aab", ["aab", "ab"])
@example("abab", ["bab", "ba"])
def test_the_first_stop_that_is_complete_cuts(text, stops):
    assert cut_at(text, stops) == slow_cut(text, stops)


@given(SHORT, STOPS, st.lists(st.integers(0, 30)))
@example("x aab", ["aab", "ab"], [3, 4])
def test_a_text_in_pieces_is_cut_where_the_whole_is(text, stops, ends):
    cutter = Cutter(stops)
    out = "".join(cutter.feed(piece) for piece in in_pieces(text, ends)) + cutter.close()
    cut = cut_at(text, stops)
    assert out == (text if cut is None else text[: cut.offset])
    assert cutter.stop == (None if cut is None else cut.stop)


@given(SHORT, STOPS, st.lists(st.integers(0, 30)))
def test_no_more_is_held_back_than_may_begin_a_stop(text, stops, ends):
    cutter, out, fed = Cutter(stops), "", ""
    for piece in in_pieces(text, ends):
        fed += piece
        out += cutter.feed(piece)
        if cutter.stop is not None:
            break
        held = fed[len(out) :]
        assert fed == out + held
        assert not held or any(stop.startswith(held) and stop != held for stop in stops)


@given(SHORT, SHORT, STOPS, st.lists(st.integers(0, 60)))
def test_a_prefix_is_never_cut(prefix, text, stops, ends):
    cutter = Cutter(stops, prefix)
    whole = prefix + text
    out = "".join(cutter.feed(piece) for piece in in_pieces(whole, ends)) + cutter.close()
    cut = cut_at(whole, stops, len(prefix))
    assert out == (whole if cut is None else whole[: cut.offset])


def test_a_prefix_that_comes_without_its_spaces_is_not_cut_either():
    cutter = Cutter(["\n"], "Dear\n ")
    assert cutter.feed("Dear") + cutter.feed(" Sir\nso") == "Dear Sir"


def test_nothing_comes_after_the_cut():
    cutter = Cutter(["END"])
    assert cutter.feed("a END b") == "a "
    assert cutter.feed("more") == ""
    assert cutter.close() == ""


def test_what_may_still_become_a_stop_waits():
    cutter = Cutter(["\n\n"])
    assert cutter.feed("a\n") == "a"
    assert cutter.feed("b\n") == "\nb"
    assert cutter.close() == "\n"


def test_a_million_characters_cost_no_more_than_a_look():
    long = "a" * 1_000_000
    assert cut_at("b" * 1000, [long, "bc"]) is None
    cutter = Cutter([long])
    assert cutter.feed("ab" * 50_000) == "ab" * 50_000
    assert cutter.feed(long) == ""
    assert cutter.stop == long


@pytest.mark.parametrize("stops", [[], [""]])
def test_without_stops_nothing_is_held_back(stops):
    cutter = Cutter(stops)
    assert cutter.feed("a\n\n") == "a\n\n"
    assert cut_at("abc", stops) is None
