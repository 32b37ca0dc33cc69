"""Which keys do not arrive, or arrive as others: by the terminal, by tmux and screen, by the desktop.

Names are Textual's: `ctrl+j`, `shift+f5`, `alt+up`. A key of which nothing is known here is believed to arrive.
"""

from __future__ import annotations

import re
from typing import Final

_SAME: Final = {
    "ctrl+i": "it is the same as Tab",
    "ctrl+m": "it is the same as Enter",
    "ctrl+h": "it is the same as Backspace on many terminals",
    "ctrl+[": "it is the same as Esc",
    "ctrl+left_square_bracket": "it is the same as Esc",
}
_TAKEN: Final = {
    "ctrl+a": "GNU screen takes it for itself, and so does tmux for some",
    "ctrl+b": "tmux takes it for itself",
    "ctrl+s": "many terminals stop their output with it, until Ctrl+Q",
    "ctrl+z": "terminals that are asked to suspend the program use it",
    "ctrl+c": "it copies, and quits when pressed twice",
    "ctrl+backslash": "some terminals end the program with it",
    "ctrl+\\": "some terminals end the program with it",
    "f10": "some desktops open the window's menu with it",
    "f11": "most desktops make the window fill the screen with it",
    "alt+f4": "most desktops close the window with it",
    "alt+tab": "the desktop switches windows with it",
    "alt+space": "some desktops open the window's menu with it",
    "alt+enter": "it arrives as Enter on many terminals, and would send; some fill the screen with it",
    "alt+escape": "it can't be told from Esc pressed twice",
    "alt+[": "terminals begin the codes of other keys with it",
    "alt+left_square_bracket": "terminals begin the codes of other keys with it",
    "alt+o": "over a slow line it can't be told from the beginning of a function key",
    "alt+O": "terminals begin the codes of function keys with it",
    "shift+pageup": "most terminals scroll back with it",
    "shift+pagedown": "most terminals scroll with it",
    "shift+insert": "most terminals paste with it",
    "ctrl+insert": "some terminals copy with it",
    "shift+space": "it arrives as a space",
    "ctrl+space": "it arrives as another key on some terminals, and switches the language on some desktops",
    "ctrl+@": "it arrives as another key on some terminals",
}
_MODIFIED: Final = frozenset(["enter", "tab", "backspace", "space", "escape"])
_ARROWS: Final = frozenset(["up", "down", "left", "right", "home", "end"])
_LETTER: Final = re.compile(r"[a-z]")
_NO_LETTER: Final = re.compile(r"[0-9]|[^\w\s]|[a-z]+(_[a-z]+)+|comma|slash|semicolon|minus|plus|equals?")  # fmt: skip


def why_not_delivered(key: str) -> str:
    """Why a key may not reach the program, in words; empty if it arrives on every terminal, in tmux too."""
    known = _SAME.get(key) or _TAKEN.get(key)
    if known:
        return known
    *modifiers, name = key.split("+") if not key.endswith("+") or len(key) == 1 else [*key[:-2].split("+"), "+"]  # fmt: skip
    held = frozenset(modifiers)
    if held & {"super", "hyper", "meta", "cmd"}:
        return "no terminal passes that key on"
    if not held:
        return ""
    if "shift" in held and len(held) > 1 and name not in _ARROWS:
        return "only few terminals pass Shift on together with Ctrl or Alt, and tmux does not"
    if held == {"ctrl"} and (name in _MODIFIED or _NO_LETTER.fullmatch(name)):
        return "only few terminals pass it on, and tmux does not"
    if held == {"shift"} and name in {"enter", "backspace", "escape"}:
        return f"most terminals pass it on as plain {name.capitalize()}"
    if "alt" in held:
        return _with_alt(held, name)
    return ""


def _with_alt(held: frozenset[str], name: str) -> str:
    if "ctrl" in held and (name in _ARROWS or re.fullmatch(r"f\d+", name)):
        return "desktops switch workspaces and consoles with such keys"
    if "ctrl" in held:
        return "some keyboards type further characters with Ctrl and Alt together"
    if re.fullmatch(r"[0-9]", name):
        return "terminals switch tabs with it, and some keyboards type another character"
    if _LETTER.fullmatch(name) or _NO_LETTER.fullmatch(name):
        return "on a Mac it types another character, unless the terminal takes Option for Alt"
    return ""


def keymap_warnings(keymap: dict[str, str]) -> list[str]:
    """What to mind of the keys that the user has given to commands, by command id; nothing is refused for it."""
    return [
        f"keys: {one!r} for {command!r} may not arrive: {why}"
        for command, keys in keymap.items()
        for one in keys.split(",")
        if (why := why_not_delivered(one.strip()))
    ]
