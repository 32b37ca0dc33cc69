from __future__ import annotations

import pytest

from tui.ui.terminal.flow import Flow


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Line:
    """A line of so many characters per second behind a flow."""

    def __init__(self, rate: float, delay: float = 0.01) -> None:
        self.clock = Clock()
        self.flow = Flow(self.clock)
        self.rate, self.delay = rate, delay

    def write(self, length: int) -> bool:
        """Write, and answer when it has come through if there is a question."""
        asked = self.flow.count(length)
        self.clock.now += length / self.rate
        if asked:
            self.clock.now += self.delay
            self.flow.answer()
        return asked


def test_a_little_text_needs_no_answer():
    flow = Flow(Clock())
    assert not flow.count(100)
    assert not flow.is_full()
    assert flow.limit is None


def test_a_fast_line_is_not_limited():
    line = Line(1_000_000)
    assert sum(line.write(400) for _ in range(100)) in range(8, 16)
    assert line.flow.limit is None


def test_a_long_way_to_the_terminal_is_not_a_slow_line():
    line = Line(1_000_000, delay=0.6)
    for _ in range(50):
        line.write(3000)
        assert line.flow.limit is None


def test_a_slow_line_is_limited_and_its_frames_wait_for_answers():
    line = Line(2000)
    for length in (600, 1200, 1200):
        line.write(length)
    assert line.flow.limit == pytest.approx(300, abs=10)
    assert line.flow.count(200)
    assert line.flow.is_full()
    line.flow.answer()
    assert not line.flow.is_full()


def test_a_slow_line_stays_slow_while_little_is_written():
    line = Line(2000)
    line.write(5000)
    for _ in range(50):
        line.write(90)
        assert line.flow.limit is None or line.flow.limit < 1000
    assert line.flow.limit is not None


def test_a_line_is_found_slow_at_the_first_smaller_frame_after_the_first_screen():
    line = Line(2000)
    line.write(5000)
    line.write(600)
    assert line.flow.limit == pytest.approx(300, abs=10)


def test_a_line_that_recovers_is_not_limited_any_more():
    line = Line(2000)
    for length in (600, 1200):
        line.write(length)
    assert line.flow.limit is not None
    line.rate = 1_000_000
    for length in (300, 600, 1200) * 10:
        line.write(length)
    assert line.flow.limit is None


def test_only_one_question_is_open_at_a_time():
    flow = Flow(Clock())
    assert flow.count(5000)
    assert not flow.count(5000)
    assert not flow.is_full()
    flow.count(5000)
    assert flow.is_full()


def test_a_terminal_that_does_not_answer_is_asked_no_more():
    flow = Flow(Clock())
    assert flow.count(5000)
    flow.count(9000)
    assert flow.is_full()
    flow.give_up()
    assert not flow.is_full()
    assert not flow.count(5000)
    assert flow.limit is None


def test_an_answer_to_somebody_elses_question_changes_nothing():
    flow = Flow(Clock())
    flow.answer()
    assert flow.limit is None
    assert flow.count(5000)


def test_leaving_waits_about_as_long_as_an_open_question_may_take():
    clock = Clock()
    flow = Flow(clock)
    assert flow.parting() == 0
    flow.count(5000)
    clock.now += 0.1
    flow.answer()
    assert flow.parting() == 0
    flow.count(5000)
    assert flow.parting() == pytest.approx(0.2)
    clock.now += 0.15
    assert flow.parting() == pytest.approx(0.05)
    clock.now += 5
    assert flow.parting() == 0


def test_leaving_does_not_wait_long_for_a_terminal_that_was_never_heard():
    flow = Flow(Clock())
    flow.count(5000)
    assert flow.parting() == pytest.approx(0.5)
