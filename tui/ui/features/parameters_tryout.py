"""Shows where stop sequences would have cut the chosen reply, in words and in the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.cutting import Cut, cut_at
from tui.core.escapes import visible
from tui.core.words import Role

if TYPE_CHECKING:
    from tui.core.message import Message
    from tui.core.stops import Rows
    from tui.ui.features.context import Context

_END = 40
"""So many characters are shown of the end that a reply would have."""


class TryOut:
    """Marks are shown as long as stop sequences are being looked at."""

    def __init__(self, context: Context) -> None:
        self._ctx = context

    @property
    def _reply(self) -> Message | None:
        return self._ctx.stage.chosen(Role.ASSISTANT)

    def show(self, rows: Rows) -> tuple[str, tuple[str, ...]]:
        """Mark what these would cut off; gives in words what all would do, and what each would.

        Nothing if there is no reply to try them on.
        """
        message = self._reply
        if message is None or not rows:
            self.hide()
            return "", ()
        cut = _cut(message, [row.text for row in rows if row.on])
        if cut is None or cut.offset >= len(message.text):
            self.hide()
        else:
            self._ctx.transcript.show_cut(message.id, cut.offset)
        each = tuple(_one(message, row.text, cut) for row in rows)
        return self.words(rows), each

    def words(self, rows: Rows) -> str:
        """What these would do to the chosen reply; nothing if there is none, or if none of them is on."""
        message = self._reply
        stops = [row.text for row in rows if row.on]
        if message is None or not stops:
            return ""
        cut = _cut(message, stops)
        if cut is None:
            return "Tried on the chosen reply: it would not be cut."
        whole = _whole(message)
        left = whole[: cut.offset]
        end = f"…{left[-_END:]}" if len(left) > _END else left
        shown = " ".join(map(visible, end.split(" ")))
        return (
            f"Tried on the chosen reply: {visible(cut.stop, 20)} would end it after {cut.offset:,} "
            f"of {len(whole):,} characters" + (f": “{shown}”" if shown else "")
        )

    def hide(self) -> None:
        """Mark nothing."""
        self._ctx.transcript.show_cut(None, 0)


def _whole(message: Message) -> str:
    """The reply as it came, if it was cut here."""
    known = message.completion.model_extra if message.completion is not None else None
    return str((known or {}).get("uncut") or message.text)


def _cut(message: Message, stops: list[str]) -> Cut | None:
    text, given = _whole(message), message.prefix or ""
    return cut_at(text, stops, len(given) if text.startswith(given) else 0)


def _one(message: Message, stop: str, first: Cut | None) -> str:
    """What one of them would do, `first` being where all of them would cut."""
    own = _cut(message, [stop])
    if own is None:
        return "not in the reply"
    return f"cuts at {own.offset:,}" if own == first else f"found at {own.offset:,}"
