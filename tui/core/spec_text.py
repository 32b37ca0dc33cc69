"""Parameters as text: what somebody types is read, and a value is shown so that it can be typed again."""

from __future__ import annotations

import json
import math
import tomllib
from typing import TYPE_CHECKING, Any, Final

from tui.core.escapes import typed_text
from tui.core.nesting import read_json
from tui.core.spec import Shape
from tui.core.text import one_line, scrub

if TYPE_CHECKING:
    from tui.core.spec import Spec
    from tui.core.words import Kind

_YES: Final = frozenset(["true", "on", "yes", "1"])
_NO: Final = frozenset(["false", "off", "no", "0"])
_LARGEST: Final = 2**63 - 1
"""Larger whole numbers fit neither TOML nor most servers."""
_SCHEMA_WORDS: Final = frozenset(["$schema", "$ref", "properties", "anyOf", "allOf", "oneOf", "enum", "items"])  # fmt: skip


def parse(spec: Spec, text: str, kind: Kind | None = None) -> Any:
    """The value that a text means, such as `0.3`, `high` or `{"a": 1}`.

    Raises `ValueError` with a sentence that says what is wrong: with the text, or with the value for
    that kind of server.
    """
    value = _read(spec, text)
    check(spec, value, kind)
    return value


def typed(spec: Spec, text: str, kind: Kind | None = None) -> Any:
    r"""The same for a text that is typed on the screen, where texts and stop sequences have escapes.

    `\n` is a line's end there, `"a b "` keeps its spaces, and a list is JSON. Raises `ValueError` like `parse`.
    """
    match spec.shape:
        case Shape.TEXT:
            return scrub(typed_text(text))
        case Shape.STOPS if not text.lstrip().startswith("["):
            return _texts(spec.name, [typed_text(text)])
        case _:
            return parse(spec, text.strip(), kind)


def check(spec: Spec, value: Any, kind: Kind | None = None) -> None:
    """Raise `ValueError`, with a sentence, if a value is outside of what that kind of server takes."""
    if spec.shape in {Shape.NUMBER, Shape.INTEGER} and value not in spec.range_for(kind):
        unit = f" {spec.unit}" if spec.unit else ""
        raise ValueError(f"{spec.name} is {spec.range_for(kind)}{unit}, not {value:g}")


def shown(spec: Spec, value: Any) -> str:
    """The value as text that `parse` reads as the same value; empty if it is not set."""
    if value is None:
        return ""
    match spec.shape:
        case Shape.SWITCH:
            return "on" if value else "off"
        case Shape.NUMBER:
            return repr(float(value)).removesuffix(".0")
        case Shape.INTEGER | Shape.WORD | Shape.TEXT:
            return str(value)
        case Shape.STOPS:
            return _escaped(list(value.values()) if isinstance(value, dict) else value)
        case Shape.CHOICE if isinstance(value, str):
            return value
        case Shape.CHOICE if value in ({"type": "text"}, {"type": "json_object"}):
            return str(value["type"])
        case Shape.TABLE:
            return _table(value)
        case _:
            return _escaped(value)


def schema_format(schema: dict[str, Any], name: str = "reply") -> dict[str, Any]:
    """The response format that makes replies follow a JSON Schema; one that is one already stays."""
    if schema.get("type") in {"text", "json_object", "json_schema"} and not (
        _SCHEMA_WORDS & schema.keys()
    ):
        return schema
    if not ({"name", "schema"} <= schema.keys() and isinstance(schema["schema"], dict)):
        letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
        schema = {"name": letters[:64] or "reply", "schema": schema, "strict": True}
    return {"type": "json_schema", "json_schema": schema}


def _read(spec: Spec, text: str) -> Any:
    match spec.shape:
        case Shape.NUMBER:
            return _number(spec.name, text)
        case Shape.INTEGER:
            return _integer(spec.name, text)
        case Shape.SWITCH:
            return _switch(spec.name, text)
        case Shape.TEXT:
            return scrub(text)
        case Shape.WORD:
            return scrub(_given(spec.name, text))
        case Shape.STOPS:
            return _stops(spec.name, text)
        case Shape.OBJECT:
            return _object(spec.name, text)
        case Shape.OBJECTS:
            return _objects(spec.name, text)
        case Shape.CHOICE:
            return _choice(spec, text)
        case Shape.TABLE:
            return _members(spec.name, text)


def _given(name: str, text: str) -> str:
    word = text.strip()
    if not word:
        raise ValueError(f"{name} has no value; leave it unset to let the server decide")
    return word


def _quoted(text: str) -> str:
    return f"“{one_line(text, 40)}”"


