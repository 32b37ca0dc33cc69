from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import HANG, sse
from tests.pty.test_chat import ask, leave

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.server import FakeServer
    from tests.pty.home import Home

pytestmark = pytest.mark.pty


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All files below a folder: when each was written to, and what stands in it."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                found[path] = os.stat(path).st_mtime_ns, file.read()
    return found


def test_a_passing_chat_changes_no_file_whatever_is_done_in_it(
    bise, chat, server: FakeServer, home: Home
) -> None:
    first = chat()
    ask(first, "Kept")
    first.wait_for("finished")
    leave(first)
    before = state_of(home.path)
    assert len(home.said()) == 1

    on_server = ("--base-url", server.url, "--kind", "mistral", "--model", "fake-model")
    terminal = bise("--ephemeral", *on_server)
    terminal.wait_for("not kept")
    assert not any("Kept" in line for line in terminal.screen)
    ask(terminal, "Secret")
    terminal.wait_for("You said: Secret")
    terminal.wait_for("finished")
    terminal.press("ctrl+n")
    server.reply_with(sse("The beginning ", HANG))
    ask(terminal, "Another secret")
    terminal.wait_for("The beginning")
    terminal.press("alt+down")
    terminal.wait_for("You said: Secret")
    terminal.type("typed and not sent")
    terminal.wait_for("typed and not sent")
    terminal.press("f9")
    terminal.press("ctrl+q", "ctrl+q")
    assert terminal.wait_exit() == 0
    assert state_of(home.path) == before


def test_a_line_that_drops_leaves_nothing_of_a_passing_chat(
    bise, server: FakeServer, home: Home
) -> None:
    server.reply_with(sse("The beginning ", HANG))
    on_server = ("--base-url", server.url, "--kind", "mistral", "--model", "fake-model")
    terminal = bise("--ephemeral", *on_server, columns=60, rows=16)
    terminal.wait_for("not kept")
    ask(terminal, "Secret")
    terminal.wait_for("The beginning")
    terminal.hang_up()
    terminal.wait_exit()
    assert state_of(home.path) == {}


def test_a_passing_chat_beside_others_leaves_no_trace_of_what_was_said(
    chat, server: FakeServer, home: Home
) -> None:
    terminal = chat()
    ask(terminal, "Kept")
    terminal.wait_for("finished")
    ask(terminal, "/ephemeral")
    terminal.wait_for("not kept")
    server.reply_with(sse("The Secret beginning ", HANG))
    ask(terminal, "Secret question")
    terminal.wait_for("The Secret beginning")
    terminal.press("ctrl+n")
    terminal.wait_for_no("not kept")
    terminal.press("alt+down")
    terminal.wait_for("not kept")
    terminal.type("Secret draft")
    terminal.wait_for("Secret draft")
    terminal.press("ctrl+q", "ctrl+q")
    assert terminal.wait_exit() == 0
    assert [said[0] for said in home.said()] == [("user", "Kept")]
    assert not [path for path, (_, data) in state_of(home.path).items() if b"Secret" in data]
