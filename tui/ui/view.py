"""What is about looking at a chat, as opposed to what is said in it: kept while the program runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.place import Place


@dataclass
class View:
    """How one chat was left."""

    place: Place | None = None
    """Where the reader was; None means at the tail."""
    draft: str = ""
    notices: list[Entry] = field(default_factory=list)
    """What bise itself has to say at the chat's end, such as why a reply failed."""
    cursor: tuple[int, int] | None = None
    """Where in the draft the cursor was, by line and column; None means at its end."""
    was_cut: bool = False
    """Whether a reply was cut off by the end of a program, and nobody has looked at it since."""
    was_left: bool = False
    """Whether it was shown, and left for another."""
    pane: Widget | None = None
    """What the pane beside it showed then; None if it was closed."""
    told: str = ""
    """What goes on before the request leaves."""


class Views:
    """How all chats were left, by id."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}

    def of(self, chat_id: str) -> View:
        """How that chat was left; as a new one if it was never seen."""
        return self._views.setdefault(chat_id, View())

    def with_marks(self) -> list[str]:
        """The chats in which something waits to be sent, or was cut off."""
        return [chat_id for chat_id, view in self._views.items() if view.draft or view.was_cut]
