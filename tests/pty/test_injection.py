"""Text from outside is inert: the bytes written to the terminal are searched for it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import Answer, document, sse
from tests.pty.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

MARKUP = "[/foo] [@click=app.quit]go[/] [bold red]loud[/]"
PAYLOADS = {
    "title": "\x1b]0;OWNED\x07",
    "title ended by ST": "\x1b]2;OWNED\x1b\\",
    "clipboard": "\x1b]52;c;T1dORUQ=\x07",
    "link": "\x1b]8;;http://owned.example\x1b\\text\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[H\x1b[3J",
    "colour": "\x1b[31;5mOWNED",
    "device control": "\x1bP+q4f574e4544\x1b\\",
    "application command": "\x1b_GOWNED\x1b\\",
    "reset": "\x1bc",
    "alternate screen": "\x1b[?1049l",
    "question": "\x1b[6n\x1b[c\x05",
    "C1 control sequence": "\x9b31;5m",
    "C1 system command": "\x9d0;OWNED\x9c",
    "C1 device control": "\x90OWNED\x9c",
    "C0": "\x00\x07\x08\x0b\x0c\x0e\x0f\x1a\x7f",
    "bidi": "\u202eDENWO\u202c \u2066x\u2069 \u200f",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade",
    "tags": "".join(chr(0xE0000 + ord(letter)) for letter in "OWNED"),
    "line separators": "one\u2028two\u2029three\x85four",
    "lone carriage return": "harmless\rOWNED",
}

OWN = re.compile(
    rb"\x1b\[[0-9;?<>=$]*[A-Za-z]|\x1b\](?:1[01];\?|22;[a-z-]*)(?:\x07|\x1b\\)|\x1b[=>78]|\x1b\([AB0]|[\x08\t\r\n]"
)
"""What the program itself may write: control sequences, questions about colours, the pointer's
shape, small steps of the cursor."""

FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)


def forbidden_in(raw: bytes) -> list[str]:
    """Characters that act on a terminal, or hide, where the program has no use for them itself."""
    text = OWN.sub(b"", raw).decode()
    return [ascii(text[max(0, m.start() - 9) : m.end() + 9]) for m in FORBIDDEN.finditer(text)]


def payload_in(raw: bytes) -> list[str]:
    """The payloads that stand in the bytes as they were sent."""
    return [name for name, payload in PAYLOADS.items() if payload.encode() in raw]


def check(terminal: Terminal) -> None:
    """What was written so far is harmless, and so is leaving."""
    assert payload_in(bytes(terminal.raw)) == []
    if terminal.process.poll() is None:
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []
    # Not before: what was read so far may end within a character
    assert forbidden_in(bytes(terminal.raw)) == []


def test_the_check_finds_what_it_looks_for() -> None:
    for name, payload in PAYLOADS.items():
        raw = f"\x1b[38;2;1;2;3mtext{payload}text\x1b[0m\r\n".encode()
        assert payload_in(raw) == [name] or forbidden_in(raw), name
    assert forbidden_in(b"\x1b[?1049h\x1b[1;1Htext\r\n\x1b]11;?\x1b\\\x1b[>1u\x1b[?2026$p") == []


def test_a_hostile_reply_is_shown_and_not_obeyed(
    chat: Start, server: FakeServer, home: Home
) -> None:
    reply = "BEGIN\n\n" + "\n\n".join(f"{name}: {text}" for name, text in PAYLOADS.items())
    reply += f"\n\n{MARKUP}\n\n| a | b |\n|---|---|\n| {MARKUP} | {PAYLOADS['title']} |\n\n"
    reply += f"```python\n{PAYLOADS['clipboard']}{MARKUP}\n```\n\n[link](http://x/{PAYLOADS['bidi']})\n\nEND"
    pieces = [reply[at : at + 7] for at in range(0, len(reply), 7)]
    server.reply_with(sse(*pieces))
    terminal = chat(rows=100)
    terminal.type("hello")
    terminal.wait_for("hello")
    terminal.press("enter")
    terminal.wait_for("finished")
    terminal.wait_for("END")
    assert "[@click=app.quit]go[/]" in terminal.text
    assert "␛]0;OWNED␇" in terminal.text
    terminal.press("tab", "g", "G")
    check(terminal)
    assert home.said()[0][1] == ("assistant", reply.encode("utf-8", "replace").decode())


def test_a_hostile_error_is_shown_and_not_obeyed(chat: Start, server: FakeServer) -> None:
    words = "refused " + MARKUP + "".join(PAYLOADS.values())
    server.reply_with(document({"message": words, "code": words}, 400))
    terminal = chat()
    terminal.type("hello")
    terminal.wait_for("hello")
    terminal.press("enter")
    terminal.wait_for("refused [/foo]")
    check(terminal)


def test_a_hostile_prompt_title_and_model_are_shown_and_not_obeyed(
    bise: Start, server: FakeServer
) -> None:
    hostile = "".join(PAYLOADS.values()).replace("\x00", "")
    model = f"model {MARKUP} {hostile[:30]}"
    answer = sse("fine")
    steps = [
        step.replace(b"fake-model", json.dumps(model)[1:-1].encode())
        for step in answer.steps
        if isinstance(step, bytes)
    ]
    server.reply_with(Answer(200, answer.headers, steps))
    terminal = bise("--base-url", server.url, "--kind", "openai", "--model", model)
    terminal.wait_for("model [/foo]")
    terminal.send(b"\x1b[200~" + MARKUP.encode() + "\x9b31;5m\u202ex".encode() + b"\x1b[201~")
    terminal.wait_for("[/foo] [@click=app.quit]go")
    terminal.press_until("enter", lambda: bool(server.requests))
    terminal.wait_for("finished")
    terminal.press("f1")
    terminal.wait_for("Begin a new line")
    terminal.press("escape")
    check(terminal)


def test_hostile_session_files_are_listed_and_opened_unharmed(chat: Start, home: Home) -> None:
    folder = home.data / "sessions"
    folder.mkdir(parents=True)
    everything = MARKUP + "".join(PAYLOADS.values())
    text = json.dumps(everything).replace("\\u007f", "\\u007F").replace("\x7f", "\\u007F")
    text = re.sub(r"\\ud([89ab]..)\\ud([c-f]..)", _joined, text)
    (folder / "20260101-000000-aaaa.toml").write_text(
        f'schema = 1\nid = "20260101-000000-aaaa"\ntitle = {text}\n'
        f"created = 2026-01-01T00:00:00Z\n\n[[message]]\nid = {text}\n"
        f'role = "user"\ncontent = {text}\n',
        "utf-8",
    )
    (folder / "20260101-000001-bbbb.toml").write_text(f"title = {everything}\n", "utf-8")
    terminal = chat()
    terminal.wait_for("[/foo]")
    terminal.press("alt+down")
    terminal.wait_for("line 1")
    terminal.press("alt+down")
    terminal.wait_for("You")
    check(terminal)


def _joined(pair: re.Match[str]) -> str:
    """JSON writes two surrogates where TOML wants one code point."""
    return f"\\U{ord(json.loads(f'{chr(34)}{pair.group()}{chr(34)}')):08x}"


def test_a_question_on_a_terminal_is_answered_with_harmless_text(
    bise: Start, server: FakeServer
) -> None:
    server.reply_with(sse("BEGIN ", *PAYLOADS.values(), " END"))
    terminal = bise("ask", "--base-url", server.url, "--kind", "openai", "hello")
    terminal.wait_for("END")
    assert terminal.wait_exit() == 0
    check(terminal)
    assert "␛]0;OWNED␇" in terminal.text.replace("\n", "")
