"""Asks once before the program ends while replies are still coming."""

from __future__ import annotations

from tui.ui.widgets.ask import Confirm


class LeaveScreen(Confirm):
    """Gives True to leave; the key that quits does so at once in here."""

    def __init__(self, coming: int) -> None:
        replies = "A reply is" if coming == 1 else f"{coming} replies are"
        super().__init__(
            f"{replies} still coming. Quit?",
            "What has come so far is kept, and can be continued. Ctrl+Q again quits at once.",
        )
