"""Commands that have to do with servers, their models, and what is sent to them."""

from __future__ import annotations

from tui.ui.table.command import MESSAGES, NO_KEY, PARAMETERS, Command


def _moves(id: str, keys: str, sentence: str, action: str) -> Command:
    return Command(id, keys, sentence, MESSAGES, action, listed=False)


COMMANDS = (
    Command("model.choose", "f4", "Choose the model, of any server", PARAMETERS, slash="model", argument="[NAME]"),
    Command("servers.open", NO_KEY, "Servers: add, look at, change and remove them", PARAMETERS, slash="servers"),
    Command("servers.add", NO_KEY, "Add a server", PARAMETERS),
    Command("preview.open", "f5", "Look at the request that would be sent now", MESSAGES, slash="request"),
    Command("transcript.inspect", "i", "Look at the request that was sent for the reply, and at what came", MESSAGES, slash="inspect"),
    _moves("request.send", "enter", "Send it, or send it again", "send"),
    _moves("request.copy", "y", "Copy what is shown", "copy"),
    _moves("request.save", "s", "Save what is shown to a file", "save"),
    _moves("request.edit", "e", "Change the JSON by hand; it is sent once as it stands then", "edit"),
    _moves("request.edit_outside", "ctrl+g", "The same with $EDITOR", "edit_outside"),
    _moves("request.next", "tab,right,l", "Next form; digits choose one", "turn(1)"),
    _moves("request.previous", "shift+tab,left,h", "The form before", "turn(-1)"),
    _moves("request.down", "down,j", "A row down", "rows(1)"),
    _moves("request.up", "up,k", "A row up", "rows(-1)"),
    _moves("request.page_down", "pagedown,space", "A page down", "pages(1)"),
    _moves("request.page_up", "pageup", "A page up", "pages(-1)"),
    _moves("request.first", "home,g", "The beginning", "pages(-9999)"),
    _moves("request.last", "end,G", "The end", "pages(9999)"),
    _moves("request.leave", "escape,q", "Close it", "leave"),
)  # fmt: skip
