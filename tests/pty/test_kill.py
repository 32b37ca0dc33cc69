from __future__ import annotations

import random
import re
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import HANG, Hold, Pause, sse
from tests.pty.harness import BISE, environment
from tests.pty.processes import is_alive, state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fakes.server import Answer, FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

BEHIND_S = 1.0
"""How far behind the screen the disk may be."""

WORDS = 4000


def counting(name: str, pause: float = 0.02) -> Answer:
    """A long and slow reply of numbered words."""
    steps: list[str | Pause] = []
    for number in range(WORDS):
        steps += [f"{name}{number} ", Pause(pause)]
    return sse(*steps)


class Watch:
    """Notes when which word of a reply was first seen on the screen."""

    def __init__(self, terminal: Terminal, name: str) -> None:
        self._terminal = terminal
        self._word = re.compile(rf"\b{name}(\d+)\b")
        self._seen: list[tuple[float, int]] = []

    def until(self, number: int) -> None:
        self._terminal.wait_until(lambda: self._look() >= number)

    def on_screen_by(self, moment: float) -> int:
        """The highest word that was there at a moment; -1 if none was."""
        return max((number for when, number in self._seen if when <= moment), default=-1)

    def _look(self) -> int:
        found = [int(number) for number in self._word.findall(self._terminal.text)]
        if found:
            self._seen.append((time.monotonic(), max(found)))
        return max(found, default=-1)


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")


def kill(terminal: Terminal) -> float:
    """Kill the program as nothing can be killed harder; gives the moment."""
    moment = time.monotonic()
    terminal.signal(signal.SIGKILL)
    terminal.wait_exit()
    return moment


def said_in(home: Home, prompt: str) -> tuple[str, str | None]:
    """What the files hold of the reply to a prompt, and why it ended."""
    for session in home.sessions():
        messages = session["message"]
        for asked, reply in zip(messages, [*messages[1:], {}], strict=True):
            if asked["content"] == prompt:
                return reply.get("content", ""), reply.get("ended")
    raise AssertionError(f"the prompt {prompt!r} is lost")


def journals(home: Home) -> list[Path]:
    return list((home.path / "state" / "bise" / "journal").glob("*.jsonl"))


def words(name: str, count: int) -> str:
    return "".join(f"{name}{number} " for number in range(count))


@pytest.mark.parametrize("number", [0, 20, 90, 150])
def test_a_kill_in_the_middle_costs_at_most_the_last_second(
    chat: Start, server: FakeServer, home: Home, number: int
) -> None:
    server.reply_with(counting("word"))
    terminal = chat()
    ask(terminal, "Count")
    watch = Watch(terminal, "word")
    watch.until(number)
    killed = kill(terminal)

    again = chat()
    seen = watch.on_screen_by(killed - BEHIND_S)
    if seen >= 0 or journals(home):
        again.wait_for("cut off is kept in “Count”")
        again.press("alt+down")
        again.wait_for("interrupted")
        again.wait_for(re.compile(rf"\bword{max(seen, 0)}\b"))
        text, ended = said_in(home, "Count")
        assert ended == "interrupted"
        count = len(text.split())
        assert text == words("word", count)
        assert count > seen
    assert len(server.requests) == 1, "something was sent by itself"
    again.press("ctrl+q")
    assert again.wait_exit() == 0
    assert journals(home) == []


def test_ten_kills_in_a_row_lose_nothing(chat: Start, server: FakeServer, home: Home) -> None:
    chance = random.Random(7)
    told: dict[str, int] = {}
    for turn in range(10):
        name = f"{chr(97 + turn)}w"
        server.reply_with(counting(name, 0.01))
        terminal = chat()
        ask(terminal, f"Prompt {turn}")
        watch = Watch(terminal, name)
        watch.until(chance.randrange(150))
        killed = kill(terminal)
        told[name] = watch.on_screen_by(killed - BEHIND_S)
    last = chat()
    last.wait_for("Prompt 9")
    last.wait_until(lambda: journals(home) == [])
    for turn, (name, seen) in enumerate(told.items()):
        text, ended = said_in(home, f"Prompt {turn}")
        count = len(text.split())
        assert text == words(name, count)
        assert count > seen
        assert ended == ("interrupted" if text else None)
    assert len(server.requests) == 10


