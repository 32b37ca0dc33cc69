"""The user's keys, as the settings file has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def keymap_of(table: Mapping[str, Any]) -> dict[str, str]:
    """The keys by binding id in a glance's `keys`, whether the ids are quoted or dotted."""
    found: dict[str, str] = {}
    keys = table.get("keys")
    for name, value in keys.items() if isinstance(keys, dict) else ():
        if isinstance(value, str):
            found[name] = value
        elif isinstance(value, dict):
            inner = keymap_of({"keys": value})
            found |= {f"{name}.{rest}": key for rest, key in inner.items()}
    return found
