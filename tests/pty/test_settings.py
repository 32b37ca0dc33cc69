"""The settings pane by keys only, with the embedded model: somebody tunes a prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = [pytest.mark.pty, pytest.mark.model]

BY_HAND = """\
# Mine.
[parameters]
temperature = 0.0  # steady
max_tokens = 60
"""
QUESTION = "What is the capital of France?"


def close(terminal: Terminal) -> None:
    terminal.press("escape")
    terminal.wait_for_no("Settings of")


def command(terminal: Terminal, words: str, told: str) -> None:
    terminal.type(words)
    terminal.wait_for(words)
    terminal.press("enter")
    terminal.wait_for(told)


def replies(home: Home) -> list[dict[str, Any]]:
    """The replies of the chat, the newest last."""
    messages = [message for session in home.sessions() for message in session.get("message", [])]
    return [message for message in messages if message["role"] == "assistant"]


def make_anew(terminal: Terminal, home: Home) -> dict[str, Any]:
    """Have the last reply made anew; gives it when it is saved."""
    before = len(replies(home))
    terminal.press("tab", "r")
    terminal.wait_until(lambda: len(replies(home)) > before, timeout=100)
    terminal.press("escape")
    terminal.wait_until(lambda: terminal.has_cursor("Ask something"))
    return replies(home)[-1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_a_prompt_is_tuned(bise: Start, with_model: Home, size: tuple[int, int]) -> None:
    with_model.settle(BY_HAND)
    terminal = bise("--local", columns=size[0], rows=size[1])
    terminal.wait_for("smollm2")
    terminal.press("f2")
    terminal.wait_for("Settings of this chat")
    terminal.press("ctrl+a")
    terminal.type(r"\n\n")
    terminal.press("enter", "ctrl+a")
    terminal.type("Paris")
    terminal.press("enter")
    terminal.wait_for("2 ☑ Paris")
    terminal.wait_for("1 ☑ ⏎⏎")
    terminal.wait_for("stop: 2")
    terminal.press("up")
    terminal.type(" ")
    terminal.wait_for("2 ☐ Paris")
    terminal.wait_for("stop: 1")
    close(terminal)

    terminal.type(QUESTION)
    terminal.wait_for(QUESTION)
    terminal.press("enter")
    terminal.wait_for("Paris.", timeout=100)
    terminal.wait_for("a stop sequence or the")
    terminal.wait_until(lambda: bool(replies(with_model)))
    [whole] = replies(with_model)
    assert whole["content"] == "The capital of France is Paris."
    assert whole["completion"]["stop"] == ["\n\n"]

    terminal.press("f2")
    terminal.wait_for("2 ☐ Paris")
    terminal.type(" ")
    terminal.wait_for("cuts at 25")
    terminal.wait_for("stop: 2")
    close(terminal)
    cut = make_anew(terminal, with_model)
    assert cut["content"].strip() == "The capital of France is"
    assert cut["completion"]["stop"] == ["\n\n", "Paris"]
    terminal.wait_for_no("Paris.")

    command(terminal, "/stop off 2", "stop: 1")
    command(terminal, "/prefix My answer is: it", "│ prefix")
    begun = make_anew(terminal, with_model)
    assert begun["content"] == "My answer is: it is Paris."
    assert begun["prefix"] == "My answer is: it"
    terminal.wait_for("My answer is: it is Paris.")

    command(terminal, "/save-preset tuned", "tuned")
    terminal.press("ctrl+n")
    terminal.wait_for_no(QUESTION if size[0] < 100 else "▎ " + QUESTION)
    terminal.wait_for_no("│ prefix")
    command(terminal, "/preset tuned", "│ prefix")
    terminal.wait_for("stop: 1")

    terminal.press("f2", "ctrl+w")
    terminal.wait_for("Settings of new chats")
    terminal.type("temperature")
    terminal.press("enter", "ctrl+u")
    terminal.type("0.1")
    terminal.press("enter", "ctrl+q")
    assert terminal.wait_exit() == 0
    settings = (with_model.config / "settings.toml").read_text()
    assert settings == BY_HAND.replace("0.0  #", "0.1  #")
    preset = (with_model.config / "presets" / "tuned.toml").read_text()
    assert 'prefix = "My answer is: it"' in preset
    assert "Traceback" not in terminal.text
