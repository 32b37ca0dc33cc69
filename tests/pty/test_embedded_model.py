"""The real embedded model, from its set-up to the end of its process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.pty.harness import BISE, environment
from tests.pty.processes import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = [pytest.mark.pty, pytest.mark.model]

LABEL = "facts are often wrong"
STREAMING = "streaming"
"""Stands in the status line once the first word is there."""

ENDED = re.compile("finished|cut at the token limit")
ENDED_OR_STOPPED = re.compile(f"{ENDED.pattern}|stopped by you")

COUNT = "Count from one to a thousand, one number on each line"
ENDLESS = """
[parameters]
max_tokens = 600
extra = { ignore_eos = true }
"""
"""Keeps the model busy for a while, whatever it would say."""


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.wait_for("Ask something")
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")


def wait_for_engine(terminal: Terminal) -> int:
    """Wait until the engine's process runs; gives its id."""
    terminal.wait_until(lambda: bool(terminal.children))
    [engine] = terminal.children
    return engine


def test_the_first_start_with_the_embedded_model(bise: Start, weights: object, home: Home) -> None:
    terminal = bise()
    terminal.wait_for("Who shall answer?")
    terminal.wait_for("93 MB")
    terminal.wait_for("Apache-2.0")
    terminal.press("2")
    terminal.wait_for_no("Who shall answer?", timeout=100)
    terminal.wait_for(LABEL)
    ask(terminal, "What is the capital of France?")
    terminal.wait_for("finished", timeout=100)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    [[prompt, reply]] = home.said()
    assert prompt == ("user", "What is the capital of France?")
    assert reply[0] == "assistant"
    assert len(reply[1]) > 1


def test_ask_stop_switch_quit_and_come_back(bise: Start, with_model: Home) -> None:
    with_model.settle(ENDLESS)
    terminal = bise("--local")
    ask(terminal, COUNT)
    terminal.wait_for(STREAMING)
    terminal.press("ctrl+n")
    terminal.wait_for_no(STREAMING)
    ask(terminal, "Say hello")
    terminal.wait_for(STREAMING)
    terminal.wait_for("more answering")
    terminal.press("ctrl+t")
    terminal.wait_for("▎ Count from one")
    terminal.wait_for(STREAMING)
    terminal.press("escape")
    terminal.wait_for("stopped by you")
    terminal.press("ctrl+t")
    terminal.wait_for(ENDED, timeout=100)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0

    ended = {s["message"][0]["content"]: s["message"][1] for s in with_model.sessions()}
    assert ended[COUNT]["ended"] == "stopped"
    assert ended[COUNT]["content"]
    assert ended[COUNT]["completion"]["model"]
    assert ended["Say hello"]["ended"] == "length"

    again = bise("--local")
    again.wait_for("Count from one")
    again.wait_for("Say hello")
    again.wait_for("smollm2")  # in the status line: the new chat is there
    again.press("alt+down")
    again.wait_for(ENDED_OR_STOPPED)
    if "stopped by you" not in again.text:
        again.press("alt+down")
    again.wait_for("stopped by you")
    assert ended[COUNT]["content"].split()[0] in again.text
    again.press("ctrl+q")
    assert again.wait_exit() == 0


@pytest.mark.parametrize("way", ["quit", signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_engine_is_gone_when_the_program_is(
    bise: Start, with_model: Home, way: str | signal.Signals
) -> None:
    with_model.settle(ENDLESS)
    terminal = bise("--local")
    ask(terminal, COUNT)
    terminal.wait_for(STREAMING)
    engine = wait_for_engine(terminal)
    if isinstance(way, signal.Signals):
        terminal.signal(way)
    else:
        terminal.press("ctrl+q")
        terminal.wait_for("still coming. Quit?")
        terminal.press("y")
    terminal.wait_exit()
    terminal.wait_until(lambda: not is_alive(engine))
    [session] = with_model.sessions()
    assert session["message"][0]["content"] == COUNT
    if way != signal.SIGKILL:
        assert terminal.left_behind() == []
        assert session["message"][1]["ended"] == "interrupted"


def test_an_engine_that_dies_is_told_and_started_again(bise: Start, with_model: Home) -> None:
    with_model.settle(ENDLESS)
    terminal = bise("--local")
    ask(terminal, COUNT)
    terminal.wait_for(STREAMING)
    engine = wait_for_engine(terminal)
    os.kill(engine, signal.SIGKILL)
    terminal.wait_for("was killed")
    ask(terminal, "Say hello")
    terminal.wait_for(ENDED, timeout=100)
    assert wait_for_engine(terminal) != engine
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_a_question_from_the_command_line(with_model: Home) -> None:
    done = subprocess.run(
        [BISE, "ask", "--local", "--temperature", "0", "What is the capital of France?"],
        env=environment(with_model.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "Paris" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_model_is_set_up_and_removed_from_the_command_line(
    bise: Start, weights: object, home: Home
) -> None:
    terminal = bise("local", "status")
    assert terminal.wait_exit() in {0, 1}
    terminal = bise("local", "setup")
    terminal.wait_for("Apache-2.0")
    terminal.type("n\n")
    assert terminal.wait_exit() != 0
    assert not home.local_model.exists() or not list(home.local_model.glob("*.gguf"))
    terminal = bise("local", "setup", "--yes")
    assert terminal.wait_exit(timeout=100) == 0, terminal.text
    assert list(home.local_model.glob("*.gguf"))
    terminal = bise("local", "remove")
    terminal.wait_until(lambda: terminal.process.poll() is not None or "?" in terminal.text)
    terminal.type("y\n")
    assert terminal.wait_exit() == 0
    assert not list(home.local_model.glob("*.gguf"))


def test_a_damaged_model_file_is_told(bise: Start, weights: object, home: Home) -> None:
    damaged = home.path / "own.gguf"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"GGUF" + bytes(5000))
    home.settle(f'[local]\ngguf = "{damaged}"\n')
    terminal = bise()
    ask(terminal, "Hello")
    terminal.wait_for(re.compile(r"own\.gguf\W+can't\W+be\W+loaded"), timeout=100)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
