from __future__ import annotations

import pytest
from textual import events

from tui.ui.terminal.typed import KeyParser


def keys(*pieces: str) -> list[str]:
    parser = KeyParser()
    return [
        message.key
        for piece in pieces
        for message in parser.feed(piece)
        if isinstance(message, events.Key)
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("\x1bu", ["alt+u"]),
        ("\x1bu\x1bn", ["alt+u", "alt+n"]),
        ("\x1bu\x1b[?2026;2$y", ["alt+u"]),
        ("\x1bu\x1b[A\x1bOPx", ["alt+u", "up", "f1", "x"]),
        ("\x1b\x1bu", ["escape", "alt+u"]),
        ("\x1bUuu", ["alt+shift+u", "u", "u"]),
        ("\x1b[1;3Au", ["alt+up", "u"]),
        ("a\x1b\x7f\x1bf", ["a", "ctrl+w", "ctrl+right"]),
    ],
)
def test_a_key_with_alt_is_one_whatever_follows_and_in_whatever_pieces(
    typed: str, expected: list[str]
) -> None:
    assert keys(typed) == expected
    assert keys(*typed) == expected


def test_a_lone_escape_is_waited_for() -> None:
    assert keys("\x1b") == []
