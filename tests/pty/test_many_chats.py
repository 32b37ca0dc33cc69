from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.benchmarks.many import fill
from tests.fakes.server import Hold, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

MANY = 10_000
NEEDLE = """
[[message]]
id = "needle1"
parent = "m0000001"
role = "user"
created = 2020-06-01T00:00:00Z
content = "Where is the xylophone kept?"
"""


def listed(title: str, mark: str = "") -> re.Pattern[str]:
    """A line of the list with that title and mark."""
    return re.compile(rf"^ [\d ] (★ )?{re.escape(title)}.*{re.escape(mark)}", re.MULTILINE)


def named(home: Home, number: int, title: str, server: FakeServer) -> None:
    path = home.session_files[number]
    text = re.sub(
        r'^title = ".*"$', f'title = "{title}"', path.read_text("utf-8"), flags=re.MULTILINE
    )
    text = text.replace('"mistral"', f'"{urlsplit(server.url).netloc}"', 1)
    text += NEEDLE if title == "Instruments" else ""
    before, created, behind = text.rpartition("\ncreated = ")
    moment = datetime.now(UTC) - timedelta(minutes=title == "Instruments")
    now = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    path.write_text(f"{before}{created}{now}{behind[len(now) :]}", "utf-8")


def test_ten_thousand_chats_are_worked_with_by_keys(
    chat: Start, server: FakeServer, home: Home
) -> None:
    fill(home.data / "sessions", MANY, 2, 12)
    named(home, 5_000, "Instruments", server)
    named(home, 400, "Zebra crossings", server)
    holds = [threading.Event() for _ in range(3)]
    server.reply_with(
        sse("first half ", Hold(holds[0]), "first end"),
        sse("second half ", Hold(holds[1]), "second end"),
        sse("reply of the branch"),
        sse("third half ", Hold(holds[2]), "third end"),
    )
    terminal = chat()
    terminal.wait_for(listed("Instruments"))  # it was written to last but one

    # the filter, and a slot
    terminal.press("shift+tab")
    terminal.type("/zebra")
    terminal.wait_for(re.compile(r"^ \d[\d,]* of 10,000", re.MULTILINE))
    terminal.press("enter")
    terminal.wait_for(lambda screen: "Zebra crossings" in screen[0][28:])

    # two chats answer, and one is gone to when it is unread
    terminal.type("one")
    terminal.press("enter")
    terminal.wait_for("first half")
    terminal.press("ctrl+o")
    terminal.type("instru")
    terminal.press("enter")
    terminal.wait_for(lambda screen: "Instruments" in screen[0][28:])
    terminal.type("two")
    terminal.press("enter")
    terminal.wait_for("second half")
    terminal.wait_for(listed("Zebra crossings", "●"))
    holds[0].set()
    terminal.wait_for(listed("Zebra crossings", "○"))
    terminal.press("alt+u")
    terminal.wait_for("first half first end")
    terminal.press("ctrl+t")
    terminal.wait_for("second half")

    # the chat that streams is deleted, and comes back with what was there
    terminal.type("/delete")
    terminal.press("enter")
    terminal.wait_for(lambda screen: "Instruments" not in screen[0][28:])
    terminal.wait_until(lambda: any((home.data / "sessions" / "trash").glob("*.toml")))
    terminal.type("/restore")
    terminal.press("enter")
    terminal.wait_for("second half")
    holds[1].set()

    # words to the message
    terminal.press("f3")
    terminal.wait_for("Search in all chats")
    terminal.type("xylophone")
    terminal.wait_for("1 found")
    terminal.press("enter")
    terminal.wait_for(re.compile(r"▌ Where is the xylophone kept"))

    # pinned, renamed, tagged: found again after the next start
    terminal.press("shift+tab")
    terminal.type("/pin")
    terminal.press("enter")
    terminal.type("/rename Music room")
    terminal.press("enter")
    terminal.type("/tag old")
    terminal.press("enter")
    terminal.wait_for(listed("Music room"))
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    again = chat()
    again.wait_for(re.compile(r"^ Pinned *.*\n 1 ★ Music room", re.MULTILINE))
    again.press("ctrl+o")
    again.wait_for("a digit opens that slot")
    again.type("1")
    again.wait_for("second half")

    # an early question is put otherwise, versions are turned, and a fork answers unseen
    again.press("tab")
    again.type("ge")
    again.wait_for("Ask otherwise")
    again.type(" Or not?")
    again.press("ctrl+o")
    again.wait_for("reply of the branch")
    again.wait_for("2/2")
    again.type("[")
    again.wait_for("1/2")
    again.type("]")
    again.wait_for("reply of the branch")
    again.type("fthird")  # the keys behind f are for the fork
    again.press("enter")
    again.wait_for("third half")
    again.press("ctrl+t")
    again.wait_for(listed("↳ Music room", "●"))
    holds[2].set()
    again.wait_for(listed("↳ Music room", "○"))
    again.press("ctrl+q")
    assert again.wait_exit() == 0
    last = chat()
    last.wait_for(listed("↳ Music room", "○"))
    last.press("alt+u")
    last.wait_for("third half third end")
    last.press("ctrl+q")
    assert last.wait_exit() == 0
