"""The keys of all commands: for widgets, for the help and the README, and as the user has moved them.

Every default arrives on every terminal, inside tmux and screen too. Keys can be remapped by
the command's id under `[keys]` in the settings, and switched off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import Keys, _character_to_key, key_to_character

from tui.ui.commands import BY_ID, BY_SLASH, COMMANDS
from tui.ui.keymap import Keymap, Live
from tui.ui.table.command import EVERYWHERE, MODAL, NO_KEY, PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tui.ui.table.command import Command


KEYS = COMMANDS
"""Every binding of the program; those without a default key can be given one."""

_NAMES = {
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp",
    "pagedown": "PgDn", "home": "Home", "end": "End", "space": "Space", "delete": "Del", "ctrl": "Ctrl",
    "alt": "Alt", "shift": "Shift",
}  # fmt: skip
_MOTIONS = frozenset("hjklgG")
"""Letters that move as they do in vi; each has a key beside it that needs no knowledge of that."""
_KEY = re.compile(r"(ctrl\+|alt\+|shift\+){0,3}([a-z_0-9]+|[!-~])", re.IGNORECASE)
_LONG = {key.value.rpartition("+")[2] for key in Keys}
"""Names of keys that are no characters."""


def bindings(where: str) -> list[Binding]:
    """The bindings of one part of the screen, for its `BINDINGS`."""
    return [
        Binding(
            _names_for_textual(key.id, key.keys), key.action, key.sentence, id=key.id, show=False
        )
        for key in KEYS
        if key.where == where
    ]


def actions(where: Iterable[str], keymap: Mapping[str, str]) -> Mapping[str, str]:
    """Actions by the name of their key, for a widget that takes most keys for itself; as the keymap is now.

    Textual's priority bindings are no way to get past such a widget: they are run before the keys
    that were pressed earlier and still wait in its queue, so that text and Enter arriving in one
    piece would send nothing.
    """
    places = set(where)
    return Live(
        keymap,
        lambda: {
            _character_to_key(name) if len(name) == 1 else name: _action(key)
            for key in KEYS
            if key.where in places
            for name in keymap.get(key.id, key.keys).split(",")
            if name != NO_KEY
        },
    )


def _action(key: Command) -> str:
    is_screens = key.where == EVERYWHERE and "." not in key.action
    return f"screen.{key.action}" if is_screens else key.action


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
    parts = key.split("+") if len(key) > 1 else [key]
    return "+".join(_shown_part(part, is_alone=len(parts) == 1) for part in parts)


def _shown_part(part: str, *, is_alone: bool) -> str:
    if part in _NAMES:
        return _NAMES[part]
    character = key_to_character(part) if len(part) > 1 else part
    if len(part) > 1 and character is not None and character.isprintable():
        return character
    return part if len(part) == 1 and is_alone else part.upper()


def read_keymap(
    wanted: Mapping[str, str],
    *,
    lines: Callable[[Iterable[str]], Mapping[str, int]] = lambda _ids: {},
    vim_keys: bool = True,
) -> tuple[Keymap, list[str]]:
    """The keymap that the settings ask for, and in words what of it cannot be had.

    Textual takes any nonsense silently and lets a clash delete a binding, so ids, keys and
    clashes are checked here. What is wrong is left at its default. `lines` tells on which lines of
    the file the keys of commands stand; it is asked only if something is wrong. Without `vim_keys`
    letters do not move in lists and texts.
    """
    known = {key.id: key for key in KEYS}
    own: dict[str, str] = {}
    problems: list[tuple[tuple[str, ...], str]] = []
    for binding_id, keys in wanted.items():
        names = [name.strip() for name in str(keys).split(",")]
        names = [NO_KEY] if names == [""] else names
        if binding_id not in known:
            problems.append(
                ((binding_id,), f"there is no binding {binding_id!r}; /keys lists them")
            )
        elif not all(_is_key(name) for name in names):
            words = f"{keys!r} for {binding_id!r} is no key; write for example 'ctrl+j' or 'f8'"
            problems.append(((binding_id,), words))
        else:
            own[binding_id] = ",".join(map(_as_events_have_it, names))
    plain = {} if vim_keys else _without_motions()
    for first, second, key in _clashes(known.values(), {**plain, **own}):
        words = f"{shown(key)} is bound to both {first!r} and {second!r}"
        problems.append(((first, second), words))
        own.pop(first, None)
        own.pop(second, None)
    told = [_located(ids, words, lines) for ids, words in problems]
    return Keymap({**plain, **own}, own=own, vim_keys=vim_keys), told


def _is_key(name: str) -> bool:
    """Whether there is a key of that name, however its letters are written."""
    found = _KEY.fullmatch(name)
    if found is None:
        return False
    last = found[2].lower()
    return len(last) == 1 or name == NO_KEY or last in _LONG or _is_character(last)


def _is_character(name: str) -> bool:
    return len(key_to_character(name) or "") == 1


def _as_events_have_it(name: str) -> str:
    """`Alt+N` as `alt+n`, as it is shown; but `N` and `alt+N` say that Shift is held."""
    before, plus, last = name.rpartition("+") if len(name) > 1 else ("", "", name)
    says_shift = len(last) == 1 and before == before.lower() and "ctrl" not in before
    return f"{before.lower()}{plus}{last if says_shift else last.lower()}"


def _located(
    ids: tuple[str, ...], words: str, lines: Callable[[Iterable[str]], Mapping[str, int]]
) -> str:
    found = lines(ids)
    where = " and ".join(str(found[one]) for one in ids if found.get(one))
    return f"keys: {words}" + (f" (settings.toml, line {where})" if where else "")


def _without_motions() -> dict[str, str]:
    """The keys of all commands that letters move by, without these letters."""
    found = {}
    for key in KEYS:
        names = key.keys.split(",")
        left = [name for name in names if name not in _MOTIONS]
        if left and len(left) < len(names):
            found[key.id] = ",".join(left)
    return found


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
