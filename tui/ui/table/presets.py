"""Commands of presets and of the system prompt."""

from __future__ import annotations

from tui.ui.table.command import NO_KEY, PARAMETERS, Command

COMMANDS = (
    Command("preset.choose", NO_KEY, "Apply a preset, in whole or by field", PARAMETERS, slash="preset", argument="[NAME]"),
    Command("preset.save", NO_KEY, "Save the present parameters as a preset", PARAMETERS, slash="save-preset", argument="[NAME]"),
)  # fmt: skip
