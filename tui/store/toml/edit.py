"""Changes one member of a TOML file that people edit too: comments, order and the rest stay."""

from __future__ import annotations

import contextlib
import tomllib
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions.heads import error_line, error_words
from tui.store.toml.text import encode, key_text, member_text, table_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tui.store.places import Places

_LOCK_WAIT_S = 10.0


def set_member(places: Places, path: Path, keys: Sequence[str], value: Any) -> None:
    """Give the member at `keys` a value, or remove it if the value is None.

    The file is read anew first, so that edits by hand are not overwritten, and made if it is not
    there. Raises `Failure` if it does not parse; it is then left as it is.
    """
    set_members(places, path, [(keys, value)])


def set_members(places: Places, path: Path, changes: Iterable[tuple[Sequence[str], Any]]) -> None:
    """Change several members in one go: all of them, or none and a `Failure`."""
    places.ensure(path.parent)
    with _locked(places, path):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = b""
        except OSError as error:
            raise disk_failure(error, path, "read") from error
        changed = data
        for keys, value in changes:
            changed = edited(path, changed, keys, value)
        if changed == data:
            return
        try:
            atomic.replace(path, changed)
        except OSError as error:
            raise disk_failure(error, path, "save") from error


def edited(path: Path, data: bytes, keys: Sequence[str], value: Any) -> bytes:
    """The file's bytes with one member changed; raises `Failure` if that can't be done without harm."""
    before = _parsed(path, data)
    encoded = encode(value) if value is not None else None
    wanted = _with(path, before, keys, encoded)
    if wanted == before:
        return data
    result = _put(data.decode("utf-8-sig").replace("\r\n", "\n"), keys, encoded)
    if result is None or _bare(_parsed(path, result), keys) != _bare(wanted, keys):
        raise _untouched(path, f"`{'.'.join(keys)}` stands in a form that bise can't change")
    return result


def _put(text: str, keys: Sequence[str], value: Any) -> bytes | None:
    """The text with one member changed; None if tomlkit can't do it."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import AoT, InlineTable, Table

    try:
        document = tomlkit.parse(text)
        table: Any = document
        for depth, key in enumerate(keys[:-1], 1):
            if key not in table:
                inline = isinstance(table, InlineTable)
                is_super = depth < len(keys) - 1 or (isinstance(value, dict) and bool(value))
                table[key] = tomlkit.inline_table() if inline else tomlkit.table(is_super)
            table = table[key]
        last = keys[-1]
        if value is None or isinstance(table.get(last), (AoT, Table)):
            del table[last]
        if value is not None:
            section = isinstance(value, dict) and value and not isinstance(table, InlineTable)
            text = _section(last, value) if section else member_text(last, value)
            table[last] = tomlkit.parse(text)[last]
        return tomlkit.dumps(document).encode()
    except (ValueError, TOMLKitError):
        return None


def _section(key: str, members: dict[str, Any]) -> str:
    return f"[{key_text(key)}]\n{table_text(members, (key,))}"


def _with(path: Path, table: Any, keys: Sequence[str], value: Any) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise _untouched(path, f"`{'.'.join(keys)}` has no table to stand in")
    key, rest = keys[0], keys[1:]
    result = dict(table)
    if rest:
        if key in table or value is not None:
            result[key] = _with(path, table.get(key, {}), rest, value)
    elif value is None:
        result.pop(key, None)
    else:
        result[key] = value
    return result


def _bare(table: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The table without those along the way that are empty: `[a.b]` alone makes `a`, and takes it away with it."""
    inner = table.get(keys[0])
    if len(keys) > 1 and isinstance(inner, dict):
        inner = _bare(inner, keys[1:])
    if inner == {}:
        return {key: value for key, value in table.items() if key != keys[0]}
    return {**table, keys[0]: inner} if keys[0] in table else table


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    text = data.decode("utf-8-sig", "replace")
    try:
        if "\ufffd" in text:
            data.decode()
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _untouched(path, f"line {line} is no UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise _untouched(path, f"line {error_line(error, text)}: {error_words(error)}") from error


def _untouched(path: Path, words: str) -> Failure:
    return Failure(
        FailureKind.CONFIG,
        f"{path} was not changed: {words}",
        advice="Mend it in an editor, then try again.",
    )


@contextlib.contextmanager
def _locked(places: Places, path: Path) -> Iterator[None]:
    import filelock

    file = places.ensure(places.locks) / f"{path.name}.lock"
    try:
        with filelock.FileLock(file, timeout=_LOCK_WAIT_S, mode=0o600):
            yield
    except filelock.Timeout:
        raise Failure(
            FailureKind.DISK, f"Another program keeps {path} locked", retryable=True
        ) from None
    except OSError as error:
        raise disk_failure(error, file, "lock") from error
