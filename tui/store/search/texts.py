"""Reads what can be searched for out of session files: the new part alone, where a file has only grown.

Messages in the form that we write are read without a parser, which is fifty times as fast. Whatever looks
otherwise is read as a session is loaded, so that the index and the screen agree about it.
"""

from __future__ import annotations

import os
import re
import tomllib
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure
from tui.store.sessions.heads import body_start
from tui.store.sessions.scanning import State
from tui.store.sessions.tail import MARK

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

    from tui.core.message import Message

LONGEST = 200_000
"""Characters of a message that can be found; what is behind them is not looked at."""

_PROOF = 1 << 18
"""Bytes before the old end of a file that must be as they were, for the rest to be taken as unchanged."""
_LINE = r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\nt])*"'
_BEGIN = re.compile(
    r'\[\[message\]\]\nid = "(?P<id>[\w-]+)"\n(?:parent = "[\w-]*"\n)?'
    r'role = "(?P<role>system|user|assistant|tool)"\n'
    r"(?:created = (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z\n)?content = "
)
_ONE_LINE = re.compile(r'"((?:[^"\\\x00-\x1f\x7f]|\\.)*)"\n')
_REST = re.compile(
    rf"(?:(?:name|tool_call_id|prefix|ended|copied_from) = {_LINE}\n|excluded = true\n)*"
    r"(?:\n\[message\.completion\]\n(?P<completion>"
    rf"(?:[A-Za-z0-9_-]+ = (?:{_LINE}|[-+.0-9e]+|true|false|\[(?:{_LINE}(?:, )?)*\])\n)*))?\n*"
)
_MODEL = re.compile(r'(?m)^model = "((?:[^"\\\n]|\\.)*)"$')
_PROVIDER = re.compile(r'(?m)^provider = "((?:[^"\\\n]|\\.)*)"$')
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_OWN_FORM = re.compile(rb"(?m)^[ \t]*(?:\[+[ \t]*)?[\"']?message[\"']?[ \t]*[=\].]")


