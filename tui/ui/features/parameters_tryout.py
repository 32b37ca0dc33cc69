"""Shows where stop sequences would have cut the chosen reply, in words and in the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.cutting import cut_at
from tui.core.escapes import visible
from tui.core.words import Role

if TYPE_CHECKING:
    from tui.core.stops import Rows
    from tui.ui.features.context import Context


class TryOut:
    """Marks are shown as long as stop sequences are being looked at."""

    def __init__(self, context: Context) -> None:
        self._ctx = context

    def show(self, rows: Rows) -> str:
        """Mark what these would cut off; gives it in words, nothing if there is no reply to try them on."""
        message = self._ctx.stage.chosen(Role.ASSISTANT)
        stops = [row.text for row in rows if row.on]
        if message is None or not stops:
            self.hide()
            return ""
        text, given = message.text, message.prefix or ""
        start = len(given) if text.startswith(given) else 0
        cut = cut_at(text, stops, start)
        if cut is None:
            self.hide()
            return "tried: they are not in the chosen reply"
        self._ctx.transcript.show_cut(message.id, cut.offset)
        return (
            f"tried: {visible(cut.stop, 20)} would cut the chosen reply "
            f"after {cut.offset:,} of {len(text):,} characters"
        )

    def hide(self) -> None:
        """Mark nothing."""
        self._ctx.transcript.show_cut(None, 0)
