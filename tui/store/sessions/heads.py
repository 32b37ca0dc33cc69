"""The heads of session files, read without pydantic and without reading the messages."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from tui.core.listing import Header, Problem
from tui.store.disk import cause_of
from tui.store.sessions.tail import MARK, last_said

if TYPE_CHECKING:
    import os
    from pathlib import Path

_GLANCE = 1024
_FIRST_READ = 4096
_MOST = 1 << 20
_TITLE = re.compile(rb'(?m)^title = ("(?:[^"\\\n]|\\.)*")\s*$')
_CREATED = re.compile(rb"(?m)^created = (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z\s*$")
_FILED = re.compile(rb"(?m)^[ \t]*[\"']?(?:pinned|tags)\b")
_PINNED = re.compile(rb"(?m)^pinned = (true|false)$")
_TAGS = re.compile(rb'(?m)^tags = \[(?:"[^"\\\n]*"(?:, )?)*\]$')
_TAG = re.compile(rb'"([^"]*)"')
_SCHEMA = re.compile(rb"(?m)^[ \t]*\"?schema\"?[ \t]*=[ \t]*([0-9]{1,9})\b")
_ERROR_LINE = re.compile(r"at line (\d+)")

_SAID: Final = {
    "Illegal character '\\n'": "a text does not end on its line: a quotation mark is missing",
    "Unterminated string": "a text has no end: quotation marks are missing",
    "Invalid value": "this is no value; a text stands in quotation marks",
    "Expected '=' after a key": "there is no = behind the name",
    "Expected newline or end of document": "something stands behind the value that does not belong there",
    "Cannot overwrite a value": "this is given twice",
    "Cannot declare": "this table stands here twice",
    "Unclosed array": "a list has no end: ] is missing",
    "Unclosed inline table": "a table has no end: } is missing",
    "Expected ']'": "a ] is missing",
    "Invalid statement": "this is no line such as NAME = VALUE",
    "Invalid initial character for a key part": "a name should stand here",
    "Unescaped '\\\\' in a string": "a backslash in a text is to be written twice",
}
"""What the language's own parser says, by its beginning, and what that means."""


def read_header(path: Path, changed: float) -> Header:
    """The header of a session file; what is wrong with it stands in `problem`.

    `changed` is the file's time. Filing moves that too, so if the last message tells its own, which
    is earlier, that counts. Raises `OSError` if the file can't be read.
    """
    with path.open("rb", buffering=0) as file:
        data = file.read(_FIRST_READ) or b""
        said = last_said(file, data)
        file.seek(len(data))
        quick = _quick(path.stem, data, changed)
        if quick:
            return _aged(quick, said)
        while len(data) < _MOST and not MARK.search(data):
            more = file.read(len(data))
            if not more:
                break
            data += more
    return _aged(_parsed(path, data, changed), said)


def _aged(header: Header, said: float | None) -> Header:
    """The header of a chat as young as what was said last, or as its beginning: a fork begins later than that."""
    if said is None or header.problem is not None:
        return header
    try:
        young = max(said, header.created.timestamp())
    except (ValueError, OverflowError):  # a date can be anything
        young = said
    return replace(header, changed=young) if young < header.changed else header


def schema_of(data: bytes) -> int:
    """The version of the format in which a file is written, by its beginning; 1 if it does not say."""
    found = _SCHEMA.search(data, 0, body_start(data))
    return int(found.group(1)) if found else 1


def first_bytes(path: Path) -> bytes:
    """The beginning of a file, in which its schema stands. Raises `OSError`."""
    with path.open("rb", buffering=0) as file:
        return file.read(_GLANCE) or b""


def unreadable(path: Path, changed: float, error: OSError) -> Header:
    """A header for a file that the system refuses to give."""
    return _broken(path, changed, Problem(str(path), 0, f"it can't be read: {cause_of(error)}"))


def error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that a parser's error means, counted from 1; behind the last one for "end of document"."""
    found = _ERROR_LINE.search(str(error))
    return int(found.group(1)) if found else text.count("\n") + 1


def error_words(error: tomllib.TOMLDecodeError) -> str:
    """What a parser's error says, without the place, in words of people where it is a common one."""
    said = str(error).split(" (at ", 1)[0][:200]
    return next((words for begins, words in _SAID.items() if said.startswith(begins)), said)


def body_start(data: bytes) -> int:
    """Where the first message begins: the length of the head."""
    found = MARK.search(data)
    return found.start() if found else len(data)


def _quick(session_id: str, data: bytes, changed: float) -> Header | None:
    """The header of a file in the form that we write, without a parser."""
    end = data.find(b"\n[")
    head = data if end < 0 else data[: end + 1]
    title, created = _TITLE.search(head), _CREATED.search(head)
    if not title or not created or b"\\" in title.group(1):
        return None
    if b'"""' in head or b"'''" in head:  # what is in there looks like members, and is none
        return None
    pinned, tags = _PINNED.search(head), _TAGS.search(head)
    if len(_FILED.findall(head)) != bool(pinned) + bool(tags):
        return None
    try:
        words = title.group(1)[1:-1].decode()
        moment = datetime.fromisoformat(created.group(1).decode()).replace(tzinfo=UTC)
        filed = _TAG.findall(tags.group()) if tags else ()
        return Header(
            session_id,
            words,
            moment,
            changed,
            pinned=pinned is not None and pinned.group(1) == b"true",
            tags=tuple(tag.decode() for tag in filed),
        )
    except ValueError:
        return None


def _parsed(path: Path, data: bytes, changed: float) -> Header:
    if not data.strip():
        return _broken(path, changed, Problem(str(path), 0, "the file is empty"))
    head = data[: body_start(data)]
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        return _broken(path, changed, Problem(str(path), line, "this is no UTF-8 text"))
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(str(path), error_line(error, text), error_words(error))
        return _broken(path, changed, problem)
    except RecursionError:
        return _broken(path, changed, Problem(str(path), 0, "it is nested too deeply"))
    title, created = table.get("title", ""), table.get("created")
    if not isinstance(title, str):
        return _broken(path, changed, Problem(str(path), 0, "its title is no text"))
    tags = table.get("tags")
    return Header(
        path.stem,
        title,
        _moment(created, changed),
        changed,
        pinned=table.get("pinned") is True,
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _moment(value: object, changed: float) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromtimestamp(changed, UTC)


def _broken(path: Path, changed: float, problem: Problem) -> Header:
    return Header(path.stem, path.name, datetime.fromtimestamp(changed, UTC), changed, problem)


def folder_problem(folder: Path, error: OSError) -> Problem:
    """The problem of a folder that can't be listed."""
    return Problem(str(folder), 0, f"the folder can't be read: {cause_of(error)}")


def entry_problem(entry: os.DirEntry[str]) -> Problem | None:
    """Why an entry of the folder is no session at all, or None if it may be one."""
    try:
        if entry.is_dir():
            return Problem(entry.path, 0, "this is a folder, not a chat")
        if not entry.is_file():
            return Problem(entry.path, 0, "this is no plain file")
    except OSError as error:
        return Problem(entry.path, 0, f"it can't be read: {cause_of(error)}")
    return None
