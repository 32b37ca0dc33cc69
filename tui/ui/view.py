"""What is about looking at a chat, as opposed to what is said in it: kept while the program runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget

    from tui.core.message import Message
    from tui.core.tree import Tree
    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.place import Place


MADE = 4
"""Of so many chats the entries are kept: memory must not grow with switching."""


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
    made: dict[str, tuple[Message, str, Entry]] = field(default_factory=dict)
    """By message: what it was, its version and its entry when it was shown last. Messages are replaced when they change."""
    made_of: tuple[Tree, Sequence[Message]] | None = None
    """The tree and the branch that they are of, if no version was in the making then."""
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
        self._made: dict[str, None] = {}
        """The chats whose entries are kept, that seen last at the end."""

    def of(self, chat_id: str) -> View:
        """How that chat was left; as a new one if it was never seen."""
        return self._views.setdefault(chat_id, View())

    def seen(self, chat_id: str) -> None:
        """A chat is shown: of those that were not for longest, no entries are kept."""
        self._made.pop(chat_id, None)
        self._made[chat_id] = None
        while len(self._made) > MADE:
            oldest = next(iter(self._made))
            del self._made[oldest]
            view = self.of(oldest)
            view.made, view.made_of = {}, None

    def with_drafts(self) -> list[str]:
        """The chats in which something waits to be sent."""
        return [chat_id for chat_id, view in self._views.items() if view.draft]
