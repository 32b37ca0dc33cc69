"""What the transcript shows of a conversation: messages, a turn and notices, as plain entries."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui.core.text import one_line
from tui.core.words import Ended, Role, TurnState
from tui.ui.widgets.transcript.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.costs import Prices
    from tui.core.elsewhere import ReplyElsewhere
    from tui.core.failure import Failure
    from tui.core.message import Message
    from tui.core.turn import Turn

    PricesOf = Callable[[str | None, str | None], Prices]

NAMES = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool"}

_CUT = {Ended.STOPPED, Ended.INTERRUPTED, Ended.ERROR, Ended.LENGTH, "model_length"}


def unknown_prices(_provider: str | None, _model: str | None) -> Prices:
    """Nothing is known of what any model costs."""
    from tui.core.costs import UNKNOWN  # not on the way to the first frame

    return UNKNOWN


def entry_of(message: Message, version: str = "", prices_of: PricesOf = unknown_prices) -> Entry:
    """The entry of a stored message; `version` tells which of how many it is, such as `2/3`."""
    head = NAMES[message.role]
    if (
        message.role is Role.ASSISTANT
        and message.completion is not None
        and message.completion.model
    ):
        head = f"{head} · {one_line(message.completion.model, 60)}"
    elif message.created is not None:
        head = " · ".join(filter(None, [head, _clock_time(message.created)]))
    notes = [
        version,
        "edited" if message.edited is not None else "",
        "not sent" if message.excluded else "",
    ]
    return Entry(
        id=message.id,
        role=str(message.role),
        head=" · ".join([head, *filter(None, notes)]),
        body=_body(message),
        thinking=message.thinking,
        given=message.prefix or "",
        foot=_foot(message, prices_of),
        tone="warning" if message.ended in _CUT else "",
        dimmed=message.excluded,
    )


def _clock_time(moment: datetime) -> str:
    """When it was said: today by the clock alone, else with the day."""
    try:
        then = moment.astimezone()
    except (ValueError, OverflowError):  # a date in a file can be anything
        return ""
    now = datetime.now(then.tzinfo)
    if then.date() == now.date():
        return f"{then:%H:%M}"
    return f"{then:%d %b %H:%M}" if then.year == now.year else f"{then:%Y-%m-%d %H:%M}"


def _body(message: Message) -> str:
    """The message's Markdown; what is neither text nor thinking is named in its place."""
    if isinstance(message.content, str):
        text = message.content
    else:
        parts = []
        for chunk in message.content:
            if chunk.type == "text":
                parts.append(getattr(chunk, "text", ""))
            elif chunk.type == "reference":
                ids = ", ".join(str(i) for i in getattr(chunk, "reference_ids", []))
                parts.append(f" ⟦{ids}⟧")
            elif chunk.type != "thinking":
                parts.append(f"\n\n⟦{chunk.type}⟧\n\n")
        text = "".join(parts)
    calls = [f"\n\n`{call.name}`\n\n```json\n{call.arguments}\n```" for call in message.tool_calls]
    return text + "".join(calls)


def _foot(message: Message, prices_of: PricesOf) -> str:
    """Why a reply ended and what it took; empty for all other messages."""
    if message.role is not Role.ASSISTANT or message.ended is None:
        return ""
    from tui.ui.feet import foot_of  # not on the way to the first frame

    return foot_of(message, message.ended, prices_of)


def entry_of_turn(turn: Turn, version: str = "") -> Entry:
    """The entry of a reply in the making, as far as it has come."""
    return Entry(
        id=turn.message_id,
        role=str(Role.ASSISTANT),
        head=_reply_head(turn.request.parameters.model, version),
        body=turn.text,
        thinking=turn.thinking,
        given=turn.request.parameters.prefix or "",
        foot=foot_of_turn(turn),
        live=True,
    )


def elsewhere_entry(reply: ReplyElsewhere) -> Entry:
    """The entry of a reply that another instance makes, as far as it is known here."""
    return Entry(
        id=reply.message_id,
        role=str(Role.ASSISTANT),
        head=_reply_head(reply.model),
        body=reply.text,
        thinking=reply.thinking,
        foot="coming in another window",
        live=True,
    )


def _reply_head(model: str | None, version: str = "") -> str:
    return " · ".join(
        filter(None, [NAMES[Role.ASSISTANT], one_line(model, 60) if model else "", version])
    )


def foot_of_turn(turn: Turn, told: str = "", now: float | None = None) -> str:
    """What a turn is doing before its text comes; empty once it streams.

    `now` is in seconds of the turn's clock, for the countdown to another try.
    """
    if turn.state is TurnState.QUEUED:
        return "waits for its turn"
    if turn.state is TurnState.CONNECTING:
        if turn.retrying is not None:
            wait = turn.retrying
            reason = one_line(wait.failure.message, 80)
            left = wait.wait_s
            if now is not None and turn.retry_at is not None:
                left = max(0.0, turn.retry_at - now)
            when = f"in {left:.0f} s · Enter tries now" if left > 0 else "now"
            return f"{reason} · try {wait.attempt + 1} {when} · Esc stops"
        return told or "waiting for the first word"
    return ""


def failure_entry(turn_id: str, failure: Failure, way_on: str) -> Entry:
    """The notice that a reply failed, and what can be done now."""
    return Entry(
        id=f"failure-{turn_id}",
        role="notice",
        body=f"{failure.sentence}\n{way_on}",
        tone="error",
    )


def notice(notice_id: str, words: str, tone: str = "") -> Entry:
    """A line of bise's own within the transcript."""
    return Entry(id=notice_id, role="notice", body=words, tone=tone)
