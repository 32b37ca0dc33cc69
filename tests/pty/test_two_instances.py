from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import HANG, Hold, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

DEADLINE = 30.0


def leave(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")
    terminal.wait_for(re.compile(rf"You said: {prompt}\b[^\n]*\n[^\n]*finished"))


@pytest.fixture
def windows(chat: Start) -> tuple[Terminal, Terminal]:
    """Two instances on the same files, both with the chat open in which Alpha was asked."""
    first = chat()
    ask(first, "Alpha")
    second = chat()
    second.wait_for("1 Alpha")
    second.press("alt+down")
    second.wait_for("You said: Alpha")
    return first, second


def ask_until(terminal: Terminal, server: FakeServer, known: str) -> None:
    """Ask again until a request holds what somebody else wrote."""
    end = time.monotonic() + DEADLINE
    for number in range(100):
        ask(terminal, f"more{number}")
        if known.encode() in server.requests[-1].body:
            return
        assert time.monotonic() < end, f"{known!r} is not sent"
    raise AssertionError(f"{known!r} is not sent")


def test_a_message_that_is_edited_by_hand_is_sent_as_it_is_now_by_all_windows(
    windows: tuple[Terminal, Terminal], server: FakeServer, home: Home
) -> None:
    first, second = windows
    [path] = (home.path / "data" / "bise" / "sessions").glob("*.toml")
    text = path.read_text("utf-8").replace('content = "Alpha"', 'content = "Gamma"  # mine')
    path.write_text(text, "utf-8")
    for terminal in (first, second):
        ask_until(terminal, server, "Gamma")
    for terminal in (first, second):
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    [session] = home.sessions()
    assert session["message"][0]["content"] == "Gamma"
    assert 'content = "Gamma"  # mine' in path.read_text("utf-8")


def test_where_a_reply_comes_in_one_window_the_other_asks_nothing(
    windows: tuple[Terminal, Terminal], server: FakeServer, home: Home
) -> None:
    first, second = windows
    server.reply_with(sse("Without end", HANG))
    first.type("Beta")
    first.press("enter")
    first.wait_for("Without end")
    count = len(server.requests)
    second.type("Gamma")
    second.press("enter")
    second.wait_for("another window")
    assert len(server.requests) == count
    first.press("escape")
    first.wait_for("stopped")
    for terminal in (first, second):
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0


def test_what_comes_in_one_window_is_seen_live_in_the_other(
    windows: tuple[Terminal, Terminal], server: FakeServer
) -> None:
    first, second = windows
    more, end = threading.Event(), threading.Event()
    server.reply_with(sse("First half", Hold(more), " and more", Hold(end), " to the end."))
    first.type("Beta")
    first.press("enter")
    first.wait_for("First half")
    second.wait_for("Beta")
    second.wait_for("First half")
    second.wait_for("coming in another window")
    more.set()
    second.wait_for("First half and more")
    count = len(server.requests)
    second.type("Gamma")
    second.press("enter")
    second.wait_for("A reply to this chat")
    assert len(server.requests) == count
    end.set()
    second.wait_for("First half and more to the end.")
    second.wait_for_no("coming in another window")
    second.press("enter")
    second.wait_for("You said: Gamma")
    first.wait_for("You said: Gamma")
    first.press("tab", "G", "d")
    second.wait_for_no("You said: Gamma")
    leave(first)
    leave(second)
