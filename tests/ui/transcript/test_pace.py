from __future__ import annotations

import pytest

from tui.ui.widgets.transcript.pace import RUSHED_S, SHARE, SHORTEST_S, Pace


def painted(pace: Pace, characters: int, every_s: float, times: int = 12) -> float:
    """The wait after so many repaints, with so many characters come before each."""
    now = 100.0
    for _ in range(times):
        pace.arrived(characters)
        now += every_s
        pace.paints(now)
    return pace.wait_s


def test_the_first_repaint_is_due_at_once():
    assert Pace().left(100.0) <= 0


def test_what_comes_at_a_readable_pace_is_painted_often():
    assert painted(Pace(), 12, 0.03) == SHORTEST_S


def test_what_comes_faster_than_anyone_reads_is_painted_more_rarely():
    assert painted(Pace(), 130, 0.06) == pytest.approx(RUSHED_S)
    assert SHORTEST_S < painted(Pace(), 36, 0.03) < RUSHED_S


def test_after_a_rush_repaints_are_frequent_again():
    pace = Pace()
    assert painted(pace, 1000, 0.06) == pytest.approx(RUSHED_S)
    assert painted(pace, 12, 0.03) == SHORTEST_S


def test_one_burst_after_a_silence_is_no_rush():
    pace = Pace()
    pace.arrived(1000)
    pace.paints(100.0)
    assert pace.wait_s == SHORTEST_S


def test_dear_repaints_take_a_share_of_the_time_only():
    pace = Pace()
    for _ in range(12):
        pace.spent(0.02)
    assert pace.wait_s == pytest.approx(SHARE * 0.02, rel=0.01)
    pace.paints(100.0)
    assert pace.left(100.05) == pytest.approx(pace.wait_s - 0.05)
