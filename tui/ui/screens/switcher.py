"""The list of chats to switch to: by slot, by title, and by what was said in them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.ui.found import Target, row_of
from tui.ui.latest import Latest
from tui.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from tui.core.search import Found
    from tui.ui.widgets.picker import Rows
    from tui.ui.widgets.rowlist import Row

LEAST = 2
"""Characters from which on is searched in the chats."""

PATIENCE_S = 1.5
"""So long Enter waits for what a search finds, in seconds, if there is nothing else to choose."""


class Switcher(Picker[Target]):
    """Titles come at once; what was found in chats comes a moment later, below them."""

    def __init__(
        self,
        titles: Rows[Target],
        slots: Sequence[str],
        search: Callable[[str], Awaitable[Found]] | None,
        keymap: Mapping[str, str],
    ) -> None:
        """`slots` are the chats that digits open as long as nothing is typed."""
        super().__init__(
            "Chats",
            self._rows_for_typed,
            placeholder="a digit opens that slot · type a title or words",
            keymap=keymap,
        )
        self._titles = titles
        self._slots = slots
        self._search = search
        self._searching = Latest(self._look, partial(self.run_worker, group="search"))
        self._done = asyncio.Event()

    def _rows_for_typed(self, query: str) -> Sequence[Row[Target]]:
        if self._search is not None and len(query.strip()) >= LEAST:
            self._done.clear()
            self._searching.ask(query)
        else:
            self._done.set()
        return self._titles(query)

    async def _look(self, query: str) -> None:
        if self._search is None:
            return
        found = await self._search(query)
        titled = {row.value.chat_id for row in self._rows if query == self._query}
        hits = [hit for hit in found.hits if hit.message_id or hit.session_id not in titled]
        self.supply(query, [row_of(hit, "In the chats") for hit in hits])
        if query == self._query:
            self._done.set()

    async def take_key(self, key: str) -> str | None:
        """A digit opens a slot; Enter waits for what is still being searched."""
        if not self.query_text and key.isdecimal() and 0 < int(key) <= len(self._slots):
            self.dismiss(Target(self._slots[int(key) - 1]))
            return ""
        action = await super().take_key(key)
        return "choose_found" if action == "choose" else action

    async def action_choose_found(self) -> None:
        """Choose the row under the cursor, once there is one."""
        if self.row is None:
            try:
                await asyncio.wait_for(self._done.wait(), PATIENCE_S)
            except TimeoutError:
                self.app.bell()
        self.action_choose()
