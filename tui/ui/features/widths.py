"""How wide the list of chats and the pane are: changed by key, remembered across runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.ui.features.feature import Plain

STEP = 4
"""Columns by which a width changes at once."""

SIDEBAR, PANE = 28, 44
"""Columns of the list of chats and of the pane when nobody has changed them."""

NARROWEST = {"sidebar": 16, "pane": 30}
FOR_CONVERSATION = 40
"""Columns that are left to the conversation whatever the others want."""


class Widths(Feature):
    """Takes hold on screens that have room for the parts beside each other."""

    def commands(self) -> Mapping[str, Plain]:
        """Wider and narrower."""
        return {
            "pane.wider": partial(self._change, "pane", PANE, STEP),
            "pane.narrower": partial(self._change, "pane", PANE, -STEP),
            "sidebar.wider": partial(self._change, "sidebar", SIDEBAR, STEP),
            "sidebar.narrower": partial(self._change, "sidebar", SIDEBAR, -STEP),
        }

    def begin(self) -> None:
        """Follow the terminal's size; the first frame has the widths already."""
        self.fit(self.ctx.app.size.width)
        self.ctx.hooks.resized.add(self.fit)

    def _change(self, part: str, default: int, by: int) -> None:
        columns = self.ctx.screen.size.width
        width = self.ctx.remembered.get(f"{part}.width", default) + by
        room = columns // 2 if part == "sidebar" else columns - FOR_CONVERSATION
        width = max(NARROWEST[part], min(width, room))
        self.ctx.remembered.set(f"{part}.width", width)
        self.fit(columns)

    def fit(self, columns: int) -> None:
        """Give each part its columns on a screen that has so many."""
        from tui.ui.screens.chat import NARROW

        covers = columns < NARROW
        wanted = self.ctx.remembered.get("sidebar.width", SIDEBAR)
        sidebar = max(NARROWEST["sidebar"], min(wanted, columns // 2))
        self.ctx.sidebar.styles.width = None if covers else sidebar
        beside = 0 if covers or not self.ctx.sidebar.display else sidebar
        room = columns - beside - FOR_CONVERSATION
        wanted = self.ctx.remembered.get("pane.width", PANE)
        self.ctx.pane.fit(max(NARROWEST["pane"], min(wanted, room)), covers=covers)
