"""Commands that have to do with writing prompts, with the context and with what replies cost."""

from __future__ import annotations

from tui.ui.table.command import CHATS, MESSAGES, NO_KEY, PROGRAM, Command

COMMANDS = (
    Command("composer.older", "up", "In the top line: the prompt sent before; else the line above", MESSAGES, "older", listed=False),
    Command("composer.newer", "down", "In the bottom line: back to what was typed; else the line below", MESSAGES, "newer", listed=False),
    Command("composer.unfold", "alt+p", "Show the folded paste at the cursor in full, or all of them"),
    Command("prompt.history", "ctrl+r", "Search the prompts of all chats", slash="history"),
    Command("prompt.editor", "ctrl+g", "Edit the prompt in $EDITOR"),
    Command("context.ways", NO_KEY, "How full the context is, and how to make room in it", slash="context"),
    Command("context.drop", NO_KEY, "Send the oldest messages no more"),
    Command("context.summarise", NO_KEY, "Send a summary instead of the oldest messages", slash="summarise"),
    Command("context.anew", NO_KEY, "Go on in a new chat, from a summary of this one"),
    Command("titles.by_model", NO_KEY, "Have titles made by a model, the chat's own or the one that is named; or off", CHATS, slash="titles", argument="[on|off|own|MODEL]"),
    Command("usage.show", NO_KEY, "What replies have used and cost, by day and model", PROGRAM, slash="usage"),
)  # fmt: skip
