"""The keys of all commands: for widgets, for the help and the README, and as the user has moved them.

Every default arrives on every terminal, inside tmux and screen too. Keys can be remapped by
the command's id under `[keys]` in the settings, and switched off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import _character_to_key

from tui.ui.commands import BY_ID, BY_SLASH, COMMANDS
from tui.ui.table.command import EVERYWHERE, MODAL, NO_KEY, PLACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.ui.table.command import Command


KEYS = COMMANDS
"""Every binding of the program; those without a default key can be given one."""

_NAMES = {
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp",
    "pagedown": "PgDn", "home": "Home", "end": "End", "space": "Space", "delete": "Del", "ctrl": "Ctrl",
    "alt": "Alt", "shift": "Shift",
}  # fmt: skip
_KEY = re.compile(r"(ctrl\+|alt\+|shift\+){0,3}([a-z_0-9]+|[!-~])", re.IGNORECASE)


def bindings(where: str) -> list[Binding]:
    """The bindings of one part of the screen, for its `BINDINGS`."""
    return [
        Binding(
            _names_for_textual(key.id, key.keys), key.action, key.sentence, id=key.id, show=False
        )
        for key in KEYS
        if key.where == where
    ]


def actions(where: Iterable[str], keymap: Mapping[str, str]) -> dict[str, str]:
    """Actions by the name of their key, for a widget that takes most keys for itself.

    Textual's priority bindings are no way to get past such a widget: they are run before the keys
    that were pressed earlier and still wait in its queue, so that text and Enter arriving in one
    piece would send nothing.
    """
    places = set(where)
    return {
        name: key.action if key.where != EVERYWHERE or "." in key.action else f"screen.{key.action}"
        for key in KEYS
        if key.where in places
        for name in keymap.get(key.id, key.keys).split(",")
        if name != NO_KEY
    }


def textual_keymap(keymap: Mapping[str, str]) -> dict[str, str]:
    """The keymap with the names that Textual's own events carry: `question_mark`, not `?`.

    Bindings in a class are translated by Textual; a keymap is not (8.2.8).
    """
    return {binding_id: _names_for_textual(binding_id, keys) for binding_id, keys in keymap.items()}


def _names_for_textual(command_id: str, keys: str) -> str:
    if keys == NO_KEY:
        return (
            f"{NO_KEY}:{command_id}"  # a name for each: two bindings of one key delete each other
        )
    return ",".join(_character_to_key(key) if len(key) == 1 else key for key in keys.split(","))


def shown(keys: str) -> str:
    """Keys as people read them: `ctrl+j,alt+up` gives `Ctrl+J Alt+↑`; nothing for none."""
    return "" if keys == NO_KEY else " ".join(_shown_one(key) for key in keys.split(","))


def _shown_one(key: str) -> str:
    parts = key.split("+")
    names = [
        _NAMES.get(part, part.upper() if len(part) > 1 or len(parts) > 1 else part)
        for part in parts
    ]
    return "+".join(names)


def read_keymap(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keymap that the settings ask for, and in words what of it cannot be had.

    Textual takes any nonsense silently and lets a clash delete a binding, so ids, keys and
    clashes are checked here. What is wrong is left at its default.
    """
    known = {key.id: key for key in KEYS}
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for binding_id, keys in wanted.items():
        names = [name.strip() for name in str(keys).split(",")]
        names = [NO_KEY] if names == [""] else names
        if binding_id not in known:
            problems.append(f"keys: there is no binding {binding_id!r}; F1 lists them")
        elif not all(_KEY.fullmatch(name) for name in names):
            problems.append(
                f"keys: {keys!r} for {binding_id!r} is no key; write for example 'ctrl+j' or 'f8'"
            )
        else:
            keymap[binding_id] = ",".join(names)
    for first, second, key in _clashes(known.values(), keymap):
        problems.append(f"keys: {shown(key)} is bound to both {first!r} and {second!r}")
        keymap.pop(first, None)
        keymap.pop(second, None)
    return keymap, problems


def _clashes(keys: Iterable[Command], keymap: Mapping[str, str]) -> list[tuple[str, str, str]]:
    taken: dict[tuple[str, str], str] = {}
    clashes = []
    for key in keys:
        for name in keymap.get(key.id, key.keys).split(","):
            if name == NO_KEY:
                continue
            places = PLACES.keys() - MODAL if key.where == EVERYWHERE else {key.where}
            for where in places:
                first = taken.setdefault((where, name), key.id)
                if first != key.id and {first, key.id} & set(keymap):
                    clashes.append((first, key.id, name))
    return list(dict.fromkeys(clashes))


def keys_of(command_id: str, keymap: Mapping[str, str]) -> str:
    """The keys of a command that are in force, as people read them; nothing if it has none."""
    return shown(keymap.get(command_id, BY_ID[command_id].keys))


def key_table(keymap: Mapping[str, str], where: str) -> list[tuple[str, str]]:
    """`(keys, sentence)` of one part of the screen, with the keys that are in force."""
    rows = [(shown(keymap.get(k.id, k.keys)), k.sentence) for k in KEYS if k.where == where]
    return [(keys, sentence) for keys, sentence in rows if keys]


def readme_table() -> str:
    """All keys as a Markdown table, as the README has it."""
    lines = ["| where | key | does |", "| --- | --- | --- |"]
    for where, title in PLACES.items():
        lines += [f"| {title} | {keys} | {sentence} |" for keys, sentence in key_table({}, where)]
    return "\n".join(lines) + "\n"


def slash_table() -> str:
    """All words with a slash as a Markdown table, as the README has it."""
    lines = ["| in the prompt | does |", "| --- | --- |"]
    for name, command in sorted(BY_SLASH.items()):
        lines.append(f"| `{f'/{name} {command.argument}'.rstrip()}` | {command.sentence} |")
    return "\n".join(lines) + "\n"
