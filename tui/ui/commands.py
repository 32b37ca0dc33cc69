"""Every command of the program, once: keys, help, palette, slash words and README are made from it.

A topic's commands stand in a module of its own in `tui.ui.table`; what they do, in `tui.ui.features`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.table import (
    branches,
    chats,
    comparing,
    composing,
    filing,
    lists,
    messages,
    models,
    presets,
    screen,
    settings,
    transcript,
)

if TYPE_CHECKING:
    from tui.ui.table.command import Command

COMMANDS: tuple[Command, ...] = (
    *messages.COMMANDS,
    *chats.COMMANDS,
    *filing.COMMANDS,
    *screen.COMMANDS,
    *settings.COMMANDS,
    *presets.COMMANDS,
    *models.COMMANDS,
    *transcript.COMMANDS,
    *branches.COMMANDS,
    *comparing.COMMANDS,
    *lists.COMMANDS,
    *composing.COMMANDS,
    *filing.SEARCH,
)
"""All of them; within a part of the screen the help keeps this order."""

BY_ID = {command.id: command for command in COMMANDS}
BY_SLASH = {command.slash: command for command in COMMANDS if command.slash}
