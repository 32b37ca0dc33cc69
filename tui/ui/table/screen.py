"""Commands that have to do with the screen and its parts."""

from __future__ import annotations

from tui.ui.table.command import NO_KEY, PROGRAM, SCREEN, Command

COMMANDS = (
    Command("chat.part", "f6", "Next part of the screen", SCREEN),
    Command("chat.focus", "tab", "Focus: prompt, transcript, pane, list of chats", SCREEN, listed=False),
    Command("chat.focus_back", "shift+tab", "The same, the other way round", SCREEN, listed=False),
    Command("chat.sidebar", "f9", "Show or hide the list of chats", SCREEN),
    Command("pane.close", NO_KEY, "Close the pane on the right (Esc in the pane does so too)", SCREEN),
    Command("pane.wider", "alt+left", "Make the pane on the right wider", SCREEN),
    Command("pane.narrower", "alt+right", "Make the pane on the right narrower", SCREEN),
    Command("sidebar.wider", ">", "Make the list of chats wider", SCREEN),
    Command("sidebar.narrower", "<", "Make the list of chats narrower", SCREEN),
    Command("theme.choose", NO_KEY, "Choose the colours", SCREEN, slash="theme", argument="[NAME]"),
    Command("chat.palette", "ctrl+p", "Command palette", PROGRAM, listed=False),
    Command("chat.help", "f1", "Help for what has the focus", PROGRAM, slash="help"),
    Command("keys.show", NO_KEY, "List all keys, and change them", PROGRAM, slash="keys"),
    Command("config.edit", NO_KEY, "Edit settings.toml in $EDITOR, and put it in force", PROGRAM, slash="config"),
    Command("chat.quit", "ctrl+q", "Quit", PROGRAM, "app.leave", slash="quit"),
)  # fmt: skip