@dataclass(frozen=True, slots=True)
class Text:
    """A message, as far as it can be searched for."""

    id: str
    role: str
    at: float | None
    """When it was made, in seconds since the epoch, if that is known."""
    model: str
    provider: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a file was read."""

    state: State
    end: int = 0
    """Up to which byte; 0 if it has to be read from its beginning, however it changes."""
    proof: int = 0
    """A check sum of what stands before."""


@dataclass(slots=True)
class Reading:
    """What was read of a file."""

    mark: Mark
    is_all: bool
    """Whether these are all of its messages, and not only those behind an earlier mark."""
    texts: list[Text] = field(default_factory=list)
    model: str = ""
    """By the head. Both are empty if only the end was read."""
    provider: str = ""


def read_texts(path: Path, before: Mark | None = None) -> Reading:
    """The texts of a file, or only those behind an earlier mark if nothing before it has changed.

    Raises `OSError`.
    """
    with path.open("rb", buffering=0) as file:
        state = State.of(os.fstat(file.fileno()))
        if before is not None and before.end and before.state.inode == state.inode:
            more = _behind(file, state, before)
            if more is not None:
                return more
            file.seek(0)
        data = file.read()
    texts = _quick_texts(data)
    mark = Mark(state)
    if texts is None:
        texts = _texts_as_loaded(path, data, state.mtime_ns / 1e9)
    elif data.endswith(b"\n"):
        mark = Mark(state, len(data), zlib.crc32(data[-_PROOF:]))
    return Reading(mark, True, texts, *_head(data[: body_start(data)]))


def _behind(file: FileIO, state: State, before: Mark) -> Reading | None:
    """What stands behind a mark; None if the file has to be read in whole."""
    start = max(0, before.end - _PROOF)
    file.seek(start)
    data = file.read()
    old, new = data[: before.end - start], data[before.end - start :]
    if zlib.crc32(old) != before.proof:
        return None
    if not new.strip():
        return Reading(Mark(state, before.end, before.proof), False)
    if not new.endswith(b"\n") or not MARK.match(new.lstrip(b"\n")):
        return None
    texts = _quick_texts(new)
    if texts is None:
        return None
    end = start + len(data)
    return Reading(Mark(state, end, zlib.crc32(data[-_PROOF:])), False, texts)


def text_of_message(message: Message) -> Text:
    """A message, as far as it can be searched for."""
    completion = message.completion
    return Text(
        message.id,
        message.role,
        message.created.timestamp() if message.created else None,
        (completion.model if completion else None) or "",
        (completion.provider if completion else None) or "",
        message.text[:LONGEST],
    )


def _quick_texts(data: bytes) -> list[Text] | None:
    """The messages in a part of a file; None if a parser of sessions must have a look at the whole of it."""
    starts = [found.start() for found in MARK.finditer(data)]
    if _OWN_FORM.search(data, 0, starts[0] if starts else len(data)):
        return None
    texts = []
    ids = set()
    for start, end in pairwise([*starts, len(data)]):
        try:
            block = data[start:end].decode()
            text = _quick(block)
            if text is None:
                message = _parsed(block)
                ids.add(message.id)
                if message.is_there:
                    texts.append(text_of_message(message))
            else:
                ids.add(text.id)
                texts.append(text)
        except (ValueError, RecursionError):  # of the decoder, the parser and the models
            return None
    return texts if len(ids) == len(starts) and "" not in ids else None


def _quick(block: str) -> Text | None:
    """A message in the form that we write most of them in; None if it is in another. Raises `ValueError`."""
    begin = _BEGIN.match(block)
    if not begin:
        return None
    at = begin.end()
    if block.startswith('"""\n', at):
        end = block.find('"""', at + 4)
        body = block[at + 4 : end]
        if end < 0 or body.endswith("\\") or block[end + 3 : end + 4] != "\n":
            return None
        if _CONTROL.search(body):
            return None
        end += 4
    else:
        line = _ONE_LINE.match(block, at)
        if not line:
            return None
        body, end = line.group(1), line.end()
    rest = _REST.fullmatch(block, end)
    if not rest:
        return None
    if "\\" in body:
        body = _ESCAPE.sub(_character, body)
    moment = begin["at"]
    return Text(
        begin["id"],
        begin["role"],
        datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() if moment else None,
        *_model_and_provider(rest["completion"] or ""),
        body[:LONGEST],
    )


def _character(escape: re.Match[str]) -> str:
    short, long, letter = escape.groups()
    if letter:
        if letter not in _ESCAPES:
            raise ValueError(letter)
        return _ESCAPES[letter]
    character = chr(int(short or long, 16))
    character.encode()  # no half of a pair may stand alone
    return character


def _model_and_provider(lines: str) -> tuple[str, str]:
    found = _MODEL.search(lines), _PROVIDER.search(lines)
    model, provider = (_ESCAPE.sub(_character, one.group(1)) if one else "" for one in found)
    return model, provider


def _parsed(block: str) -> Message:
    """A message in any form. Raises `ValueError`."""
    from tui.core.message import Message
    from tui.store.toml.text import decode

    (table,) = tomllib.loads(block)["message"]
    return Message.model_validate({"id": "", **decode(table)})


def _texts_as_loaded(path: Path, data: bytes, changed: float) -> list[Text]:
    """The messages as they are shown, whatever is wrong with the file."""
    from tui.store.sessions.read import read_session

    try:
        session = read_session(path, data, changed)
    except Failure:
        return []
    return [text_of_message(message) for message in session.messages if message.is_there]


def _head(head: bytes) -> tuple[str, str]:
    """Model and provider of a session."""
    try:
        table: dict[str, Any] = tomllib.loads(head.decode("utf-8-sig", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return "", ""
    parameters = table.get("parameters")
    model = parameters.get("model") if isinstance(parameters, dict) else ""
    provider = table.get("provider")
    return (
        model if isinstance(model, str) else "",
        provider if isinstance(provider, str) else "",
    )
