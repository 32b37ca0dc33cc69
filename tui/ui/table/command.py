"""What a command is, and the parts of the screen in which its keys work."""

from __future__ import annotations

from dataclasses import dataclass

NO_KEY = "none"
"""In the place of keys: it has none. The user writes the same in the settings to switch a key off."""

EVERYWHERE = "chat"
"""The place of commands whose keys work in every part of the screen."""

PLACES = {
    "chat": "Everywhere",
    "composer": "Prompt",
    "transcript": "Transcript",
    "find": "Find field",
    "selecting": "Selecting text",
    "sidebar": "List of chats",
    "settings": "Settings pane",
    "compare": "Comparison",
    "request": "Request",
    "picker": "Lists to choose from",
    "searching": "Search in all chats",
    "editor": "Text fields of several lines",
    "system": "Field of the system prompt",
}
"""The parts of the screen that have keys of their own, with their titles."""

MODAL = {"request", "picker", "searching", "editor", "system", "compare"}
"""Those of them that lie over the screen: the keys that work everywhere do not work in there."""

CHATS = "Chats"
MESSAGES = "Messages"
PARAMETERS = "Parameters"
SCREEN = "Screen"
PROGRAM = "Program"
GROUPS = (CHATS, MESSAGES, PARAMETERS, SCREEN, PROGRAM)
"""The groups of the palette, in their order."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done: by key, from the palette, by a word with a slash, or by each of them."""

    id: str
    """`topic.what`. If the topic is one of `PLACES`, the keys work only there, else everywhere."""
    keys: str
    """Textual's names of the default keys, separated by commas; `NO_KEY` if it has none."""
    sentence: str
    """What it does, for the help, the palette and the README."""
    group: str = MESSAGES
    """One of `GROUPS`."""
    own_action: str = ""
    """The action of the widget that it belongs to; empty if a feature does it."""
    slash: str = ""
    """The word that runs it from the prompt, without its slash."""
    argument: str = ""
    """What may follow that word, such as `NAME VALUE`; a command that takes one is given by `Feature.taking`."""
    listed: bool = True
    """Whether the palette has it; it is no place for moving the cursor."""

    @property
    def where(self) -> str:
        """The part of the screen in which its keys work; `chat` means everywhere."""
        topic = self.id.partition(".")[0]
        return topic if topic in PLACES else EVERYWHERE

    @property
    def action(self) -> str:
        """The action that its keys run, as Textual writes it."""
        return self.own_action or f"screen.do({self.id!r})"
