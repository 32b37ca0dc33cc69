"""Commands that have to do with several replies to one prompt at once."""

from __future__ import annotations

from tui.ui.table.command import MESSAGES, Command


def _moves(id: str, keys: str, sentence: str, action: str) -> Command:
    return Command(id, keys, sentence, MESSAGES, action, listed=False)


COMMANDS = (
    Command("transcript.vary", "R", "Have another version made, by another model or other parameters", slash="vary", argument="[MODEL,NAME=VALUE]"),
    Command("transcript.compare", "C", "Compare: ask the same in several ways at once", slash="compare", argument="[MODEL,NAME=VALUE …]"),
    Command("transcript.versions", "V", "See all versions of the message side by side", slash="versions"),
    _moves("compare.next", "l,right,tab", "Next version", "column(1)"),
    _moves("compare.previous", "h,left,shift+tab", "Version before", "column(-1)"),
    _moves("compare.down", "j,down", "A line down", "scroll(1)"),
    _moves("compare.up", "k,up", "A line up", "scroll(-1)"),
    _moves("compare.page_down", "pagedown,space", "A page down", "page(1)"),
    _moves("compare.page_up", "pageup", "A page up", "page(-1)"),
    _moves("compare.first", "g,home", "Beginning", "end(-1)"),
    _moves("compare.last", "G,end", "End, and follow what comes", "end(1)"),
    _moves("compare.show", "enter", "Show this version in the chat; the others stay as versions", "show"),
    _moves("compare.keep", "K", "Keep this version only; u in the chat brings the others back", "keep"),
    _moves("compare.stop", "s", "Stop this reply", "stop"),
    _moves("compare.copy", "y", "Copy the message as Markdown", "copy"),
    _moves("compare.leave", "escape,q", "Back to the chat; replies go on, all stay as versions", "leave"),
)  # fmt: skip
