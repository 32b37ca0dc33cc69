"""Commands that have to do with servers, their models, and what is sent to them."""

from __future__ import annotations

from tui.ui.table.command import PARAMETERS, Command

COMMANDS = (
    Command("model.choose", "f4", "Choose the model, of any server", PARAMETERS, slash="model", argument="[NAME]"),
)  # fmt: skip
