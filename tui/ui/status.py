"""Works out what the status line tells of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import TurnState
from tui.ui.widgets.status import Status

if TYPE_CHECKING:
    from tui.core.session import Session
    from tui.core.turn import Turn


def status_of(
    session: Session, model: str | None, turn: Turn | None, now: float, elsewhere: int
) -> Status:
    """The status of the open chat. `now` is in seconds of the turn's clock."""
    parameters = session.parameters
    return Status(
        provider=session.provider or "",
        model=model or "",
        stop=len(parameters.stop or ()),
        prefix=bool(parameters.prefix),
        doing=_doing(turn, now),
        elsewhere=elsewhere,
    )


def _doing(turn: Turn | None, now: float) -> str:
    if turn is None or turn.state.is_over:
        return ""
    if turn.state is TurnState.QUEUED:
        return "queued · Esc stops"
    seconds = turn.seconds(now)
    if turn.state is TurnState.CONNECTING or turn.first_at is None:
        return f"waiting {seconds:.0f} s · Esc stops"
    streaming = now - turn.first_at
    rate = f" {turn.deltas / streaming:.0f} t/s" if streaming >= 1 else ""
    return f"streaming{rate} · {seconds:.0f} s · Esc stops"
