"""Commands of the settings pane, and words that set parameters."""

from __future__ import annotations

from tui.ui.table.command import NO_KEY, PARAMETERS, Command


def _moves(id: str, keys: str, sentence: str, action: str) -> Command:
    return Command(id, keys, sentence, PARAMETERS, action, listed=False)


COMMANDS = (
    Command("parameters.open", "f2", "Settings: every parameter of this chat and of new ones", PARAMETERS, slash="settings", argument="[NAME]"),
    Command("parameters.set", NO_KEY, "Set a parameter", PARAMETERS, slash="set", argument="NAME VALUE"),
    Command("parameters.unset", NO_KEY, "Leave a parameter to the server", PARAMETERS, slash="unset", argument="NAME"),
    Command("parameters.stop", NO_KEY, "Stop sequences: add TEXT, off 2, on 2, edit 2 TEXT, remove 2, move 2 1, set NAME, save NAME, clear", PARAMETERS, slash="stop", argument="[add TEXT]"),
    Command("stop.sets", NO_KEY, "Choose a stop set", PARAMETERS),
    Command("parameters.prefix", NO_KEY, "The beginning of the replies; with once, of the next one", PARAMETERS, slash="prefix", argument="[once] TEXT"),
    Command("parameters.temperature", NO_KEY, "Set the temperature", PARAMETERS, slash="temperature", argument="NUMBER"),
    Command("parameters.undo", NO_KEY, "Take the last change of parameters back (Ctrl+Z in the pane)", PARAMETERS),
    Command("parameters.redo", NO_KEY, "Do the change of parameters again that was taken back", PARAMETERS),
    _moves("settings.next", "down", "Next row", "next"),
    _moves("settings.previous", "up", "Previous row", "previous"),
    _moves("settings.page_down", "pagedown", "A page down", "page(1)"),
    _moves("settings.page_up", "pageup", "A page up", "page(-1)"),
    _moves("settings.first", "home", "First row", "first"),
    _moves("settings.last", "end", "Last row", "last"),
    _moves("settings.enter", "enter", "Edit the row; what is typed in the list narrows it down", "enter"),
    _moves("settings.toggle", "space", "Switch the row on or off", "switch"),
    _moves("settings.step_on", "right", "The row's next value", "step(1)"),
    _moves("settings.step_back", "left", "The row's value before that", "step(-1)"),
    _moves("settings.reset", "delete", "Leave the row to the server; a stop sequence goes", "reset"),
    _moves("settings.reset_all", "ctrl+x", "Leave everything to the server but the model", "reset_all"),
    _moves("settings.undo", "ctrl+z", "Take the last change back", "undo"),
    _moves("settings.redo", "ctrl+y", "Do it again", "redo"),
    _moves("settings.add_stop", "ctrl+a", "Add a stop sequence", "add"),
    _moves("settings.stop_sets", "ctrl+e", "Choose a stop set; a digit behind it applies one", "sets"),
    _moves("settings.row_up", "ctrl+u", "Put the stop sequence further up", "move(-1)"),
    _moves("settings.row_down", "ctrl+d", "Put the stop sequence further down", "move(1)"),
    _moves("settings.again", "f7", "Have the chosen reply, or the last one, made anew with what is set", "again"),
    _moves("settings.scope", "ctrl+w", "To the settings of new chats, and back", "scope"),
)  # fmt: skip
