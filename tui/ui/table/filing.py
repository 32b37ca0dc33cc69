"""Commands that find chats and file them away."""

from __future__ import annotations

from tui.ui.table.command import CHATS, Command

COMMANDS = (
    Command("chat.switch", "ctrl+o", "Switch to another chat, by its title or by words in it", CHATS, slash="open", argument="[TITLE]"),
    Command("chat.unread", "alt+u", "Next chat that is unread", CHATS),
    Command("search.show", "f3", "Search in all chats", CHATS, slash="find", argument="[WORDS]"),
    Command("sidebar.open", "enter", "Open the chat", CHATS, listed=False),
    Command("sidebar.filter", "/", "Filter the list of chats; #word asks for a tag; Tab goes on to what fits", CHATS),
    Command("sidebar.pin", "p", "Pin the chat, or pin it no more", CHATS, slash="pin"),
    Command("sidebar.rename", "R", "Rename the chat", CHATS, slash="rename", argument="[TITLE]"),
    Command("sidebar.tag", "t", "Tag the chat; -word takes a tag away", CHATS, slash="tag", argument="[WORDS]"),
    Command("sidebar.archive", "a", "Archive the chat; in the archive or the trash: bring it back", CHATS, slash="archive"),
    Command("sidebar.delete", "d", "Move the chat to the trash", CHATS, slash="delete"),
    Command("sidebar.export", "e", "Export the chat to a file", CHATS, slash="export", argument="[md|html|json|toml] [PATH]"),
    Command("sidebar.undo", "u", "Undo: bring back the chat that was filed away last", CHATS, slash="restore"),
    Command("sidebar.place", "v", "List the chats, the archive or the trash, in turn", CHATS, slash="list", argument="[chats|archive|trash]"),
)  # fmt: skip

SEARCH = (
    Command("searching.role", "f2", "Only messages of one role, in turn", CHATS, "role", listed=False),
    Command("searching.here", "f3", "Only the chat that was open, or all", CHATS, "here", listed=False),
    Command("searching.model", "f4", "Only replies of one model, in turn", CHATS, "model", listed=False),
    Command("searching.tag", "f5", "Only chats with one tag, in turn", CHATS, "tag", listed=False),
    Command("searching.date", "f6", "Only what is so new, in turn", CHATS, "date", listed=False),
    Command("searching.places", "f7", "Where: chats and archive, the trash too, chats only", CHATS, "places", listed=False),
)  # fmt: skip
"""Keys of the search's own screen, beside those of all lists."""