def test_a_reply_cut_by_a_kill_is_continued_by_a_key(
    chat: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("One, two", HANG))
    terminal = chat()
    ask(terminal, "Count")
    terminal.wait_for("One, two")
    terminal.wait_until(lambda: len(journals(home)) == 1)
    kill(terminal)
    again = chat()
    again.wait_for("cut off is kept")
    again.press("alt+down")
    again.wait_for("has it continued")
    server.reply_with(sse("One, two", ", three"))
    again.press("tab")
    again.wait_for("▌")  # the mark of the chosen message
    again.press(">")
    again.wait_for("finished")
    assert server.requests[-1].json["messages"][-1] == {
        "role": "assistant",
        "content": "One, two",
        "prefix": True,
    }
    assert again.text.count("One, two") == 1
    server.reply_with(sse("Four"))
    again.press("r")
    again.wait_for("Four")
    again.wait_for("finished")
    assert "One, two" not in again.text
    again.press("ctrl+q")
    assert again.wait_exit() == 0
    [session] = home.sessions()
    prompt, *replies = session["message"]
    assert [(m["content"], m["ended"]) for m in replies] == [
        ("One, two", "interrupted"),
        ("One, two, three", "stop"),
        ("Four", "stop"),
    ]
    assert {m["parent"] for m in replies} == {prompt["id"]}
    assert replies[1]["prefix"] == "One, two"


def test_a_second_instance_leaves_a_living_reply_alone(
    chat: Start, server: FakeServer, home: Home
) -> None:
    rest = threading.Event()
    server.reply_with(sse("First half", Hold(rest), " and second half."))
    first = chat()
    ask(first, "Speak")
    first.wait_for("First half")
    first.wait_until(lambda: len(journals(home)) == 1)
    second = chat()
    second.wait_for("1 Speak")
    second.press("alt+down")
    second.wait_for("You · ")
    assert "cut off" not in second.text
    assert len(journals(home)) == 1
    rest.set()
    first.wait_for("finished")
    for terminal in (first, second):
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert home.said() == [[("user", "Speak"), ("assistant", "First half and second half.")]]


