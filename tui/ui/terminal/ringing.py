"""What makes a terminal ring, or notify, or show another title: as bytes that nothing hostile gets into."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tui.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

LONGEST = 80
"""Characters of what is told."""

BELL = "\a"
KEEP_TITLE, TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
"""Put the window's title on the terminal's stack, and take it from there."""


def ringing(how: str, words: str, environment: Mapping[str, str] = os.environ) -> str:
    """What rings by `bell`, `osc9` or `osc777`; nothing for any other word.

    Inside tmux notifications are wrapped so that it passes them on, if it is allowed to.
    """
    told = _plain(words)
    match how:
        case "bell":
            return BELL
        case "osc9":
            sequence = f"\x1b]9;{told}\a"
        case "osc777":
            sequence = f"\x1b]777;notify;bise;{told}\a"
        case _:
            return ""
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    return sequence


def title(words: str) -> str:
    """What gives the terminal's window a title."""
    return f"\x1b]2;{_plain(words)}\a"


def write(app: App[Any], sequence: str) -> None:
    """Write such a sequence to the terminal: it neither moves the cursor nor changes the pen."""
    driver = app._driver  # noqa: SLF001 (as Textual's own bell does)
    if sequence and driver is not None and not app.is_headless:
        driver.write(sequence)
        driver.flush()


def _plain(words: str) -> str:
    return one_line(words, LONGEST).replace(";", ",")
