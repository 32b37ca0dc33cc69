"""Commands that have to do with prompts and replies, wherever the focus is."""

from __future__ import annotations

from tui.ui.table.command import MESSAGES, NO_KEY, Command

COMMANDS = (
    Command("chat.home", "escape", "One step home: leave the pane, the list or the transcript, then stop the reply", MESSAGES, "home", listed=False),
    Command("chat.copy_or_clear", "ctrl+c", "Copy the selection; else clear the prompt; twice: quit", MESSAGES, listed=False),
    Command("reply.stop", NO_KEY, "Stop the reply (Esc in the prompt does so too)", MESSAGES, slash="halt"),
    Command("reply.running", "f8", "What answers now in all chats: go there, stop it", MESSAGES, slash="running"),
    Command("reply.stop_all", NO_KEY, "Stop all replies in all chats", MESSAGES, slash="haltall"),
    Command("reply.parallel", NO_KEY, "How many replies may stream at once", MESSAGES, slash="parallel", argument="[NUMBER]"),
    Command("reply.ring", NO_KEY, "How a reply in the background rings: bell, title, osc9, osc777, none", MESSAGES, slash="ring", argument="[HOW]"),
    Command("prompt.waiting", "alt+w", "Prompts that wait for the end of the reply: edit, remove, reorder", MESSAGES, slash="waiting"),
)  # fmt: skip
