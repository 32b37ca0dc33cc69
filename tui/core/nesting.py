"""How deep JSON from outside may be nested.

Up to Python 3.11 the decoder itself gives up at the depth of the interpreter's stack. From 3.12 on it goes
far deeper than anything that is done with the value afterwards: that would fail somewhere, in the middle.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DEEPEST = 200
"""Lists and objects that may stand in one another; the decoder of pydantic draws the line there, too."""


def read_json(
    text: str | bytes,
    *,
    parse_constant: Callable[[str], Any] | None = None,
    parse_float: Callable[[str], Any] | None = None,
) -> Any:
    """The value of a JSON text.

    Raises `ValueError` for what is no JSON, and `RecursionError` for what is nested too deeply.
    """
    value = json.loads(text, parse_constant=parse_constant, parse_float=parse_float)
    if isinstance(text, bytes) or text.count("[") + text.count("{") > DEEPEST:  # seldom in a stream
        check_depth(value)
    return value


def check_depth(value: object) -> None:
    """Raise `RecursionError` if more than `DEEPEST` lists and objects stand in one another."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return
    raise RecursionError(f"it is nested deeper than {DEEPEST} levels")


def _members(value: object) -> list[object]:
    """The lists and objects that stand in one."""
    match value:
        case dict():
            return [member for member in value.values() if isinstance(member, dict | list)]
        case list():
            return [member for member in value if isinstance(member, dict | list)]
        case _:
            return []
