"""Asks once before the program ends while replies are still coming, or with something that is not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.text import one_line
from tui.ui.widgets.ask import Confirm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.hooks import Hook


NAMED = 3
"""So many chats are told by their titles."""


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


def unsaved_question(sessions: Sequence[Session]) -> Confirm:
    """Asks whether to leave though something of these could not be saved; Enter stays."""
    return Confirm(
        "Not everything could be saved. Quit, and lose it?",
        f"It is only in memory: something of {titles_of(sessions)}. It was tried again just now.",
        careful=True,
    )


def titles_of(sessions: Sequence[Session]) -> str:
    """The titles of some chats, in a list for people."""
    named = [f"“{one_line(session.title, 40) or 'New chat'}”" for session in sessions[:NAMED]]
    more = [f"{len(sessions) - NAMED} more"] if len(sessions) > NAMED else []
    return ", ".join([*named, *more])
