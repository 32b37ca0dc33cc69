from __future__ import annotations

import os
import re
import threading
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import HANG, Answer, Hold, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")


def leave(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def marked(title: str, mark: str) -> re.Pattern[str]:
    """A line of the sidebar with that title and mark."""
    return re.compile(rf"^ \d {re.escape(title)} *{re.escape(mark)}", re.MULTILINE)


def test_a_reply_is_seen_as_it_comes_and_is_there_after_the_next_start(
    chat: Start, server: FakeServer, home: Home
) -> None:
    more = threading.Event()
    server.reply_with(sse("There is no **single** best ", Hold(more), "cheese.\n\n- Comté"))
    terminal = chat()
    ask(terminal, "What is the best cheese?")
    terminal.wait_for("There is no single best")
    assert home.said() == [[("user", "What is the best cheese?")]]
    more.set()
    terminal.wait_for("finished")
    terminal.wait_for("Comté")
    terminal.wait_for("1 What is the best")
    leave(terminal)
    reply = "There is no **single** best cheese.\n\n- Comté"
    assert home.said() == [[("user", "What is the best cheese?"), ("assistant", reply)]]
    [session] = home.sessions()
    assert session["title"] == "What is the best cheese?"
    assert session["message"][1]["ended"] == "stop"
    assert session["message"][1]["completion"]["model"] == "fake-model"

    again = chat()
    again.wait_for("1 What is the best")
    again.press("alt+down")
    again.wait_for("There is no single best cheese.")
    ask(again, "And the second?")
    again.wait_for("You said: And the second?")
    again.wait_for("finished")
    leave(again)
    assert [role for role, _ in home.said()[0]] == ["user", "assistant"] * 2
    assert [m["content"] for m in server.requests[-1].json["messages"]] == [
        "What is the best cheese?",
        reply,
        "And the second?",
    ]


def test_escape_stops_the_reply_and_what_was_there_is_kept(
    chat: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("One, two, ", "three", HANG))
    terminal = chat()
    ask(terminal, "Count")
    terminal.wait_for("One, two, three")
    terminal.press("escape")
    terminal.wait_for("stopped by you")
    assert server.requests[-1].wait_until_gone()
    terminal.wait_until(lambda: len(home.said()[0]) == 2)
    [session] = home.sessions()
    assert session["message"][1]["content"] == "One, two, three"
    assert session["message"][1]["ended"] == "stopped"
    ask(terminal, "Go on")
    terminal.wait_for("You said: Go on")
    leave(terminal)


def test_escape_before_the_first_word_leaves_the_prompt_to_be_sent_again(
    chat: Start, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse(HANG))
    terminal = chat()
    ask(terminal, "Hello")
    server.wait_for(1)
    terminal.wait_for("Esc stops")
    terminal.press("escape")
    terminal.wait_for("Stopped before anything came")
    assert home.said() == [[("user", "Hello")]]
    terminal.press("enter")
    terminal.wait_for("You said: Hello")
    terminal.wait_for("finished")
    leave(terminal)
    assert home.said() == [[("user", "Hello"), ("assistant", "You said: Hello")]]


def test_a_second_chat_while_the_first_streams(chat: Start, server: FakeServer, home: Home) -> None:
    rest = threading.Event()
    server.reply_with(sse("First begins", Hold(rest), " and ends."))
    terminal = chat()
    ask(terminal, "alpha")
    terminal.wait_for("First begins")
    terminal.press("ctrl+n")
    terminal.wait_for_no("First begins")
    terminal.wait_for(marked("alpha", "●"))
    ask(terminal, "beta")
    terminal.wait_for("You said: beta")
    terminal.wait_for("1 more answering")
    rest.set()
    terminal.wait_for(marked("alpha", "○"))
    terminal.press("ctrl+t")
    terminal.wait_for("First begins and ends.")
    leave(terminal)
    assert sorted(home.said()) == [
        [("user", "alpha"), ("assistant", "First begins and ends.")],
        [("user", "beta"), ("assistant", "You said: beta")],
    ]


def test_chats_are_walked_through_by_keys_and_keep_their_drafts(chat: Start, home: Home) -> None:
    terminal = chat()
    for prompt in ("first", "second", "third"):
        ask(terminal, prompt)
        terminal.wait_for(f"You said: {prompt}")
        terminal.wait_for("finished")
        terminal.press("ctrl+n")
        terminal.wait_for_no("You said")
    terminal.press("alt+down")
    terminal.wait_for("You said: third")
    terminal.press("alt+down")
    terminal.wait_for("You said: second")
    terminal.type("unsent words")
    terminal.wait_for("unsent words")
    terminal.press("alt+down")
    terminal.wait_for("You said: first")
    terminal.wait_for(marked("second", "✎"))
    assert "unsent words" not in terminal.text
    terminal.press("ctrl+t")
    terminal.wait_for("You said: second")
    terminal.wait_for("unsent words")
    terminal.press("alt+up")
    terminal.wait_for("You said: third")
    leave(terminal)
    assert len(home.session_files) == 3


def test_steps_through_the_chats_count_however_fast_they_come(chat: Start, home: Home) -> None:
    folder = home.data / "sessions"
    folder.mkdir(parents=True)
    for number in range(9):
        name = f"20260101-00000{number}-aaaa"
        (folder / f"{name}.toml").write_text(
            f'schema = 1\nid = "{name}"\ntitle = "Chat {number}"\ncreated = 2026-01-01T00:00:00Z\n\n'
            f'[[message]]\nid = "a"\nrole = "user"\ncontent = "Said in {number}"\n'
        )
        os.utime(folder / f"{name}.toml", (1e9, 1e9 - number))
    terminal = chat()
    terminal.wait_for("Chat 8")
    terminal.press(*["alt+down"] * 6, "alt+up")
    terminal.wait_for("Said in 4")


def test_keys_work_in_the_order_in_which_they_are_typed(chat: Start, server: FakeServer) -> None:
    terminal = chat()
    terminal.send(b"one\ntwo\rthree")
    terminal.wait_for("You said: one")
    assert server.requests[0].json["messages"][-1]["content"] == "one\ntwo"
    terminal.wait_for("│ three")


def test_no_key_overtakes_those_before_it(chat: Start, server: FakeServer, home: Home) -> None:
    terminal = chat()
    terminal.send(b"first\r\x0esecond\r")  # in one go, as over a line that stalled
    terminal.wait_for("You said: second")
    terminal.wait_for("first")
    terminal.wait_until(lambda: [len(chat) for chat in home.said()] == [2, 2])
    assert sorted(chat[0][1] for chat in home.said()) == ["first", "second"]


def test_palette_and_words_with_a_slash_take_the_keys_that_are_theirs(
    chat: Start, server: FakeServer, home: Home
) -> None:
    terminal = chat()
    terminal.send(b"first\r\x10new chat\rsecond\r/ne\t\rthird\r")  # in one go
    terminal.wait_for("You said: third")
    terminal.wait_until(lambda: [len(chat) for chat in home.said()] == [2, 2, 2])
    assert sorted(chat[0][1] for chat in home.said()) == ["first", "second", "third"]


def test_a_line_break_is_typed_by_ctrl_j_and_sent_with_the_rest(
    chat: Start, server: FakeServer
) -> None:
    terminal = chat()
    terminal.type("one")
    terminal.press("ctrl+j")
    terminal.type("two")
    terminal.wait_for("two")
    terminal.press("enter")
    terminal.wait_for("finished")
    assert server.requests[-1].json["messages"][-1]["content"] == "one\ntwo"


def test_a_long_paste_arrives_whole_and_enter_inside_it_sends_nothing(
    chat: Start, server: FakeServer
) -> None:
    pasted = "\n".join(f"line {number}" for number in range(300))
    terminal = chat()
    terminal.paste(pasted)
    terminal.wait_for("[paste 1: 300 lines]")
    assert server.requests == []
    terminal.press_until("enter", lambda: bool(server.requests))
    terminal.wait_for("finished")
    assert server.requests[-1].json["messages"][-1]["content"] == pasted


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, '{"detail":"Unauthorized"}', "key"),
        (500, "<html><h1>down</h1></html>", "500"),
        (400, '{"message":"no such model","code":"1500"}', "no such model"),
    ],
)
def test_a_refusal_is_a_sentence_and_the_prompt_can_be_sent_again(
    chat: Start, server: FakeServer, home: Home, status: int, body: str, sentence: str
) -> None:
    home.settle("retries = 0\n")
    server.reply_with(Answer(status, {"content-type": "application/json"}, [body.encode()]))
    terminal = chat()
    ask(terminal, "Hello")
    terminal.wait_for("Enter on an empty prompt sends it again")
    assert sentence in terminal.text
    assert "Traceback" not in terminal.text
    assert home.said() == [[("user", "Hello")]]
    terminal.press("enter")
    terminal.wait_for("You said: Hello")
    leave(terminal)
