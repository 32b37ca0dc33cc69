"""Writing prompts by keys only: pastes, prompts from before, the user's editor, files, the context."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import Hold, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

EDITOR = """\
#!/bin/sh
echo "THE EDITOR IS HERE"
: > {folder}/started
while [ ! -e {folder}/go ]; do sleep 0.05; done
echo "and from the editor" >> "$1"
"""

SETTINGS = """\
[models.fake-model]
context = 900
input = 1.0
output = 2.0
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def last_prompt(server: FakeServer) -> str:
    return str(server.requests[-1].json["messages"][-1]["content"])


def ask(terminal: Terminal, server: FakeServer, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")
    terminal.wait_until(lambda: server.requests != [] and last_prompt(server) == prompt)
    terminal.wait_for("Ask something")


def test_prompts_are_written_brought_back_and_sent_whole(
    chat: Start, server: FakeServer, home: Home, tmp_path: Path
) -> None:
    home.settle(SETTINGS)
    work = tmp_path / "work"
    work.mkdir()
    (work / "notes.md").write_text("Comté is from the Jura.\n")
    editor = tmp_path / "editor"
    editor.write_text(EDITOR.format(folder=tmp_path))
    editor.chmod(0o700)
    terminal = chat(env={"EDITOR": str(editor)}, cwd=work)

    ask(terminal, server, "alpha question")
    terminal.wait_for("$0.0")
    pasted = "".join(f"{number}\n" for number in range(1, 41))
    terminal.type("see ")
    terminal.paste(pasted)
    terminal.wait_for("see [paste 1: 40 lines]")
    terminal.press_until("enter", lambda: len(server.requests) > 1)
    assert last_prompt(server) == f"see {pasted}"
    terminal.wait_for("Ask something")

    # Prompts from before: step by step, and by what is typed of them
    terminal.type("half a draft")
    terminal.wait_for("half a draft")
    terminal.press("up", "up")
    terminal.wait_for("│ alpha question")
    terminal.press("down", "down")
    terminal.wait_for("half a draft")
    terminal.press("ctrl+r")
    terminal.wait_for("Prompts of all chats")
    terminal.type("alq")
    terminal.press("enter")
    terminal.wait_for("│ alpha question")
    terminal.press("ctrl+z")
    terminal.wait_for("half a draft")
    terminal.press("ctrl+c")
    terminal.wait_for("Ask something")

    # The editor has the terminal; the reply goes on coming in, and onto the disk
    rest = threading.Event()
    server.reply_with(sse("It begins", Hold(rest), " and ends."))
    terminal.type("beta question")
    terminal.press("enter")
    terminal.wait_for("It begins")
    terminal.type("draft")
    terminal.wait_for("│ draft")
    terminal.press("ctrl+g")
    terminal.wait_until((tmp_path / "started").exists)
    terminal.wait_for("THE EDITOR IS HERE")
    lent_at = len(terminal.raw)
    rest.set()
    terminal.wait_until(lambda: home.said()[0][-1] == ("assistant", "It begins and ends."))
    assert bytes(terminal.raw[lent_at:]) == b""
    (tmp_path / "go").touch()
    terminal.wait_for("It begins and ends.")
    terminal.wait_for("and from the editor")
    terminal.press("enter")
    terminal.wait_until(lambda: last_prompt(server) == "draft\nand from the editor")
    terminal.wait_for("Ask something")

    # A file is completed, and goes with the prompt; what is none is told
    terminal.type("read @no")
    terminal.press("tab")
    terminal.wait_for("read @notes.md")
    terminal.press("enter")
    terminal.wait_until(lambda: "Comté is from the Jura." in last_prompt(server))
    terminal.wait_for("Ask something")
    terminal.type("read @./none.txt")
    terminal.press("enter")
    terminal.wait_for("none.txt is not there")
    terminal.press("ctrl+c")

    # A prompt for which there is no room is not cut: the user is asked
    asked = len(server.requests)
    terminal.paste("some words of a longer text\n" * 300)
    terminal.wait_for("300 lines]")
    terminal.wait_for("/context offers ways out")
    terminal.press_until("enter", lambda: "Send it all the same" in terminal.text)
    assert len(server.requests) == asked
    terminal.press("escape")
    terminal.wait_for_no("Send it all the same")
    terminal.wait_for("300 lines]")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []

    # What was typed and not sent is still there, and so is what was sent
    again = chat(cwd=work)
    again.press("alt+down")
    again.wait_for("some words of a longer text")
    again.press("ctrl+c", "ctrl+r")
    again.wait_for("beta question")


def test_an_editor_that_fails_leaves_the_prompt_and_one_that_runs_ends_with_the_program(
    chat: Start, server: FakeServer, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho changed > $1\nexit 3\n")
    editor.chmod(0o700)
    terminal = chat(env={"VISUAL": str(editor)})
    terminal.type("my draft")
    terminal.wait_for("my draft")
    terminal.press("ctrl+g")
    terminal.wait_for("ended with 3")
    terminal.wait_for("my draft")
    editor.write_text("#!/bin/sh\nexit 0\n")
    terminal.press("ctrl+g")
    terminal.wait_for("saved nothing")
    terminal.wait_for("my draft")

    # A chat that is not kept has its file in memory, and the editor ends with the program
    terminal.type("\r/ephemeral\r")
    terminal.wait_for("not kept")
    editor.write_text(f"#!/bin/sh\necho $1 > {tmp_path}/name\nexec sleep 1000\n")
    terminal.type("secret")
    terminal.wait_for("secret")
    terminal.press("ctrl+g")
    told = tmp_path / "name"
    terminal.wait_until(lambda: told.exists() and told.read_text() != "")
    name = told.read_text().strip()
    assert name.startswith("/dev/shm/")
    [sleeping] = terminal.children
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert terminal.left_behind() == []
    terminal.wait_until(lambda: not alive(sleeping))
    assert not Path(name).exists()
