"""Every construct of Markdown with everything that could act on a terminal in it, on one screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.pty.test_injection import PAYLOADS, check
from tui.core.message import Completion, Message, TextChunk, ThinkingChunk, ToolCall
from tui.core.session import Session
from tui.core.words import Ended, Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

CONSTRUCTS = {
    "text": "{}",
    "emphasis": "*a{}* **b{}** ~~c{}~~ ***d{}***",
    "code": "`{}` ``a{}``",
    "heading": "# {}\n\n{}\n===\n\n### {} ###",
    "quote": "> {}\n> > {}",
    "list": "- {}\n  1. {}\n     * {}",
    "task": "- [ ] {}\n- [x] {}",
    "fence": "```\n{}\n```",
    "info string": "```{} {}\nx\n```",
    "language": "```python\n'{}' # {}\n'''\n{}\n```",
    "long line of code": "```\n" + "x" * 2_000 + "{}\n```",
    "indented code": "    {}",
    "table": "| {} | b |\n|---|:-:|\n| `{}` | **{}** |",
    "wide table": "|" + "{}|" * 12 + "\n|" + "-|" * 12 + "\n|" + "x{}|" * 12,
    "link": "[a{}](http://x/{} 'title {}') <http://x/{}>",
    "reference": "[a{}][r] [{}]\n\n[r]: http://x/{}\n[{}]: <u{}>",
    "bare link": "see http://x/{} or https://y.test/?q={}",
    "image": "![a{}](p{}) ![{}][r]",
    "footnote": "a[^{}] b[^n]\n\n[^n]: {}\n\n[^{}]: x",
    "inline html": "a <b title='{}'>{}</b> <!-- {} -->",
    "html": "<div {}>\n{}\n\n<!-- {}\n\n{} -->\n\n<script>{}</script>",
    "maths": "$x{}$ \\(y{}\\)\n\n$$\nz{}\n$$\n\n\\[ w{} \\]",
    "escapes": "\\{} \\*{}\\* &#27;]0;x&#7; &#x9b;31m &#x202e;",
    "rule": "---{}\n\n***\n{}",
    "hard break": "a{}  \n{}\\\nb{}",
    "long word": "w" * 300 + "{}" + "w" * 300,
}


def hostile_chat() -> Session:
    """A chat with a reply for each construct, thinking, a call of a tool and what it gave."""
    everything = "".join(PAYLOADS.values()).replace("\r", "")
    session = Session(title=f"BEGIN {everything}")
    for name, pattern in CONSTRUCTS.items():
        session.add(Message(role=Role.USER, content=f"{name}: {everything}"))
        texts = [pattern.replace("{}", payload) for payload in PAYLOADS.values()]
        body = "\n\n".join([*texts, pattern.replace("{}", everything)])
        session.add(Message(role=Role.ASSISTANT, content=f"{body}\n\nEND OF {name}"))
    done = Completion(model=f"model {everything}", error=f"broken {everything}")
    session.add(
        Message(
            role=Role.ASSISTANT,
            content=[
                ThinkingChunk(thinking=[TextChunk(text=f"THOUGHT {everything}")]),
                TextChunk(text=everything),
            ],
            tool_calls=[ToolCall(id="c", name=f"call{everything}", arguments=f'"{everything}"')],
            ended=Ended.ERROR,
            completion=done,
        )
    )
    session.add(Message(role=Role.TOOL, tool_call_id="c", content=f"LAST {everything}"))
    return session


def create(session: Session, home: Home) -> None:
    folders = (home.config, home.data, home.path / "state", home.path / "cache")
    TomlSessions(Places(*folders)).create(session)


def test_no_construct_lets_an_escape_through(chat: Start, server: FakeServer, home: Home) -> None:
    create(hostile_chat(), home)
    terminal = chat(rows=100)
    terminal.press("alt+down")
    terminal.wait_for("LAST")
    terminal.press("tab")
    terminal.press_until("k", lambda: "▌ ▸ thought" in terminal.text)  # past a notice and the tool
    terminal.press("t")
    terminal.wait_for("THOUGHT")
    terminal.press("w", "l", "g")  # and code goes on sideways
    terminal.wait_for("END OF text")
    terminal.wait_for_no("LAST")
    seen = terminal.text
    while "LAST" not in terminal.text:
        before = terminal.screen
        terminal.press("pagedown")
        terminal.wait_for(before.__ne__)
        while terminal.pump(0.1):  # the rest of the page
            pass
        seen += terminal.text
    assert [name for name in CONSTRUCTS if f"END OF {name}" not in seen] == []
    terminal.press("o")
    check(terminal)


def test_code_goes_on_sideways_if_the_settings_say_so(chat: Start, home: Home) -> None:
    home.settle("wrap_code = false\n")
    numbers = "".join(f"{number:03}," for number in range(60))
    session = Session(title="Numbers")
    session.add(Message(role=Role.USER, content="count"))
    session.add(Message(role=Role.ASSISTANT, content=f"```\n{numbers}\n```", ended=Ended.STOP))
    create(session, home)
    terminal = chat(columns=80)
    terminal.press("alt+down")
    terminal.wait_for(re.compile(r" 000,001,.*›"))
    terminal.press("tab", "l")
    terminal.wait_for(re.compile(r"‹004,005,.*›"))
    terminal.press("w")
    terminal.wait_for("059,")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