def _number(name: str, text: str) -> float:
    word = _given(name, text)
    try:
        value = float(word)
    except ValueError:
        comma = word.replace(",", ".", 1)
        hint = f"; write {comma}" if "," in word and _is_number(comma) else ""
        raise ValueError(f"{name} is a number, and {_quoted(word)} is none{hint}") from None
    if math.isnan(value):
        raise ValueError(f"{name} is a number, and NaN is none")
    if math.isinf(value):
        raise ValueError(f"{name}: {_quoted(word)} is too large for a number")
    return value


def _is_number(word: str) -> bool:
    try:
        return math.isfinite(float(word))
    except ValueError:
        return False


def _integer(name: str, text: str) -> int:
    word = _given(name, text)
    try:
        value = int(word)
    except ValueError:
        if _is_number(word) and float(word).is_integer() and abs(float(word)) < 2**53:
            return int(float(word))
        what = "is not whole" if _is_number(word) else "is none"
        if word.lstrip("+-").isdecimal():  # Python reads no more than 4,300 digits
            what = "is too large"
        raise ValueError(f"{name} is a whole number, and {_quoted(word)} {what}") from None
    if abs(value) > _LARGEST:
        raise ValueError(f"{name} is a whole number, and {_quoted(word)} is too large")
    return value


def _switch(name: str, text: str) -> bool:
    word = _given(name, text).lower()
    if word not in _YES | _NO:
        raise ValueError(f"{name} is on or off, not {_quoted(word)}")
    return word in _YES


def _stops(name: str, text: str) -> list[str]:
    value = _json(name, text) if text[:1] in {"[", '"'} else text
    return _texts(name, [value] if isinstance(value, str) else value)


def _texts(name: str, texts: Any) -> list[str]:
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise ValueError(f'{name} is a text or a list of texts, such as ["\\n\\n", "END"]')
    if not all(texts):
        raise ValueError(f"{name}: an empty text would stop every reply at once")
    return [scrub(one) for one in texts]


def _object(name: str, text: str) -> dict[str, Any]:
    value = _json(name, _given(name, text))
    if not isinstance(value, dict):
        raise ValueError(f"{name} is a JSON object, {{…}}, not {_kind_of(value)}")
    return value


def _objects(name: str, text: str) -> list[dict[str, Any]]:
    value = _json(name, _given(name, text))
    items = [value] if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"{name} is a JSON list of objects, [{{…}}, …], not {_kind_of(value)}")
    return items


def _choice(spec: Spec, text: str) -> Any:
    word = _given(spec.name, text)
    if word.startswith("{"):
        value = _object(spec.name, word)
        return schema_format(value) if spec.name == "response_format" else value
    if word.startswith('"'):
        word = _json(spec.name, word)
    if word not in spec.choices:
        choices = ", ".join(spec.choices)
        raise ValueError(f"{spec.name} is {choices} or a JSON object, not {_quoted(str(word))}")
    return {"type": word} if spec.name == "response_format" else word


def _members(name: str, text: str) -> dict[str, Any]:
    word = _given(name, text)
    if word.startswith("{"):
        return _object(name, word)
    try:
        members = tomllib.loads(word.replace("\r\n", "\n"), parse_float=_finite)
    except ValueError as error:  # also what tomllib refuses
        raise ValueError(f"{name} is TOML (name = value) or a JSON object: {error}") from None
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply") from None
    try:
        json.dumps(members)
    except (TypeError, RecursionError):
        raise ValueError(
            f"{name}: dates and times have no place in JSON; write them as text"
        ) from None
    return members


def _json(name: str, text: str) -> Any:
    try:
        return read_json(text, parse_constant=_finite, parse_float=_finite)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if "\n" in text else f"character {error.pos + 1}"  # fmt: skip
        raise ValueError(f"{name}: this is no JSON at {where}: {error.msg}") from None
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"{name}: this is no JSON: {error}") from None


def _finite(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise ValueError(f"{word} is no number that JSON can hold")
    return value


def _kind_of(value: Any) -> str:
    words = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return words.get(type(value), "null" if value is None else "a number")


def _table(value: dict[str, Any]) -> str:
    """One `name = value` a line if TOML can hold it all, else JSON."""
    text = "".join(f"{_toml(key)} = {_toml(member)}\n" for key, member in value.items())
    try:
        if tomllib.loads(text) == value:
            return text.removesuffix("\n")
    except tomllib.TOMLDecodeError:
        pass
    return _escaped(value)


def _toml(value: Any) -> str:
    match value:
        case dict():
            inner = ", ".join(f"{_toml(key)} = {_toml(member)}" for key, member in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case str():
            return _escaped(value)
        case _:
            return json.dumps(value, default=str)


def _escaped(value: Any) -> str:
    """JSON text in which also what can't be seen is escaped, in a form that TOML reads as well."""
    return "".join(
        c if c.isprintable() or ord(c) > 0xFFFF else f"\\u{ord(c):04x}"
        for c in json.dumps(value, ensure_ascii=False)
    )
