"""Looks into data that others wrote and that may be of any type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tui.core.text import scrub

LONGEST_NAME = 500
"""Characters of an id or a name that are kept."""


def text(value: object) -> str:
    """The value if it is a text, without lone surrogates; else an empty one."""
    return scrub(value) if isinstance(value, str) else ""


def name(value: object) -> str:
    """An id or a name: a text or a whole number, on one line; else an empty text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    return " ".join(text(value).split())[:LONGEST_NAME]


def table(value: object) -> dict[str, Any]:
    """The value if it is a table; else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Any]:
    """The value if it is a list; else an empty one."""
    return value if isinstance(value, list) else []


def number(value: object) -> int | None:
    """The value if it is a whole number that a file can hold and that counts something; else None."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        return None
    return value


def moment(value: object) -> datetime | None:
    """A moment, from seconds since the epoch or ISO text (UTC if it does not say), to the second; else None."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
        elif isinstance(value, str):
            found = datetime.fromisoformat(value.strip()[:64])
        else:
            return None
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None
