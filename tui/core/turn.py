"""The turn: one reply in the making, as a state machine.

queued → connecting → streaming → done | stopped | failed

It holds the truth of an answer in flight. It does no I/O and reads no clock: times are handed to it
in seconds of a monotonic clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from tui.core.events import Finished, Opened, PartDelta, Retrying, TextDelta, ThinkingDelta
from tui.core.words import Ended, TurnState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.completion import CompletionRequest, Reply
    from tui.core.events import ReplyEvent
    from tui.core.failure import Failure
    from tui.core.message import Message

_NEXT = {
    TurnState.QUEUED: {TurnState.CONNECTING, TurnState.STOPPED, TurnState.FAILED},
    TurnState.CONNECTING: {
        TurnState.STREAMING,
        TurnState.DONE,
        TurnState.STOPPED,
        TurnState.FAILED,
    },
    TurnState.STREAMING: {TurnState.DONE, TurnState.STOPPED, TurnState.FAILED},
    TurnState.DONE: set[TurnState](),
    TurnState.STOPPED: set[TurnState](),
    TurnState.FAILED: set[TurnState](),
}


class TurnError(RuntimeError):
    """A step that the state machine does not allow: a mistake in our code, never the user's."""


class Turn:
    """One reply in the making."""

    def __init__(
        self,
        session_id: str,
        message_id: str,
        request: CompletionRequest,
        queued_at: float,
        *,
        branch: Sequence[Message] | None = None,
        provider: str | None = None,
    ) -> None:
        """`branch`: what the reply follows on the screen, if that is more than what is sent."""
        self.branch = list(request.messages if branch is None else branch)
        """The messages that the reply follows, those that are not sent included."""
        self.provider = provider
        """Whom it asks."""
        self.is_shown = True
        """Whether the shown branch is to end with the reply: not if another branch was chosen meanwhile."""
        self.session_id = session_id
        self.message_id = message_id
        """The id that the reply has on the screen and will have in the session."""
        self.request = request
        self.state = TurnState.QUEUED
        self.queued_at = queued_at
        self.sent_at: float | None = None
        self.first_at: float | None = None
        """When the first piece of text or thinking came."""
        self.ended_at: float | None = None
        self.retrying: Retrying | None = None
        """The wait that is going on before the next try, if any."""
        self.retry_at: float | None = None
        """When that wait ends."""
        self.failure: Failure | None = None
        self.reply: Reply | None = None
        """The whole reply, once it is done; what had arrived, if it failed."""
        self.stopped_as = Ended.STOPPED
        """For a turn that was stopped: by whom."""
        self.deltas = 0
        """Pieces of the reply that have come, as the server cut it."""
        self._text: list[str] = []
        self._thinking: list[str] = []

    def _go(self, state: TurnState) -> None:
        if state not in _NEXT[self.state]:
            raise TurnError(f"a turn cannot go from {self.state} to {state}")
        self.state = state

    @property
    def parent(self) -> str | None:
        """The message that the reply follows, or None if it begins the conversation."""
        return self.branch[-1].id if self.branch else None

    @property
    def text(self) -> str:
        """The answer's text so far."""
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0] if self._text else ""

    @property
    def thinking(self) -> str:
        """The thinking so far."""
        if len(self._thinking) > 1:
            self._thinking = ["".join(self._thinking)]
        return self._thinking[0] if self._thinking else ""

    def connect(self, now: float) -> None:
        """The request leaves."""
        self._go(TurnState.CONNECTING)
        self.sent_at = now

    def receive(self, event: ReplyEvent, now: float) -> None:
        """Fold one event of the backend into the turn. Events after the end are ignored."""
        if self.state.is_over:
            return
        match event:
            case Retrying():
                self.retrying = event
                self.retry_at = now + event.wait_s
            case Opened():
                self.retrying = None
            case TextDelta(text=text, choice=choice, pieces=count):
                self._piece(self._text if choice == 0 else None, text, now, count)
            case ThinkingDelta(text=text, choice=choice, pieces=count):
                self._piece(self._thinking if choice == 0 else None, text, now, count)
            case PartDelta():
                self._piece(None, "", now)
            case Finished(reply=reply):
                self.reply = reply
                self.ended_at = now
                self._go(TurnState.DONE)
            case _:
                assert_never(event)

    def _piece(self, pieces: list[str] | None, text: str, now: float, count: int = 1) -> None:
        if self.state is TurnState.CONNECTING:
            self._go(TurnState.STREAMING)
            self.retrying = None
            self.first_at = now
        self.deltas += count
        if pieces is not None:
            pieces.append(text)

    def stop(self, now: float, stopped_as: Ended = Ended.STOPPED) -> None:
        """Broken off by the user, or (`Ended.INTERRUPTED`) by the end of the program; what is there is kept."""
        self._go(TurnState.STOPPED)
        self.stopped_as = stopped_as
        self.ended_at = now

    def fail(self, failure: Failure, now: float) -> None:
        """It went wrong; what is there is kept."""
        self._go(TurnState.FAILED)
        self.failure = failure
        self.reply = failure.reply
        self.ended_at = now

    @property
    def first_token_s(self) -> float | None:
        """Seconds from sending to the first piece, or None if none has come."""
        if self.sent_at is None or self.first_at is None:
            return None
        return self.first_at - self.sent_at

    def seconds(self, now: float) -> float:
        """Seconds since the request left: up to `now`, or up to the end if it is over."""
        if self.sent_at is None:
            return 0.0
        return (now if self.ended_at is None else self.ended_at) - self.sent_at
