"""Checks values against a JSON Schema: so much of it as the schema of session files uses.

Dates may stand as TOML has them. Whatever else a schema says is not looked at; a test compares what
comes of it with a full implementation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple[str | int, ...]

_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a table",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that is not as the schema wants it."""

    path: Path
    """The keys and the places in lists that lead to it."""
    words: str


def faults(value: Any, schema: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with a value."""
    return list(_Check(schema).faults(value, schema, ()))


class _Check:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def faults(self, value: Any, schema: Mapping[str, Any], path: Path) -> Iterator[Fault]:
        if "$ref" in schema:
            yield from self.faults(value, self._named(schema["$ref"]), path)
        if "anyOf" in schema:
            yield from self._any(value, schema["anyOf"], path)
        if "type" in schema and not _is_of(value, schema["type"], schema.get("format")):
            wanted = "a date and time" if "format" in schema else _NAMES[schema["type"]]
            yield Fault(path, f"should be {wanted}, not {_name_of(value)}")
            return
        for part in schema.get("allOf", ()):
            condition = part.get("if")
            if condition is None or not list(self.faults(value, condition, path)):
                yield from self.faults(value, part.get("then", part), path)
        yield from _outside(value, schema, path)
        if isinstance(value, Mapping):
            yield from self._members(value, schema, path)
        if isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                yield from self.faults(item, schema["items"], (*path, number))

    def _members(
        self, value: Mapping[str, Any], schema: Mapping[str, Any], path: Path
    ) -> Iterator[Fault]:
        for key in schema.get("required", ()):
            if key not in value:
                yield Fault(path, f"`{key}` is missing")
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        for key, member in value.items():
            if key in known:
                yield from self.faults(member, known[key], (*path, key))
            elif isinstance(others, Mapping):
                yield from self.faults(member, others, (*path, key))

    def _any(self, value: Any, choices: list[Mapping[str, Any]], path: Path) -> Iterator[Fault]:
        """The faults of the choice that comes nearest: the one whose type fits."""
        found = [list(self.faults(value, choice, path)) for choice in choices]
        if not all(found):
            return
        deeper = [some for some in found if any(fault.path != path for fault in some)]
        if deeper:
            yield from min(deeper, key=len)
            return
        wanted = dict.fromkeys(self._type_name(choice) for choice in choices)
        yield Fault(path, f"should be {' or '.join(wanted)}, not {_name_of(value)}")

    def _type_name(self, choice: Mapping[str, Any]) -> str:
        if "$ref" in choice:
            choice = self._named(choice["$ref"])
        return _NAMES.get(choice.get("type", ""), "something else")

    def _named(self, reference: str) -> Mapping[str, Any]:
        found: Any = self._root
        for key in reference.removeprefix("#/").split("/"):
            found = found[key]
        named: Mapping[str, Any] = found
        return named


def _outside(value: Any, schema: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """What is of the right type, and yet may not stand there."""
    if "const" in schema and value != schema["const"]:
        yield Fault(path, f"should be {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        yield Fault(path, f"should be one of {', '.join(map(str, schema['enum']))}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        for key, is_wrong, words in _BOUNDS:
            if key in schema and is_wrong(value, schema[key]):
                yield Fault(path, f"should be {words} {schema[key]}")


_BOUNDS: tuple[tuple[str, Callable[[float, float], bool], str], ...] = (
    ("minimum", lambda value, bound: not value >= bound, "at least"),
    ("maximum", lambda value, bound: not value <= bound, "at most"),
    ("exclusiveMinimum", lambda value, bound: not value > bound, "more than"),
    ("exclusiveMaximum", lambda value, bound: not value < bound, "less than"),
)


def _is_of(value: Any, kind: str, form: str | None) -> bool:
    match kind:
        case "string":
            return isinstance(value, str) or (form is not None and isinstance(value, datetime))
        case "integer":
            whole = isinstance(value, float) and value.is_integer()
            return whole or (isinstance(value, int) and not isinstance(value, bool))
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, Mapping)
        case _:
            return True


def _name_of(value: Any) -> str:
    if isinstance(value, datetime):
        return "a date and time"
    if isinstance(value, (date, time)):
        return "a date alone" if isinstance(value, date) else "a time alone"
    for kind, name in _NAMES.items():
        if _is_of(value, kind, None):
            return name
    return "that"
