"""Makes one event of the pieces that one read has brought, since each event costs every step of its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.events import TextDelta, ThinkingDelta
from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.core.events import ReplyEvent


def joined(events: Iterable[ReplyEvent]) -> Iterator[ReplyEvent]:
    """The same events, with neighbouring pieces of text, or of thinking, made one.

    If taking the events fails, what came before the `Failure` is given out first.
    """
    kind: type[TextDelta | ThinkingDelta] = TextDelta
    choice = 0
    texts: list[str] = []
    trouble: Failure | None = None
    iterator = iter(events)
    while True:
        event: ReplyEvent | None = None
        try:
            event = next(iterator, None)
        except Failure as failure:
            trouble = failure
        if event is not None and type(event) is kind and event.choice == choice:
            texts.append(event.text)
            continue
        if texts:
            yield kind("".join(texts), choice, len(texts))
            texts = []
        if isinstance(event, TextDelta | ThinkingDelta):
            kind, choice, texts = type(event), event.choice, [event.text]
        elif event is not None:
            yield event
        elif trouble is not None:
            raise trouble
        else:
            return
