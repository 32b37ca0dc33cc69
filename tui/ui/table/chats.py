"""Commands that have to do with whole chats."""

from __future__ import annotations

from tui.ui.table.command import CHATS, NO_KEY, Command

COMMANDS = (
    Command("chat.new", "ctrl+n", "New chat", CHATS, slash="new"),
    Command("chat.ephemeral", NO_KEY, "Begin a chat that is not kept", CHATS, slash="ephemeral"),
    Command("chat.previous", "alt+up", "Previous chat in the list", CHATS),
    Command("chat.next", "alt+down", "Next chat in the list", CHATS),
    Command("chat.back", "ctrl+t", "Back to the chat before this one", CHATS, slash="back"),
)
