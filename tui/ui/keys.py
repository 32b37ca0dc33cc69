"""All key bindings, in one table: widgets, help, palette and README are made from it.

Every default arrives on every terminal, inside tmux and screen too. Keys can be remapped by
binding id under `[keys]` in the settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import _character_to_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Key:
    """One binding."""

    id: str
    """`where.what`; the part before the dot says where it works."""
    keys: str
    """Textual's names of the default keys, separated by commas."""
    action: str
    sentence: str
    """What it does, for the help, the palette and the README."""

    @property
    def where(self) -> str:
        """The part of the screen in which it works; `chat` works everywhere."""
        return self.id.partition(".")[0]


KEYS = (
    Key("composer.send", "enter", "send", "Send the prompt"),
    Key(
        "composer.newline",
        "ctrl+j,shift+enter,alt+enter",
        "newline",
        "Begin a new line (Shift+Enter and Alt+Enter too, where the terminal tells them apart)",
    ),
    Key("chat.home", "escape", "home", "One step home: leave the list or the transcript, then stop the reply"),
    Key("chat.copy_or_clear", "ctrl+c", "copy_or_clear", "Copy the selection; else clear the prompt; twice: quit"),
    Key("chat.new", "ctrl+n", "new_chat", "New chat"),
    Key("chat.previous", "alt+up", "previous_chat", "Previous chat in the list"),
    Key("chat.next", "alt+down", "next_chat", "Next chat in the list"),
    Key("chat.back", "ctrl+t", "back", "Back to the chat before this one"),
    Key("chat.part", "f6", "next_part", "Next part of the screen"),
    Key("chat.focus", "tab", "next_part", "Focus: prompt, transcript, list of chats"),
    Key("chat.focus_back", "shift+tab", "previous_part", "The same, the other way round"),
    Key("chat.sidebar", "f9", "toggle_sidebar", "Show or hide the list of chats"),
    Key("chat.palette", "ctrl+p", "app.command_palette", "Command palette"),
    Key("chat.help", "f1", "help", "Help for what has the focus"),
    Key("chat.quit", "ctrl+q", "app.leave", "Quit"),
    Key("transcript.next", "j,down", "next", "Next message"),
    Key("transcript.previous", "k,up", "previous", "Previous message"),
    Key("transcript.first", "g,home", "first", "First message"),
    Key("transcript.last", "G,end", "last", "Last message, and follow what comes"),
    Key("transcript.page_up", "pageup", "page_up", "A page up"),
    Key("transcript.page_down", "pagedown,space", "page_down", "A page down"),
    Key("transcript.copy", "y", "copy", "Copy the message as Markdown"),
    Key("transcript.copy_code", "c", "copy_code", "Copy the message's code blocks, in turn"),
    Key("transcript.copy_table", "Y", "copy_table", "Copy the message's tables with tabs between cells, in turn"),
    Key("transcript.select", "v", "select", "Select text by keys"),
    Key("transcript.links", "o", "links", "List the message's links, and open one"),
    Key("transcript.find", "/", "find", "Find in this chat"),
    Key("transcript.find_next", "n", "find_next", "Next hit"),
    Key("transcript.find_previous", "N", "find_previous", "Previous hit"),
    Key("transcript.next_code", "}", "next_code", "Next code block"),
    Key("transcript.previous_code", "{", "previous_code", "Previous code block"),
    Key("transcript.next_heading", ")", "next_heading", "Next heading"),
    Key("transcript.previous_heading", "(", "previous_heading", "Previous heading"),
    Key("transcript.next_mine", "J", "next_mine", "Next message of mine"),
    Key("transcript.previous_mine", "K", "previous_mine", "Previous message of mine"),
    Key("transcript.thinking", "t", "thinking", "Unfold or fold the thinking"),
    Key("transcript.continue", ">", "screen.carry_on", "Have the reply that was cut off continued"),
    Key("transcript.again", "r", "screen.again", "Have the reply made anew"),
    Key("find.keep", "enter", "keep", "Close the field and stay; n and N go on"),
    Key("find.next", "down", "next", "Next hit"),
    Key("find.previous", "up", "previous", "Previous hit"),
    Key("selecting.left", "h,left", "left", "A character to the left"),
    Key("selecting.down", "j,down", "down", "A line down, into the next message too"),
    Key("selecting.up", "k,up", "up", "A line up"),
    Key("selecting.right", "l,right", "right", "A character to the right"),
    Key("selecting.word_on", "w", "word_on", "Next word"),
    Key("selecting.word_back", "b", "word_back", "Previous word"),
    Key("selecting.line_start", "0,home", "line_start", "Beginning of the line"),
    Key("selecting.line_end", "$,end", "line_end", "End of the line"),
    Key("selecting.first", "g", "first", "Beginning of the chat"),
    Key("selecting.last", "G", "last", "End of the chat"),
    Key("selecting.page_up", "pageup", "page_up", "A page up"),
    Key("selecting.page_down", "pagedown,space", "page_down", "A page down"),
    Key("selecting.copy", "y", "copy", "Copy the selected text"),
    Key("selecting.leave", "v", "leave", "Select no more; Esc does so too"),
    Key("sidebar.open", "enter", "open", "Open the chat"),
    Key("sidebar.next", "j,down", "next", "Next chat"),
    Key("sidebar.previous", "k,up", "previous", "Previous chat"),
    Key("sidebar.first", "g,home", "first", "First chat"),
    Key("sidebar.last", "G,end", "last", "Last chat"),
    Key("sidebar.page_up", "pageup", "page_up", "A page up"),
    Key("sidebar.page_down", "pagedown", "page_down", "A page down"),
)  # fmt: skip
"""Every binding of the program."""

