"""Commands of presets and of the system prompt."""

from __future__ import annotations

from tui.ui.table.command import NO_KEY, PARAMETERS, Command


def _moves(id: str, keys: str, sentence: str, action: str) -> Command:
    return Command(id, keys, sentence, PARAMETERS, action, listed=False)


COMMANDS = (
    Command("preset.choose", NO_KEY, "Apply a preset, in whole or by field", PARAMETERS, slash="preset", argument="[NAME]"),
    Command("preset.save", NO_KEY, "Save the present parameters as a preset", PARAMETERS, slash="save-preset", argument="[NAME]"),
    Command("prompt.edit", NO_KEY, "Edit the system prompt of this chat; with TEXT, set it", PARAMETERS, slash="system", argument="[TEXT]"),
    Command("prompt.choose", NO_KEY, "Link a system prompt of the library, or insert its text", PARAMETERS, slash="prompt", argument="[NAME]"),
    Command("prompt.save", NO_KEY, "Keep the system prompt of this chat in the library", PARAMETERS, slash="save-prompt", argument="[NAME]"),
    Command("prompt.new", NO_KEY, "Begin a system prompt of the library", PARAMETERS),
    _moves("system.library", "ctrl+l", "Choose from the library, to be linked or inserted", "library"),
    _moves("system.filled", "ctrl+r", "Show it as it would be sent now", "filled"),
    _moves("system.external", "ctrl+g", "Go on in $EDITOR", "external"),
)  # fmt: skip
