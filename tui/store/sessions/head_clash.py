"""Members of a head that were changed here and by another hand at once: both values are kept.

The file's value stays, and ours is written beside it as a comment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.core.merging import merge_tables
from tui.store.sessions.heads import body_start
from tui.store.toml.text import key_text, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTE = "# Changed here too, in bise at the same time: "
"""Begins the comment that keeps our value."""


def kept_apart(
    base: Mapping[str, Any], wanted: Mapping[str, Any], disk: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What we want without the members that the file has otherwise by now; and a comment for each of these.

    All members are encoded.
    """
    _, clashes = merge_tables(base, wanted, disk)
    result, notes = dict(wanted), []
    for keys in clashes:
        notes.append(NOTE + _words(keys, wanted))
        result = _reset(result, base, keys)
    return result, notes


def with_notes(data: bytes, notes: Sequence[str]) -> bytes:
    """The file's bytes with comments at the end of its head; those that are there are not put in twice."""
    start = body_start(data)
    head = data[:start]
    new = [note for note in notes if note.encode() not in head.split(b"\n")]
    if not new:
        return data
    lines = b"".join(note.encode() + b"\n" for note in new)
    gap = b"\n" if start < len(data) else b""
    return head.rstrip(b"\r\n") + b"\n" + lines + gap + data[start:]


def _words(keys: Sequence[str], table: Mapping[str, Any]) -> str:
    name = ".".join(key_text(key) for key in keys)
    value: Any = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return f"{name} was removed" if value is None else f"{name} = {value_text(value)}"


def _reset(
    table: Mapping[str, Any], base: Mapping[str, Any], keys: Sequence[str]
) -> dict[str, Any]:
    """The table with one member as it is in the base."""
    key, *rest = keys
    result = dict(table)
    if rest:
        inner, old = result.get(key), base.get(key)
        result[key] = _reset(
            inner if isinstance(inner, dict) else {}, old if isinstance(old, dict) else {}, rest
        )
    elif key in base:
        result[key] = base[key]
    else:
        result.pop(key, None)
    return result
