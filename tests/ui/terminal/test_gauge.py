from __future__ import annotations

import io

from tui.ui.terminal.gauge import Gauge


def test_nothing_is_on_its_way_at_first():
    assert not Gauge(io.StringIO()).is_busy(lambda: None)


def test_a_frame_is_on_its_way_until_it_is_flushed():
    told: list[bool] = []
    file = io.StringIO()
    gauge = Gauge(file)
    frame = gauge.frame("frame")
    assert gauge.is_busy(lambda: told.append(True))
    gauge.write(frame)
    assert gauge.is_busy(lambda: told.append(True))
    assert not told
    gauge.flush()
    assert told == [True]
    assert not gauge.is_busy(lambda: None)
    assert file.getvalue() == "frame"


def test_nobody_is_told_who_has_not_asked():
    gauge = Gauge(io.StringIO())
    gauge.write(gauge.frame("a"))
    gauge.flush()
    told: list[bool] = []
    gauge.write(gauge.frame("b"))
    assert gauge.is_busy(lambda: told.append(True))
    gauge.flush()
    gauge.flush()
    assert told == [True]


def test_other_writes_are_not_frames():
    gauge = Gauge(io.StringIO())
    frame = gauge.frame("frame")
    gauge.write("\x07")
    gauge.flush()
    assert gauge.is_busy(lambda: None)
    gauge.write(frame)
    gauge.flush()
    assert not gauge.is_busy(lambda: None)


def test_frames_of_a_writer_that_is_gone_are_not_waited_for():
    gauge = Gauge(io.StringIO())
    late = gauge.frame("never written")
    gauge.reset()
    assert not gauge.is_busy(lambda: None)
    fresh = gauge.frame("next")
    gauge.write(late)
    gauge.flush()
    assert gauge.is_busy(lambda: None)
    gauge.write(fresh)
    gauge.flush()
    assert not gauge.is_busy(lambda: None)
