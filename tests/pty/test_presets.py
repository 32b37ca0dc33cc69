from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

SETTINGS = """\
# what I like
theme = "bise-dark"   # for the night

[keys]
# not mine yet
"chat.back" = "f12"
"""

LIGHT = b"48;2;253;252;250"
"""The background of `bise-light`."""


def run(terminal: Terminal, words: str) -> None:
    """Type a command and run it once it stands there."""
    terminal.type(words)
    terminal.wait_for(words)
    terminal.press("enter")


def ask(terminal: Terminal, server: FakeServer, prompt: str) -> dict[str, Any]:
    """Ask, and give what was sent."""
    asked = len(server.requests)
    run(terminal, prompt)
    terminal.wait_for(f"You said: {prompt}")
    assert len(server.requests) == asked + 1
    sent: dict[str, Any] = server.requests[-1].json
    return sent


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_preset_prompt_keys_and_colours_by_keys_only(
    chat: Start, server: FakeServer, home: Home, columns: int, rows: int
) -> None:
    home.settle(SETTINGS)
    prompts = home.config / "prompts"
    prompts.mkdir()
    (prompts / "dated.md").write_text("Today is {{date}}.\n", "utf-8")
    terminal = chat(columns=columns, rows=rows)

    # what is set becomes a preset, and is used in another chat
    run(terminal, "/temperature 0.3")
    run(terminal, "/save-preset")
    terminal.wait_for("as a preset called")
    run(terminal, "my letters")
    terminal.wait_for("Saved as preset")
    assert (home.config / "presets" / "my letters.toml").exists()
    assert ask(terminal, server, "first")["temperature"] == 0.3
    terminal.press("ctrl+n")
    run(terminal, "/preset")
    terminal.wait_for("Built in")
    terminal.type("letters")
    terminal.wait_for("not set → 0.3")
    terminal.press("enter")
    terminal.wait_for("is in force")

    # a prompt of the library is linked, and filled in when it is sent
    run(terminal, "/prompt")
    terminal.wait_for("Library of system prompts")
    run(terminal, "dated")
    today = date.today().isoformat()  # noqa: DTZ011 (the user's day)
    terminal.wait_for(f"[dated] Today is {today}.")
    sent = ask(terminal, server, "second {{date}}")
    assert sent["temperature"] == 0.3
    assert [message["content"] for message in sent["messages"]] == [
        f"Today is {today}.\n",
        "second {{date}}",
    ]

    # a key is moved by pressing it, and does its work at once
    run(terminal, "/keys")
    terminal.wait_for("Enter changes those")
    run(terminal, "chat.back")
    terminal.wait_for("Keys: F12 (default: Ctrl+T)")
    terminal.press("enter")
    terminal.wait_for("Press the key now")
    terminal.press("alt+n")
    terminal.wait_for("Alt+N may not arrive")
    terminal.press("escape")
    terminal.wait_for_no("may not arrive")
    terminal.press("escape")
    terminal.wait_for_no("Enter changes those")
    terminal.press("alt+n")
    terminal.wait_for("You said: first")

    # colours are put on in passing, and one stays
    run(terminal, "/theme")
    terminal.wait_for("Colours")
    assert LIGHT not in terminal.raw
    terminal.type("bise-light")
    terminal.wait_until(lambda: LIGHT in terminal.raw)
    terminal.press("enter")
    terminal.wait_for_no("Colours")
    settings = home.config / "settings.toml"
    wanted = SETTINGS.replace("bise-dark", "bise-light").replace('"f12"', '"alt+n"')
    terminal.wait_until(lambda: settings.read_text("utf-8") == wanted)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
