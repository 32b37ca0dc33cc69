"""Writes TOML so that people like to read it and every string comes back equal.

Three rules make it different from a general writer:

- A text of several lines is written as a multi-line string. Characters that an editor or a terminal
  would act on or hide (C0, C1, bidirectional controls, U+2028 …) and carriage returns are escaped.
- No line inside a string ever looks like `[[message`, so every such line in a file of ours begins a
  message: files can be cut into messages without being parsed.
- What TOML can't hold (null, integers beyond 64 bits, very deep nesting) becomes a table with
  the one key `bise:json`, whose value is the JSON text: `{ "bise:json" = "null" }`. A real table that
  looks like that is itself written in this way, so nothing can be mistaken for it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import tomli_w

from tui.core.nesting import read_json
from tui.core.text import UNSAFE, scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

JSON_KEY = "bise:json"
"""The one key of a table that stands for a value that TOML can't hold."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MESSAGE_LINE = re.compile(r"(?m)^([ \t]*)\[\[([ \t]*message)")
_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_IN_LINE = re.compile(f'["\\\\\t\n]|{UNSAFE.pattern}')
_IN_LINES = re.compile(f'\\\\|"""|"\\Z|{UNSAFE.pattern}')
_INLINE_WIDTH = 72
_MAX_DEPTH = 24
_MAX_SECTIONS = 4


def encode(value: Any, depth: int = 0) -> Any:
    """The value as TOML can hold it: see the module's third rule. Surrogates become U+FFFD."""
    if isinstance(value, str):
        return scrub(value)
    if value is None or (type(value) is int and not -(2**63) <= value < 2**63):
        return {JSON_KEY: json.dumps(value)}
    if isinstance(value, dict):
        if depth >= _MAX_DEPTH or _is_marker(value):
            return {JSON_KEY: scrub(json.dumps(value, ensure_ascii=False, default=str))}
        return {scrub(str(key)): encode(member, depth + 1) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        if depth >= _MAX_DEPTH:
            return {JSON_KEY: scrub(json.dumps(value, ensure_ascii=False, default=str))}
        return [encode(item, depth + 1) for item in value]
    return value


def decode(value: Any) -> Any:
    """The inverse of `encode`. A marker whose JSON is bad stays a table."""
    if isinstance(value, dict):
        if _is_marker(value):
            try:
                return read_json(value[JSON_KEY])
            except (ValueError, RecursionError):
                return value
        return {key: decode(member) for key, member in value.items()}
    if isinstance(value, list):
        return [decode(item) for item in value]
    return value


def _is_marker(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and isinstance(value.get(JSON_KEY), str)


def key_text(key: str) -> str:
    """A key, quoted if it must be."""
    return key if _BARE_KEY.fullmatch(key) else line_text(key)


def line_text(text: str) -> str:
    """A string on one line."""
    return f'"{_IN_LINE.sub(_escaped, text)}"'


def lines_text(text: str) -> str:
    """A string over several lines."""
    body = _IN_LINES.sub(_escaped_in_lines, text)
    return f'"""\n{_MESSAGE_LINE.sub(_shielded, body)}"""'


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    known = _ESCAPES.get(character)
    if known:
        return known
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escaped_in_lines(match: re.Match[str]) -> str:
    return '""\\"' if match.group() == '"""' else _escaped(match)


def _shielded(match: re.Match[str]) -> str:
    return f"{match.group(1)}\\u005b[{match.group(2)}"


def value_text(value: Any) -> str:
    """An encoded value on one line."""
    if isinstance(value, str):
        return line_text(str(value))
    if isinstance(value, dict):
        members = ", ".join(f"{key_text(k)} = {value_text(v)}" for k, v in value.items())
        return f"{{ {members} }}" if members else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(value_text(item) for item in value)}]"
    if isinstance(value, datetime):
        return _moment_text(value)
    return tomli_w.dumps({"_": value}).removeprefix("_ = ").rstrip("\n")


def _moment_text(value: datetime) -> str:
    offset = value.utcoffset()
    if offset is not None and (not offset or offset.total_seconds() % 60):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat()


def member_text(key: str, value: Any) -> str:
    """`key = value`, a text of several lines written as such."""
    several = isinstance(value, str) and "\n" in value.strip()
    return f"{key_text(key)} = {lines_text(value) if several else value_text(value)}\n"


def table_text(table: Mapping[str, Any], path: Sequence[str] = ()) -> str:
    """The members of an encoded table, those that are sections of their own last.

    `path` is where the table stands; its own header line is the caller's.
    """
    return "".join(_table(table, tuple(path), 0))


def _table(table: Mapping[str, Any], path: tuple[str, ...], depth: int) -> Iterator[str]:
    sections = {}
    for key, value in table.items():
        if depth < _MAX_SECTIONS and _is_section(key, value):
            sections[key] = value
        else:
            yield member_text(key, value)
    for key, value in sections.items():
        here = (*path, key)
        name = ".".join(key_text(part) for part in here)
        if isinstance(value, dict):
            yield f"\n[{name}]\n"
            yield from _table(value, here, depth + 1)
        else:
            for item in value:
                yield f"\n[[{name}]]\n"
                yield from _table(item, here, depth + 1)


def _is_section(key: str, value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and (key in _ALWAYS or not _is_short(value))
    if isinstance(value, list):
        return (
            bool(value)
            and all(isinstance(item, dict) for item in value)
            and (key in _ALWAYS or not _is_short(value))
        )
    return False


_ALWAYS = {"parameters", "completion", "content", "thinking"}
"""Members that are sections however short they are, so that files look alike."""


def _is_short(value: Any) -> bool:
    return len(value_text(value)) <= _INLINE_WIDTH
