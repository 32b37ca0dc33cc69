"""Where features hear what goes on: each hook is one kind of fact, heard by whoever wants to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.failure import Failure
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.desk import Desk

Fact = TypeVar("Fact")


class Hook(Generic[Fact]):
    """Passes a fact on to those who listen, on the event loop, in the order in which they began to."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Fact], object]] = []

    def add(self, listener: Callable[[Fact], object]) -> None:
        """Listen from now on."""
        self._listeners.append(listener)

    def remove(self, listener: Callable[[Fact], object]) -> None:
        """Listen no more."""
        self._listeners.remove(listener)

    def tell(self, fact: Fact) -> None:
        """Pass a fact on."""
        for listener in tuple(self._listeners):
            listener(fact)


class Hooks:
    """All hooks. None is told of single deltas: only the transcript can keep up with those."""

    def __init__(self) -> None:
        self.desk_opened: Hook[Desk] = Hook()
        """The services are loaded."""
        self.chat_shown: Hook[Session] = Hook()
        """A chat was put on the screen, or shown anew."""
        self.chat_left: Hook[str] = Hook()
        """The chat with that id is about to be left; it is still on the screen."""
        self.turn_changed: Hook[Turn] = Hook()
        """A turn has begun, gone on to another state or ended, in whatever chat."""
        self.turn_ended: Hook[Turn] = Hook()
        """A turn is over; its messages are part of the session."""
        self.session_changed: Hook[Session] = Hook()
        """A session has grown, or has a new title."""
        self.parameters_changed: Hook[Session] = Hook()
        """A session's parameters are others now: whoever changes them tells `Stage.parameters_changed`."""
        self.branch_changed: Hook[Session] = Hook()
        """The open chat was shown anew: messages of it were changed, or another branch is shown."""
        self.waiting_changed: Hook[str] = Hook()
        """The prompts that wait in the chat with that id for the end of its reply are others."""
        self.line_changed: Hook[None] = Hook()
        """Other turns wait for a place to stream, or in another order."""
        self.asides_changed: Hook[None] = Hook()
        """A request beside a conversation, such as for a title, has begun or is over."""
        self.title_failed: Hook[Failure] = Hook()
        """No title could be had from a model."""
        self.entry_chosen: Hook[str] = Hook()
        """The reader has gone to the message with that id."""
        self.typed: Hook[str] = Hook()
        """The text of the prompt has changed; a moment later than it did."""
        self.resized: Hook[int] = Hook()
        """The terminal has so many columns now."""
        self.ticked: Hook[float] = Hook()
        """About a second has passed while something is answering; the time of the turns' clock."""
