"""Single settings by name, as the command line and the pane have them: `parameters.temperature`, `keys.chat.new`."""

from __future__ import annotations

import contextlib
import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.core.failure import Failure, FailureKind
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.settings import LocalSettings, ModelFacts, Settings
from tui.core.spec_text import parse
from tui.core.specs import spec_of
from tui.store.config.settings_read import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import BaseModel

_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^.\s"']+))\s*(?:\.|\Z)""")
_TABLES: dict[str, type[BaseModel]] = {"parameters": Parameters, "local": LocalSettings}
"""Tables whose members are settings."""
_NAMED: dict[str, type[BaseModel]] = {"providers": Provider, "models": ModelFacts}
"""Tables of tables, by a name that the user chooses."""


class Setting(NamedTuple):
    """One setting that has a value in the file, or by default."""

    name: str
    value: Any
    is_set: bool
    """Whether it stands in the file."""


def keys_of(name: str, table: Mapping[str, Any]) -> list[str]:
    """Where in the file a setting stands. Raises `Failure` for a name that no setting has.

    Command ids and model ids have dots of their own and need no quotes: `keys.chat.new`. `table` is what
    the file holds: it decides between `[keys.chat] new` and `[keys] "chat.new"`.
    """
    parts = _parts(name)
    first, rest = parts[0], parts[1:]
    if first not in Settings.model_fields:
        raise _unknown(name, first, Settings.model_fields)
    if first in _TABLES and rest:
        if rest[0] not in _TABLES[first].model_fields:
            raise _unknown(name, rest[0], _TABLES[first].model_fields)
        return parts
    if first in _NAMED and rest:
        return [first, *_named(name, rest, _NAMED[first])]
    if first == "keys" and rest:
        return ["keys", *_key_id(rest, table)]
    return parts


def value_at(table: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """What stands at a place of a table; None if there is nothing."""
    value: Any = table
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def read_value(path: str, table: dict[str, Any], keys: list[str], text: str) -> Any:
    """The value that a text means for a setting, in the type that it must have.

    Raises `Failure` with the reason if it is not one that can be used. Text needs no quotes.
    """
    if keys[0] == "parameters" and len(keys) == 2:
        try:
            return parse(spec_of(keys[1]), text)
        except ValueError as error:
            raise _wrong(str(error)) from None
    reason = ""
    _, known = settings_of(path, table, "")
    for value in _readings(text):
        _, problems = settings_of(path, _with(table, keys, value), "")
        new = [problem.message for problem in problems if problem not in known]
        if not new:
            return value
        reason = reason or new[0]
    raise _wrong(re.sub(r"; (it|this provider) is not used$", "", reason))


def all_settings(table: Mapping[str, Any], settings: Settings) -> Iterator[Setting]:
    """Every setting, in the order of the documentation, then members that no setting has."""
    for name in (*Settings.model_fields, *sorted(table.keys() - Settings.model_fields.keys())):
        given = table.get(name)
        if isinstance(given, dict):
            yield from _flat(name, given)
        if name in table and not isinstance(given, dict):
            yield Setting(name, given, is_set=True)
        if name not in _NAMED and name not in {"keys", "stop_sets"}:
            yield from _defaults(name, given, getattr(settings, name, None), name in table)


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[Setting]:
    for key, value in table.items():
        name = f"{prefix}.{key if re.fullmatch('[A-Za-z0-9_-]+', key) else _quoted(key)}"
        inner = isinstance(value, dict) and name.split(".", 1)[0] in {"providers", "models", "keys"}
        if inner and value:
            yield from _flat(name, value)
        else:
            yield Setting(name, value, is_set=True)


def _defaults(name: str, given: Any, value: Any, is_set: bool) -> Iterator[Setting]:
    if name in _TABLES:
        for member in _TABLES[name].model_fields:
            if not isinstance(given, dict) or member not in given:
                yield Setting(f"{name}.{member}", getattr(value, member, None), is_set=False)
    elif not is_set:
        yield Setting(name, value, is_set=False)


def _quoted(key: str) -> str:
    from tui.store.toml.text import line_text

    return line_text(key)


def _parts(name: str) -> list[str]:
    parts, at = [], 0
    while at < len(name):
        match = _PART.match(name, at)
        if match is None:
            break
        quoted, literal, bare = match.groups()
        if quoted is not None:
            quoted = str(tomllib.loads(f'x = "{quoted}"')["x"]) if "\\" in quoted else quoted
        parts.append(next(part for part in (quoted, literal, bare) if part is not None))
        at = match.end()
    if not parts or at < len(name) or name.rstrip().endswith("."):
        raise _wrong(f"{name!r:.60} is no name of a setting; write for example parameters.top_p")
    return parts


def _named(name: str, rest: list[str], model: type[BaseModel]) -> list[str]:
    """A table's name, with its dots, and the member within it."""
    if len(rest) == 1 or rest[-2:-1] == ["headers"]:
        return rest if len(rest) < 3 else [".".join(rest[:-2]), *rest[-2:]]
    if rest[-1] not in model.model_fields:
        raise _unknown(name, rest[-1], model.model_fields)
    return [".".join(rest[:-1]), rest[-1]]


def _key_id(rest: list[str], table: Mapping[str, Any]) -> list[str]:
    whole = ".".join(rest)
    keys = table.get("keys")
    if isinstance(keys, dict) and whole not in keys and value_at(keys, rest) is not None:
        return rest
    return [whole]


def _readings(text: str) -> Iterator[Any]:
    with contextlib.suppress(tomllib.TOMLDecodeError, RecursionError):
        table = tomllib.loads(f"x = {text}")
        if len(table) == 1:  # more would be settings of their own
            yield table["x"]
    yield text


def _with(table: Mapping[str, Any], keys: list[str], value: Any) -> dict[str, Any]:
    inner = table.get(keys[0])
    if len(keys) > 1:
        value = _with(inner if isinstance(inner, dict) else {}, keys[1:], value)
    return {**table, keys[0]: value}


def _unknown(name: str, part: str, known: Iterable[str]) -> Failure:
    near = difflib.get_close_matches(part, list(known), 2, 0.6)
    advice = f"Is it {' or '.join(near)}?" if near else "bise config list --all names them."
    return Failure(FailureKind.CONFIG, f"No setting is called {name!r:.60}", advice=advice)


def _wrong(words: str) -> Failure:
    return Failure(FailureKind.CONFIG, words)