def test_what_was_typed_is_there_after_a_kill(chat: Start, server: FakeServer, home: Home) -> None:
    terminal = chat()
    ask(terminal, "Hello")
    terminal.wait_for("finished")
    terminal.type("half a tho")
    drafts = home.path / "state" / "bise" / "drafts"
    terminal.wait_until(lambda: [p.read_text() for p in drafts.glob("*.txt")] == ["half a tho"])
    terminal.press("ctrl+n")
    terminal.wait_for_no("half a tho")
    terminal.type("quite another")
    terminal.wait_until(lambda: len(list(drafts.glob("*.txt"))) == 2)
    kill(terminal)

    again = chat()
    again.wait_for("quite another")
    again.wait_for("✎")
    again.press("alt+down")
    again.wait_for("half a tho")
    again.press("enter")
    again.wait_for("You said: half a tho")
    again.press("ctrl+t")
    again.wait_for("quite another")
    again.press("ctrl+q")
    assert again.wait_exit() == 0
    assert [p.read_text() for p in drafts.glob("*.txt")] == ["quite another"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_what_was_just_typed(
    chat: Start, home: Home, number: signal.Signals
) -> None:
    terminal = chat()
    terminal.type("just typed")
    terminal.wait_for("just typed")
    terminal.signal(number)
    terminal.wait_exit()
    again = chat()
    again.wait_for("just typed")


def takings(terminal: Terminal) -> int:
    """How often the program has taken the terminal; what it switches on last tells."""
    return terminal.raw.count(b"\x1b[?2004h")


def go_on(terminal: Terminal) -> None:
    """Let a stopped program go on, and wait until it has the terminal again."""
    before = takings(terminal)
    terminal.signal(signal.SIGCONT)
    terminal.wait_until(lambda: takings(terminal) > before)


def type_and_leave(terminal: Terminal) -> None:
    """See that keys arrive, each once, and that the terminal is set back at the end."""
    terminal.type("still here")
    terminal.wait_for("│ still here ")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    assert not is_alive(terminal.pid)


def test_it_stops_and_goes_on_by_signals_with_the_terminal_set_back_meanwhile(
    chat: Start, server: FakeServer
) -> None:
    terminal = chat()
    ask(terminal, "Hello")
    terminal.wait_for("You said: Hello")
    for _ in range(2):
        terminal.signal(signal.SIGTSTP)
        terminal.wait_until(lambda: state(terminal.pid) == "T")
        while terminal.pump(0.1):
            pass
        assert terminal.left_behind() == []
        go_on(terminal)
        terminal.wait_for("You said: Hello")
        terminal.wait_for("fake-model")
    type_and_leave(terminal)


def test_signals_to_stop_and_go_on_may_come_one_upon_the_other(chat: Start) -> None:
    terminal = chat()
    terminal.wait_for("fake-model")
    for _ in range(5):
        terminal.signal(signal.SIGTSTP)
        terminal.wait_until(lambda: state(terminal.pid) == "T")
        terminal.signal(signal.SIGCONT)
        terminal.pump(0.01)
        terminal.signal(signal.SIGTSTP)
        terminal.wait_until(lambda: state(terminal.pid) == "T")
        go_on(terminal)
    type_and_leave(terminal)


@pytest.mark.parametrize("stops", [False, True])
def test_going_on_without_having_given_the_terminal_back_takes_it_once(
    chat: Start, stops: bool
) -> None:
    terminal = chat()
    terminal.wait_for("fake-model")
    if stops:
        terminal.signal(signal.SIGSTOP)
        terminal.wait_until(lambda: state(terminal.pid) == "T")
    go_on(terminal)
    type_and_leave(terminal)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_saved_question_with_its_reply_kept(
    server: FakeServer, home: Home, number: signal.Signals
) -> None:
    server.reply_with(sse("This far and", HANG))
    with subprocess.Popen(
        [BISE, "ask", "--base-url", server.url, "--kind", "mistral", "--save", "Hello"],
        env=environment(home.path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(12) == "This far and"
        process.send_signal(number)
        assert process.wait(60) == 130
    assert said_in(home, "Hello") == ("This far and", "interrupted")
    assert journals(home) == []


def test_a_saved_question_that_was_killed_is_found_by_the_full_screen(
    chat: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("This far and", HANG))
    with subprocess.Popen(
        [BISE, "ask", "--base-url", server.url, "--kind", "mistral", "--save", "Hello"],
        env=environment(home.path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(12) == "This far and"
        terminal = chat()
        terminal.wait_until(lambda: len(journals(home)) == 1)
        assert "cut off" not in terminal.text
        process.kill()
        process.wait()
    terminal.wait_for("1 Hello")
    terminal.press("alt+down")  # which finds that the owner is gone
    terminal.wait_for("This far and")
    terminal.wait_for("interrupted")
    assert said_in(home, "Hello") == ("This far and", "interrupted")


def test_a_server_that_cannot_continue_a_reply_makes_it_anew_and_that_is_told(
    bise: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("One, two", HANG), sse("Three"))
    terminal = bise("--base-url", server.url, "--kind", "openai", "--model", "fake-model")
    terminal.wait_for("fake-model")
    ask(terminal, "Count")
    terminal.wait_for("One, two")
    terminal.press("escape")
    terminal.wait_for("stopped by you")
    terminal.press("tab")
    terminal.wait_for("▌")
    terminal.press(">")
    terminal.wait_for("Three")
    terminal.wait_for("can't be given the beginning of a reply")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    [session] = home.sessions()
    assert session["message"][2]["content"] == "Three"
    assert "prefix" not in session["message"][2]


def test_a_chat_of_a_newer_version_is_shown_and_not_added_to(
    chat: Start, server: FakeServer, home: Home
) -> None:
    terminal = chat()
    ask(terminal, "Hello")
    terminal.wait_for("finished")
    terminal.press("ctrl+q")
    terminal.wait_exit()
    [file] = home.session_files
    file.write_bytes(file.read_bytes().replace(b"schema = 1", b"schema = 2"))
    before = file.read_bytes()
    again = chat()
    again.wait_for("1 Hello")
    again.press("alt+down")
    again.wait_for("a newer version of bise wrote this")
    ask(again, "More")
    again.wait_for("does not add to it")
    again.wait_for("│ More")
    again.press("ctrl+q")
    again.wait_exit()
    assert file.read_bytes() == before
    assert len(server.requests) == 1
