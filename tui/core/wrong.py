"""What is wrong with a value, for people: the words of a library name types of its language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOULD_BE: Final = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "string": "a text",
    "list": "a list",
    "tuple": "a list",
    "dict": "a table",
    "model": "a table",
    "dataclass": "a table",
    "datetime": "a date and a time",
    "date": "a date",
}
"""By the first word of the kind of error."""
_BOUNDS: Final = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
_OURS: Final = "Value error, "
"""What the library puts before sentences of our own."""


def wrong_with(name: str, error: Mapping[str, Any]) -> str:
    """A sentence, without its end, on the value of that name: "`temperature` should be a number".

    `error` is one of pydantic's `ValidationError.errors()`.
    """
    kind, context = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        member, words = _BOUNDS[kind]
        return f"{name} should be {words} {context[member]:g}"
    if kind in {"literal_error", "enum"}:
        return f"{name} should be {context['expected']}"
    if kind == "missing":
        return f"{name} is missing"
    should_be = _SHOULD_BE.get(kind.split("_")[0])
    if should_be:
        return f"{name} should be {should_be}"
    return f"{name}: {error['msg'].removeprefix(_OURS)}"
