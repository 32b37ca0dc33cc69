from __future__ import annotations

import pytest

from tui.ui.terminal.traits import Traits


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "xterm-256color"},
        {"TERM": "xterm-kitty"},
        {"TERM": "foot"},
        {"TERM": "alacritty"},
        {"TERM": "linux"},
        {"TERM": "st-256color"},
        {"TERM": "tmux-256color", "TMUX": "/tmp/tmux"},
        {"TERM": "screen-256color", "TMUX": "/tmp/tmux"},
        {"TERM": "screen-256color-bce", "STY": "1.pts"},
    ],
)
def test_erasing_keeps_the_background_in(environ):
    assert Traits.of(environ).erases_in_color


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"TERM": "vt220"},
        {"TERM": "screen"},
        {"TERM": "screen-256color"},
        {"TERM": "xterm-256color", "STY": "1.pts"},
        {"TERM": "stranger"},
    ],
)
def test_erasing_may_lose_the_background_in(environ):
    assert not Traits.of(environ).erases_in_color
