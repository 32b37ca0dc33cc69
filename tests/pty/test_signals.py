from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import HANG, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty


def in_the_middle(terminal: Terminal) -> None:
    """Ask, and wait until a part of the reply is there."""
    terminal.type("Hello")
    terminal.wait_for("Hello")
    terminal.press("enter")
    terminal.wait_for("This far and")


def kept(home: Home) -> tuple[str, str]:
    """What the file holds of the reply, and why it ended."""
    [session] = home.sessions()
    prompt, reply = session["message"]
    assert prompt["content"] == "Hello"
    return reply["content"], reply["ended"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_the_terminal_restored_and_the_reply_kept(
    chat: Start, server: FakeServer, home: Home, number: signal.Signals
) -> None:
    server.reply_with(sse("This far and", HANG))
    terminal = chat()
    in_the_middle(terminal)
    terminal.signal(number)
    assert terminal.wait_exit() in {128 + number, -number}
    assert terminal.left_behind() == []
    assert kept(home) == ("This far and", "interrupted")


def test_a_signal_while_nothing_goes_on_restores_the_terminal(chat: Start, home: Home) -> None:
    terminal = chat()
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert terminal.left_behind() == []
    assert home.session_files == []


def test_a_signal_right_after_the_start_restores_the_terminal(bise: Start) -> None:
    terminal = bise()
    terminal.wait_until(lambda: b"\x1b[?1049h" in terminal.raw)
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() in {128 + signal.SIGTERM, -signal.SIGTERM}
    assert terminal.left_behind() == []


def test_quitting_in_the_middle_keeps_what_was_there(
    chat: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("This far and", HANG))
    terminal = chat()
    in_the_middle(terminal)
    terminal.press("ctrl+q")
    terminal.wait_for("still coming. Quit?")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    assert kept(home) == ("This far and", "interrupted")
    assert server.requests[-1].wait_until_gone()


def test_a_line_that_drops_ends_it_with_the_reply_kept(
    chat: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("This far and", HANG))
    terminal = chat()
    in_the_middle(terminal)
    terminal.hang_up()
    terminal.wait_exit()
    assert kept(home) == ("This far and", "interrupted")


def test_ctrl_c_twice_quits_and_once_does_not(chat: Start) -> None:
    terminal = chat()
    terminal.type("something")
    terminal.wait_for("something")
    terminal.press("ctrl+c")
    terminal.wait_for("Ask something")
    assert terminal.process.poll() is None
    terminal.press("ctrl+c")
    terminal.wait_for("again to quit")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_another_size_of_the_window_is_followed(chat: Start) -> None:
    terminal = chat(columns=120, rows=40)
    terminal.resize(80, 24)
    terminal.wait_for(lambda screen: "fake-model" in screen[23])
    terminal.resize(140, 50)
    terminal.wait_for(lambda screen: "fake-model" in screen[49])
