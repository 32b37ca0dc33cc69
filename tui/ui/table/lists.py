"""Commands of the prompt, of the list of chats and of the lists and fields that lie over the screen."""

from __future__ import annotations

from tui.ui.table.command import CHATS, MESSAGES, SCREEN, Command


def _moves(id: str, keys: str, sentence: str, action: str, group: str = CHATS) -> Command:
    return Command(id, keys, sentence, group, action, listed=False)


COMMANDS = (
    _moves("composer.send", "enter", "Send the prompt", "send", MESSAGES),
    _moves("composer.newline", "ctrl+j,shift+enter,alt+enter", "Begin a new line (Shift+Enter and Alt+Enter too, where the terminal tells them apart)", "newline", MESSAGES),
    _moves("sidebar.next", "j,down", "Next chat", "next"),
    _moves("sidebar.previous", "k,up", "Previous chat", "previous"),
    _moves("sidebar.first", "g,home", "First chat", "first"),
    _moves("sidebar.last", "G,end", "Last chat", "last"),
    _moves("sidebar.page_up", "pageup", "A page up", "page_up"),
    _moves("sidebar.page_down", "pagedown", "A page down", "page_down"),
    _moves("picker.choose", "enter", "Choose the row", "choose", SCREEN),
    _moves("picker.next", "down,ctrl+j", "Next row", "move(1)", SCREEN),
    _moves("picker.previous", "up,ctrl+k", "Previous row", "move(-1)", SCREEN),
    _moves("picker.page_down", "pagedown", "A page down", "page(1)", SCREEN),
    _moves("picker.page_up", "pageup", "A page up", "page(-1)", SCREEN),
    _moves("picker.first", "ctrl+home", "First row", "first", SCREEN),
    _moves("picker.last", "ctrl+end", "Last row", "last", SCREEN),
    _moves("picker.leave", "escape", "Choose nothing", "leave", SCREEN),
    _moves("editor.keep", "ctrl+o", "Keep the text", "keep", SCREEN),
    _moves("editor.leave", "escape", "Leave it; you are asked if the text has changed", "leave", SCREEN),
)  # fmt: skip
