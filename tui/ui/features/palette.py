"""The command palette: everything that can be done, with its key, what was used last first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.fuzzy import Haystack, is_near
from tui.ui.commands import BY_ID, COMMANDS
from tui.ui.features.feature import Feature
from tui.ui.keys import keys_of
from tui.ui.table.command import GROUPS
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui.ui.features.feature import Plain
    from tui.ui.table.command import Command

RECENT = 5
"""So many commands are remembered as used last."""


class Palette(Feature):
    """Lists commands, and behind them what other features offer for what is typed."""

    def commands(self) -> Mapping[str, Plain]:
        """The palette itself."""
        return {"chat.palette": self.show}

    async def show(self) -> None:
        """Show it; the chosen command is done on the screen below."""
        from tui.ui.widgets.picker import Picker

        listed = [c for c in COMMANDS if c.listed]
        haystack = Haystack(_words(c) for c in listed)

        def rows(query: str) -> Sequence[Row[Callable[[], object]]]:
            if not query.strip():
                return self._all(listed)
            found = [listed[index] for index in haystack.search(query)]
            near = [c for c in found if is_near(query, _words(c))]
            far = [c for c in found if c not in near]
            offers = [row for offer in self.ctx.palette_rows for row in offer(query)]
            is_meant = [is_near(query, f"{row.text} {row.detail}") for row in offers]
            return [
                *(self._row(command, "") for command in near),
                *(row for row, near_by in zip(offers, is_meant, strict=True) if near_by),
                *(self._row(command, "") for command in far),
                *(row for row, near_by in zip(offers, is_meant, strict=True) if not near_by),
            ]

        picker = Picker(
            "Commands", rows, placeholder="type what you want to do", keymap=self.ctx.keymap
        )
        await self.ctx.push(picker, self._chosen)

    def _all(self, listed: Sequence[Command]) -> list[Row[Callable[[], object]]]:
        used = self.ctx.remembered.get("commands.recent", list[str]())
        recent = [BY_ID[one] for one in used if one in BY_ID]
        by_group = sorted(listed, key=lambda command: GROUPS.index(command.group))
        return [
            *(self._row(command, "Recent") for command in recent),
            *(self._row(command, command.group) for command in by_group),
        ]

    def _row(self, command: Command, group: str) -> Row[Callable[[], object]]:
        slash = f"/{command.slash}" if command.slash else ""
        keys = keys_of(command.id, self.ctx.keymap)
        detail = "  ".join(filter(None, (slash, keys)))
        return Row(lambda: self._do(command.id), command.sentence, detail, group)

    async def _do(self, command_id: str) -> None:
        used = self.ctx.remembered.get("commands.recent", list[str]())
        recent = [command_id, *(one for one in used if one != command_id)]
        self.ctx.remembered.set("commands.recent", recent[:RECENT])
        await self.ctx.features.do(command_id)

    async def _chosen(self, deed: Callable[[], object] | None) -> None:
        if deed is not None:
            done = deed()
            if hasattr(done, "__await__"):
                await done


def _words(command: Command) -> str:
    """What a command is found by."""
    return f"{command.sentence} {command.id} {command.slash}"