PLACES = {
    "chat": "Everywhere",
    "composer": "Prompt",
    "transcript": "Transcript",
    "find": "Find field",
    "selecting": "Selecting text",
    "sidebar": "List of chats",
}
"""The parts of the screen that have keys, with their titles."""

_NAMES = {
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "up": "↑", "down": "↓", "pageup": "PgUp",
    "pagedown": "PgDn", "home": "Home", "end": "End", "space": "Space", "ctrl": "Ctrl",
    "alt": "Alt", "shift": "Shift",
}  # fmt: skip
_KEY = re.compile(r"(ctrl\+|alt\+|shift\+){0,3}([a-z_0-9]+|[!-~])", re.IGNORECASE)


def bindings(where: str) -> list[Binding]:
    """The bindings of one part of the screen, for its `BINDINGS`."""
    return [
        Binding(key.keys, key.action, key.sentence, id=key.id, show=False)
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
        name: key.action if key.where == "composer" or "." in key.action else f"screen.{key.action}"
        for key in KEYS
        if key.where in places
        for name in keymap.get(key.id, key.keys).split(",")
    }


def textual_keymap(keymap: Mapping[str, str]) -> dict[str, str]:
    """The keymap with the names that Textual's own events carry: `question_mark`, not `?`.

    Bindings in a class are translated by Textual; a keymap is not (8.2.8).
    """
    return {
        binding_id: ",".join(
            _character_to_key(key) if len(key) == 1 else key for key in keys.split(",")
        )
        for binding_id, keys in keymap.items()
    }


def shown(keys: str) -> str:
    """Keys as people read them: `ctrl+j,alt+up` gives `Ctrl+J Alt+↑`."""
    return " ".join(_shown_one(key) for key in keys.split(","))


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


def _clashes(keys: Iterable[Key], keymap: Mapping[str, str]) -> list[tuple[str, str, str]]:
    taken: dict[tuple[str, str], str] = {}
    clashes = []
    for key in keys:
        for name in keymap.get(key.id, key.keys).split(","):
            places = PLACES if key.where == "chat" else (key.where,)
            for where in places:
                first = taken.setdefault((where, name), key.id)
                if first != key.id and {first, key.id} & set(keymap):
                    clashes.append((first, key.id, name))
    return list(dict.fromkeys(clashes))


def key_table(keymap: Mapping[str, str], where: str) -> list[tuple[str, str]]:
    """`(keys, sentence)` of one part of the screen, with the keys that are in force."""
    return [(shown(keymap.get(k.id, k.keys)), k.sentence) for k in KEYS if k.where == where]


def readme_table() -> str:
    """All keys as a Markdown table, as the README has it."""
    lines = ["| where | key | does |", "| --- | --- | --- |"]
    for where, title in PLACES.items():
        lines += [f"| {title} | {keys} | {sentence} |" for keys, sentence in key_table({}, where)]
    return "\n".join(lines) + "\n"
