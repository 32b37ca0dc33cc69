from __future__ import annotations

import re
from typing import Any

import pytest

from tui.core.message import Completion, Message
from tui.core.words import Role
from tui.store.sessions.salvage import blocks_of, is_torn, torn_table
from tui.store.sessions.text import message_text

CONTENTS: dict[str, Any] = {
    "several lines": "The first line,\nthe second: \"quoted\" \\ é\n\nand '''more'''\"\"\".",
    "one line": 'Only "one" line, \\ with é and \t and \x07.',
    "chunks": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "let me\nsee"}]},
        {"type": "text", "text": "seen\nand said"},
    ],
}


def written(kind: str) -> tuple[Message, bytes]:
    message = Message(
        id="a",
        role=Role.ASSISTANT,
        content=CONTENTS[kind],
        ended="stop",
        completion=Completion(model="m", seconds=2.5),
    )
    return message, message_text(message, after=False).lstrip("\n").encode()


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_message_cut_at_any_byte_gives_a_beginning_of_its_text(kind):
    message, block = written(kind)
    longest = ""
    for cut in range(len("[[message]]"), len(block)):
        table = torn_table(block[:cut])
        if table is None:
            assert not longest
            continue
        had = Message.model_validate(table)
        text = had.thinking + had.text
        assert (message.thinking + message.text).startswith(text)
        assert len(text) >= len(longest) - 2  # quotes that may be the end's are not taken
        longest = max(text, longest, key=len)
        if kind != "chunks" and text != message.text:
            assert had.ended == "interrupted"
    assert longest == message.thinking + message.text


@pytest.mark.parametrize("kind", CONTENTS)
def test_zeros_behind_a_whole_message_cost_nothing(kind):
    message, block = written(kind)
    assert is_torn(block + b"\0" * 99)
    table = torn_table(block + b"\0" * 99)
    assert table is not None
    assert Message.model_validate(table) == message


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_whole_message_is_not_torn(kind):
    assert not is_torn(written(kind)[1])


def test_a_mistake_in_the_middle_makes_no_torn_message():
    assert not is_torn(b'[[message]]\nrole = user\ncontent = "x"\n')


def test_blocks_are_numbered_by_their_lines():
    data = b"schema = 1\n\n[[message]]\nx = 1\n\n  [[ message ]]\n[[message.content]]\n"
    assert [(block.line, block.data[:9].strip()) for block in blocks_of(data)] == [
        (3, b"[[message"),
        (6, b"[[ mess"),
    ]
    assert re.match(rb"\s*\[\[", data[next(blocks_of(data)).start :])
