"""Changes a session's head and nothing else: comments, order and unknown members stay."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.store.sessions.heads import body_start, error_line, error_words
from tui.store.toml.text import member_text, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tomlkit.container import Container
    from tomlkit.items import AbstractTable

_LATE_PARAMETERS = re.compile(rb"\n[ \t]*\[\[?[ \t]*parameters\b")


def edited(path: Path, data: bytes, base: Mapping[str, Any], wanted: Mapping[str, Any]) -> bytes:
    """The file's bytes with the members in which `wanted` differs from `base` put into its head.

    All members are encoded. Raises `Failure` if the head can't be changed without harm.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    start = body_start(data)
    before = _parsed(path, data[:start])
    after = merged(before, base, wanted)
    if after == before:
        return data
    text = data[:start].decode("utf-8-sig").replace("\r\n", "\n")
    gap = text[len(text.rstrip("\n")) :] or "\n"
    try:
        document = tomlkit.parse(text)
        _apply(document, base, wanted)
        head = tomlkit.dumps(document).rstrip("\n") + gap
    except (ValueError, TOMLKitError):
        head = ""
    if _parsed(path, head.encode()) != after:
        raise _harmful(path, "its head is written in a way that bise can't change")
    body = data[start:]
    if _LATE_PARAMETERS.search(body):
        try:
            tomllib.loads((head + body.decode()).replace("\r\n", "\n"))
        except ValueError:
            raise _harmful(path, "[parameters] stands behind the messages") from None
    return head.encode() + body


def check_head(path: Path, data: bytes) -> None:
    """Raise `Failure` if the head does not parse."""
    _parsed(path, data[: body_start(data)])


def merged(
    disk: Mapping[str, Any], base: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """What stands on disk, with the changes from `base` to `wanted` put in."""
    result = {key: value for key, value in disk.items() if key in wanted or key not in base}
    for key, value in wanted.items():
        if key in base and base[key] == value:
            continue
        inner, old = result.get(key), base.get(key)
        if isinstance(value, dict) and isinstance(inner, dict):
            value = merged(inner, old if isinstance(old, dict) else {}, value)
        result[key] = value
    return result


def _apply(
    table: Container | AbstractTable, base: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    for key in base:
        if key not in wanted and key in table:
            del table[key]
    for key, value in wanted.items():
        if key in base and base[key] == value:
            continue
        inner, old = table.get(key), base.get(key)
        if isinstance(value, dict) and isinstance(inner, dict):
            _apply(inner, old if isinstance(old, dict) else {}, value)  # type: ignore[arg-type]  # a table of tomlkit's
            continue
        _put(table, key, value)


def _put(table: Container | AbstractTable, key: str, value: Any) -> None:
    import tomlkit
    from tomlkit.items import AoT, Table

    if isinstance(table.get(key), (AoT, Table)):
        del table[key]  # a section can't become a line in its place
    if key == "parameters":
        text = f"[parameters]\n{table_text(value, ('parameters',))}"
    else:
        text = member_text(key, value)
    table[key] = tomlkit.parse(text)[key]


def _parsed(path: Path, head: bytes) -> dict[str, Any]:
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        raise _harmful(path, f"line {line}: this is no UTF-8 text") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = error_line(error, text)
        raise _harmful(path, f"line {line}: {error_words(error)}") from error


def _harmful(path: Path, words: str) -> Failure:
    return Failure(
        FailureKind.DISK,
        f"The head of {path} was left as it is: {words}",
        advice="Mend it by hand; until then changes of title and parameters are not kept.",
    )
