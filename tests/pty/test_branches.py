from __future__ import annotations

import re
import threading
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


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.press("enter")
    terminal.wait_for(re.compile(rf"You said: {prompt}\b[^\n]*\n[^\n]*finished"))


def leave(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def sent(server: FakeServer) -> list[str]:
    return [message["content"] for message in server.requests[-1].json["messages"]]


@pytest.mark.parametrize("size", [(120, 40), (60, 16)])
def test_branches_are_made_turned_left_out_removed_and_found_again(
    chat: Start, server: FakeServer, home: Home, size: tuple[int, int]
) -> None:
    terminal = chat(columns=size[0], rows=size[1])
    ask(terminal, "Alpha")
    ask(terminal, "Beta")

    # an early question put otherwise: a branch, and only it is sent
    terminal.press("tab", "g", "e")
    terminal.wait_for("Ask otherwise")
    terminal.type(" Gamma")
    terminal.press("ctrl+o")
    terminal.wait_for("You said: Alpha Gamma")
    terminal.wait_for("finished")
    assert sent(server) == ["Alpha Gamma"]

    # through the versions and back
    terminal.press("g")
    terminal.wait_for("2/2")
    terminal.press("[")
    terminal.wait_for("1/2")
    terminal.wait_for("You said: Alpha")
    terminal.press("]")
    terminal.wait_for("You said: Alpha Gamma")
    terminal.press("[")
    terminal.wait_for("1/2")

    # left out: shown, not sent
    terminal.press("x")
    terminal.wait_for("not sent")
    terminal.press("tab")
    if size[0] > 100:
        terminal.press("tab")
    ask(terminal, "Delta")
    assert sent(server) == ["You said: Alpha", "Beta", "You said: Beta", "Delta"]

    # removed, and brought back
    terminal.press("tab", "G", "d")
    terminal.wait_for_no("You said: Delta")
    terminal.press("u")
    terminal.wait_for("You said: Delta")

    # gone on from the first answer in a chat of its own
    terminal.press("g", "j", "f")
    terminal.wait_for("a new chat; Ctrl+T")
    ask(terminal, "Epsilon")
    assert sent(server) == ["You said: Alpha", "Epsilon"]
    terminal.type("/rename Forked")
    terminal.press("enter")
    terminal.wait_for(re.compile(r"Forked *$", re.MULTILINE))
    leave(terminal)

    # all of it is there after the next start, the branch that was shown too
    again = chat(columns=size[0], rows=size[1])
    around = ["f9"] if size[0] < 100 else []  # the list of chats lies over the chat
    again.press(*around)
    again.wait_for(re.compile(r"^ 2 ", re.MULTILINE))
    again.press(*around)
    for title, last in (("Forked", "Epsilon"), ("Alpha", "Delta")):
        again.press("ctrl+o")
        again.wait_for("a digit opens that slot")
        again.type(title)
        again.wait_for(re.compile(rf"› .*{title}"))
        again.press("enter")
        again.wait_for(f"You said: {last}")
    again.press("tab", "g")
    again.wait_for(re.compile(r"You · .*1/2 · not sent"))
    again.press("T")
    again.wait_for("All branches")
    again.type("alpha gamma")
    again.press("enter")
    again.wait_for("2/2")
    leave(again)
    # Chats of one second are in any order
    first, fork = sorted(home.sessions(), key=lambda session: "forked_from" in session)
    assert [m["content"] for m in first["message"] if "removed" not in m][:2] == [
        "Alpha",
        "You said: Alpha",
    ]
    assert fork["forked_from"]["session"] == first["id"]


def test_replies_in_several_chats_stand_in_line_ring_and_are_kept_at_the_end(
    chat: Start, server: FakeServer, home: Home
) -> None:
    home.settle('parallel = 2\nring = "osc9"\n')
    more = threading.Event()
    server.reply_with(
        sse("First ", Hold(more), "is there"), sse("Second", HANG), sse("Third", HANG)
    )
    terminal = chat()
    terminal.type("one")
    terminal.press("enter")
    terminal.wait_for("First")
    terminal.type("waits for one")
    terminal.press("enter")
    terminal.wait_for("1 prompt waits for the end of the reply")
    for prompt in ("two", "three"):
        terminal.press("ctrl+n")
        terminal.type(prompt)
        terminal.press("enter")
        terminal.wait_for(re.compile(rf"^ 1 {prompt} ", re.MULTILINE))
    terminal.wait_for("1 in line")
    assert b"\x1b]9;" not in terminal.raw
    terminal.press("f8")
    terminal.wait_for("What answers now")
    terminal.wait_for("number 1")
    more.set()
    terminal.wait_until(lambda: b"\x1b]9;one: the reply is there\x07" in terminal.raw)
    terminal.press("escape")
    terminal.wait_for("Third")
    terminal.press("ctrl+q")
    terminal.wait_for("still coming. Quit?")
    terminal.press("n")
    terminal.wait_for_no("still coming. Quit?")
    terminal.press("ctrl+q", "ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    said = {who[0][1]: who for who in home.said()}
    assert said["two"][1] == ("assistant", "Second")
    assert said["three"][1] == ("assistant", "Third")
    assert said["one"][:2] == [("user", "one"), ("assistant", "First is there")]


def test_two_ways_are_compared_and_one_is_kept(chat: Start, server: FakeServer, home: Home) -> None:
    terminal = chat()
    terminal.type("/compare small large,temperature=0")
    terminal.press("ctrl+j")
    terminal.type("Cheese")
    terminal.press("enter")
    terminal.wait_for(lambda screen: "\n".join(screen).count("You said: Cheese") == 2)
    terminal.wait_for(lambda screen: "\n".join(screen).count("finished") == 2)
    asked = {
        r.json["model"]: r.json.get("temperature") for r in server.requests if r.method == "POST"
    }
    assert asked == {"small": None, "large": 0}
    terminal.press("right", "K")
    terminal.wait_for("Assistant · large")
    leave(terminal)
    [session] = home.sessions()
    kept = [m for m in session["message"] if "removed" not in m]
    assert [m["role"] for m in kept] == ["user", "assistant"]
    assert kept[1]["completion"]["model"] == "large"
