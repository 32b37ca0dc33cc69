from __future__ import annotations

import pytest

from tui.core.key_delivery import keymap_warnings, why_not_delivered
from tui.ui.commands import COMMANDS

KNOWN = {
    "alt+enter",  # beside others that arrive everywhere
    "shift+enter",
    "ctrl+c",
    "alt+u",  # the design's own; the palette has these too
    "alt+w",
    "alt+p",
    "ctrl+z",  # in the settings; the palette undoes from anywhere
    "ctrl+a",  # in the settings; the row that adds one is there as well
}


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("ctrl+i", "Tab"),
        ("ctrl+m", "Enter"),
        ("ctrl+b", "tmux"),
        ("ctrl+s", "stop"),
        ("ctrl+tab", "few"),
        ("ctrl+1", "few"),
        ("ctrl+comma", "few"),
        ("ctrl+shift+n", "Shift"),
        ("alt+1", "tabs"),
        ("alt+x", "Mac"),
        ("alt+enter", "Enter"),
        ("shift+enter", "plain Enter"),
        ("ctrl+alt+x", "Ctrl and Alt"),
        ("ctrl+alt+f3", "consoles"),
        ("super+n", "no terminal"),
        ("f11", "screen"),
        ("ctrl++", "few"),
    ],
)
def test_keys_that_do_not_arrive_are_told_with_the_reason(key, word):
    assert word in why_not_delivered(key)


@pytest.mark.parametrize(
    "key",
    ["a", "A", "+", "/", "f1", "f9", "ctrl+n", "ctrl+j", "alt+up", "ctrl+left", "shift+up", "shift+tab", "pageup", "ctrl+shift+left", ""],
)  # fmt: skip
def test_keys_that_arrive_everywhere_are_not_warned_of(key):
    assert why_not_delivered(key) == ""


def test_what_the_user_has_moved_is_looked_at():
    assert keymap_warnings({"chat.new": "f8", "chat.back": "ctrl+b,f7", "chat.help": ""}) == [
        "keys: 'ctrl+b' for 'chat.back' may not arrive: tmux takes it for itself"
    ]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.keys], ids=lambda c: c.id)
def test_every_command_has_a_default_that_arrives(command):
    keys = [key for key in command.keys.split(",") if key not in KNOWN]
    assert [key for key in keys if why_not_delivered(key)] == []
