"""Asks once before the program ends while replies are still coming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.widgets.ask import Confirm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.turn import Turn
    from tui.ui.hooks import Hook


class LeaveScreen(Confirm):
    """Gives True to leave; the key that quits does so at once in here.

    If all replies have come meanwhile there is nothing to ask any more: it gives True by itself.
    """

    def __init__(self, coming: Callable[[], int], ended: Hook[Turn]) -> None:
        """`coming` gives how many replies are still coming; `ended` tells when one is there."""
        replies = "A reply is" if coming() == 1 else f"{coming()} replies are"
        super().__init__(
            f"{replies} still coming. Quit?",
            "What has come so far is kept, and can be continued. Ctrl+Q again quits at once.",
        )
        self._coming, self._ended = coming, ended

    def on_mount(self) -> None:
        """Listen for the ends of replies; the last may have come while this was put up."""
        self._ended.add(self._one_is_there)
        self.call_later(self._look)

    def on_unmount(self) -> None:
        """Listen no more."""
        self._ended.remove(self._one_is_there)

    def _one_is_there(self, _turn: Turn) -> None:
        self.call_later(self._look)  # a prompt that waited for it may be sent now

    def _look(self) -> None:
        if self.is_current and not self._coming():
            self.dismiss(True)
