"""What the conductor tells the face that shows its conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.core.events import ReplyEvent
    from tui.core.failure import Failure
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.turn import Turn


class Listener(Protocol):
    """Hears what happens in conversations, on the event loop, in the order in which it happens."""

    def turn_changed(self, turn: Turn) -> None:
        """A turn has begun, gone on to another state, or waits before another try."""
        ...

    def turn_grew(self, turn: Turn, event: ReplyEvent) -> None:
        """A delta has come in; it is part of the turn already."""
        ...

    def turn_told(self, turn: Turn, words: str) -> None:
        """Something slow is going on before the request leaves, such as a model being loaded."""
        ...

    def prompt_added(self, session: Session, message: Message) -> None:
        """The user's message is part of the session; its reply is asked for next."""
        ...

    def session_changed(self, session: Session) -> None:
        """A session has grown, or has a new title."""
        ...

    def save_failed(self, session: Session, failure: Failure) -> None:
        """A session could not be saved; it is kept in memory and tried again with the next save."""
        ...

    def save_recovered(self, session: Session) -> None:
        """A session that could not be saved is saved now."""
        ...
