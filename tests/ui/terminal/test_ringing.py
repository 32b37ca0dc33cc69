from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.terminal.ringing import ringing, title


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("bell", "\a"),
        ("osc9", "\x1b]9;Cheese\a"),
        ("osc777", "\x1b]777;notify;bise;Cheese\a"),
        ("title", ""),
        ("none", ""),
    ],
)
def test_each_way_has_its_sequence(how: str, expected: str) -> None:
    assert ringing(how, "Cheese", {}) == expected


def test_inside_tmux_a_notification_is_wrapped() -> None:
    assert ringing("osc9", "Cheese", {"TMUX": "x"}) == "\x1bPtmux;\x1b\x1b]9;Cheese\a\x1b\\"


@given(st.text())
def test_nothing_hostile_gets_into_a_sequence(words: str) -> None:
    for made in (title(words), ringing("osc9", words, {}), ringing("osc777", words, {})):
        inner = made[2:-1]
        assert not re.search("[\x00-\x1f\x7f-\x9f]", inner)
    assert ringing("osc777", words, {}).count(";") == 3
