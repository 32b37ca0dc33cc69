"""The user's keys, as the settings file has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.store.toml.tolerant import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def keymap_of(table: Mapping[str, Any]) -> dict[str, str]:
    """The keys by command id in a glance's `keys`, whether the ids are quoted or dotted.

    Several keys stand in a list or behind commas; an empty text or list means none.
    """
    found: dict[str, str] = {}
    keys = table.get("keys")
    for name, value in keys.items() if isinstance(keys, dict) else ():
        if isinstance(value, str):
            found[name] = value
        elif isinstance(value, list) and all(isinstance(key, str) for key in value):
            found[name] = ",".join(value)
        elif isinstance(value, dict):
            inner = keymap_of({"keys": value})
            found |= {f"{name}.{rest}": key for rest, key in inner.items()}
    return found


def key_lines(text: str, ids: Iterable[str]) -> dict[str, int]:
    """On which lines of a settings file the keys of commands stand, counted from 1; 0 if it can't be told."""
    return {
        one: max(line_of(text, ["keys", one]), line_of(text, ["keys", *one.split(".")]))
        for one in ids
    }
