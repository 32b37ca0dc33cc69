from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.pty.emulator import Emulator
from tests.pty.harness import Terminal, keystroke
from tests.pty.processes import is_alive

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pty

PYTHON = [sys.executable, "-I", "-c"]
RAW = "import sys, termios, tty, os; tty.setraw(0); w = lambda b: os.write(1, b);"


def test_the_program_owns_its_terminal_and_knows_its_size(tmp_path: Path) -> None:
    source = (
        "import os; print(os.get_terminal_size(), os.tcgetpgrp(0) == os.getpgrp(), os.isatty(2))"
    )
    with Terminal([*PYTHON, source], home=tmp_path, columns=77, rows=20) as terminal:
        terminal.wait_for("columns=77, lines=20) True True")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []


def test_questions_are_answered_as_a_terminal_does(tmp_path: Path) -> None:
    source = RAW + r"w(b'ab\x1b[6n\x1b[?2026$p\x1b[c'); w(repr(os.read(0, 99)).encode())"
    with Terminal([*PYTHON, source], home=tmp_path) as terminal:
        terminal.wait_for(r"\x1b[1;3R\x1b[?2026;2$y\x1b[?62;22c")
        terminal.wait_exit()
        assert terminal.left_behind() == ["the terminal's line settings differ"]


def test_typed_keys_arrive_and_a_hang_up_is_noticed(tmp_path: Path) -> None:
    source = RAW + "w(b'ready'); w(repr(os.read(0, 9)).encode()); os.read(0, 1)"
    with Terminal([*PYTHON, source], home=tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.press("alt+down")
        terminal.wait_for(r"\x1b[1;3B")
        terminal.hang_up()
        assert terminal.wait_exit() == -signal.SIGHUP


def test_what_does_not_come_fails_with_the_screen(tmp_path: Path) -> None:
    with (
        Terminal([*PYTHON, "print('all there is')"], home=tmp_path) as terminal,
        pytest.raises(AssertionError, match="all there is"),
    ):
        terminal.wait_for("something else")


def test_children_are_found_and_end_with_their_parent(tmp_path: Path) -> None:
    source = "import subprocess; p = subprocess.Popen(['cat'], stdin=-1); print('up'); input()"
    with Terminal([*PYTHON, source], home=tmp_path) as terminal:
        terminal.wait_for("up")
        [child] = terminal.children
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
        terminal.wait_until(lambda: not is_alive(child))


def test_a_sequence_cut_anywhere_is_understood_all_the_same() -> None:
    written = b"\x1b[?1049h\x1b[>1u\x1b[2;3Hword\x1b]0;title\x1b\\\x1b[?25l\xe2\x94\x82\x1b[?2004h"
    whole = Emulator(20, 4)
    whole.feed(written)
    for cut in range(len(written)):
        parted = Emulator(20, 4)
        parted.feed(written[:cut])
        parted.feed(written[cut:])
        assert parted.screen == whole.screen == ["", "  word│", "", ""]
        assert parted.modes == {"1049": True, "25": False, "2004": True}
        assert parted.kitty_depth == 1
    assert len(whole.left_behind()) == 4


@pytest.mark.parametrize(
    ("key", "sent"),
    [("ctrl+n", b"\x0e"), ("alt+u", b"\x1bu"), ("f1", b"\x1bOP"), ("é", b"\xc3\xa9")],
)
def test_keys_are_what_an_xterm_sends(key: str, sent: bytes) -> None:
    assert keystroke(key) == sent
