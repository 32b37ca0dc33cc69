"""What stands below a reply: why it ended, and what it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.costs import money, numbers_of
from tui.core.stops import why_stopped
from tui.core.text import one_line
from tui.core.words import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.core.costs import Numbers
    from tui.core.message import Message
    from tui.ui.entries import PricesOf

_WHY = {
    Ended.STOP: "finished",
    Ended.LENGTH: "cut at the token limit",
    "model_length": "the context is full",
    Ended.TOOL_CALLS: "calls a tool",
    Ended.STOPPED: "stopped by you",
    Ended.INTERRUPTED: "interrupted",
    Ended.ERROR: "broken off by an error",
    "content_filter": "withheld by the server's filter",
}


def foot_of(message: Message, ended: str, prices_of: PricesOf) -> str:
    """Why a reply ended and what it took, as far as that is known."""
    why = _WHY.get(ended, one_line(ended, 40))
    done = message.completion
    if done is None:
        return why
    sent = done.model_extra or {}
    stops, own = sent.get("stop"), ""
    if stops:
        own = message.text.removeprefix(message.prefix or "")
    why = why_stopped(ended, done.stop_reason, stops, cut="uncut" in sent, text=own) or why
    if done.error:
        why = f"{why}: {one_line(done.error, 120)}"
    return " · ".join([why, *_figures(numbers_of(done, prices_of(done.provider, done.model)))])


def _figures(numbers: Numbers) -> Iterator[str]:
    """What a reply took, as far as it is known; that its cost is not known is told."""
    if numbers.first_token_s is not None:
        yield f"first token {numbers.first_token_s:.1f} s"
    if numbers.seconds is not None:
        yield f"{numbers.seconds:.1f} s"
    if numbers.per_second is not None and (numbers.completion or 0) > 1:
        yield f"{numbers.per_second:.0f} t/s"
    if numbers.prompt is not None:
        cached = f" ({numbers.cached} cached)" if numbers.cached else ""
        yield f"{numbers.prompt} in{cached}"
    if numbers.completion is not None:
        yield f"{numbers.completion} out"
    if numbers.completion is not None or numbers.prompt is not None:
        yield "cost unknown" if numbers.cost is None else money(numbers.cost)
