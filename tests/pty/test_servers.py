"""Somebody adds a server, chooses its model, and carries a request off as a shell command: by keys only."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import FakeServer
from tests.pty.harness import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

KEY = "sk-right-0123456789abcdef"
BY_HAND = """\
# Mine.
[providers.dead]  # gone for good
kind = "openai"
base_url = "http://127.0.0.1:9/v1"
model = "gone-1"
"""


def copied(terminal: Terminal) -> str:
    """What was last put on the clipboard of the terminal."""
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", bytes(terminal.raw))
    return base64.b64decode(found[-1]).decode() if found else ""


def fill(terminal: Terminal, text: str) -> None:
    terminal.press("enter")
    terminal.wait_for("Enter takes it")
    terminal.type(text)
    terminal.press("enter")
    terminal.wait_for_no("Enter takes it")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_a_server_is_added_its_model_chosen_and_a_request_carried_off(
    chat: Start, home: Home, size: tuple[int, int]
) -> None:
    home.settle(BY_HAND)
    with FakeServer(key=KEY, models=["keyed-small", "keyed-large"]) as other:
        terminal = chat(columns=size[0], rows=size[1])
        terminal.type("/servers")
        terminal.press("enter")
        terminal.wait_for("127.0.0.1:9/v1")
        terminal.press("ctrl+n")
        terminal.wait_for("A new server")
        fill(terminal, "box")
        terminal.press("down")
        fill(terminal, other.url)
        terminal.press(*["down"] * 5)
        fill(terminal, "sk-wrong-0123456789")
        terminal.press("ctrl+t")
        terminal.wait_for("✗ key")
        fill(terminal, KEY)
        terminal.press("ctrl+t")
        terminal.wait_for("✓ key")
        terminal.press("ctrl+o")
        terminal.wait_for("“box” is saved")

        terminal.press("f4")
        terminal.wait_for("127.0.0.1:9 refused the")
        terminal.type("keyed-la")
        terminal.wait_for("keyed-large")
        terminal.press("enter")
        terminal.wait_for("box · keyed-large")

        terminal.type("hello “there”, it's me")
        terminal.press("f5")
        terminal.wait_for("What would be sent now")
        terminal.press("3")
        terminal.wait_for("curl -sS")
        terminal.press("y")
        terminal.wait_until(lambda: "curl -sS" in copied(terminal))
        command = copied(terminal)
        terminal.press("enter")
        terminal.wait_for("You said: hello")
        terminal.wait_for("finished")
        sent = next(seen.json for seen in other.requests if seen.method == "POST")
        assert sent["messages"][-1]["content"] == "hello “there”, it's me"

        if shutil.which("curl"):
            env = environment(home.path, {"API_KEY": KEY})
            run = subprocess.run(
                ["sh", "-c", command], env=env, capture_output=True, text=True, check=True
            )
            assert "[DONE]" in run.stdout
            by_curl = [seen.json for seen in other.requests if seen.method == "POST"][-1]
            assert by_curl == sent

        terminal.press("tab", "i")
        terminal.wait_for("What was sent at")
        terminal.press("6", "end")
        terminal.wait_for("data: [DONE]")
        terminal.press("1", "e")
        terminal.wait_for("to be sent once")
        terminal.press("backspace")
        terminal.type(', "temperature": 0.5}')
        terminal.press("ctrl+o")
        terminal.wait_for("changed by hand")
        terminal.press("enter")
        terminal.wait_until(lambda: other.requests[-1].json != sent)
        assert other.requests[-1].json == {**sent, "temperature": 0.5}
        terminal.wait_until(lambda: len(home.sessions()[0].get("message", [])) == 3)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0

    settings = (home.config / "settings.toml").read_text()
    assert settings.startswith(BY_HAND.rstrip("\n"))
    assert KEY not in settings
    seen = bytes(terminal.raw).decode("utf-8", "replace") + command
    files = [path for path in home.path.rglob("*") if path.is_file() and path.name != "keys.toml"]
    assert "0123456789" not in seen
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
    first, second = (m["completion"] for m in home.sessions()[0]["message"][1:])
    assert "temperature" not in first
    assert second["temperature"] == 0.5
