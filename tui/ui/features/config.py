"""The settings file: edited in the user's editor, then put in force."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.keymap import Keys
from tui.ui.features.themes import Themes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tui.core.ports import SettingsKeeper
    from tui.core.settings import Settings
    from tui.ui.app import BiseApp
    from tui.ui.features.feature import Plain


class Config(Feature):
    """What the user has saved holds at once."""

    def commands(self) -> Mapping[str, Plain]:
        """Editing."""
        return {"config.edit": self.edit}

    def _keeper(self) -> SettingsKeeper:
        keeper = self.ctx.need_desk().house.settings
        if keeper is None:
            raise Failure(FailureKind.CONFIG, "There is no settings file here")
        return keeper

    def edit(self) -> None:
        """Open the file in `$EDITOR`. Raises `ValueError` if none is named."""
        from tui.ui.terminal.outside import editor_command

        keeper, command = self._keeper(), editor_command(os.environ)
        self.ctx.work(self._edited(keeper, command), group="config")

    async def _edited(self, keeper: SettingsKeeper, command: Sequence[str]) -> None:
        from tui.ui.terminal.lending import lent

        path = keeper.path
        try:
            await asyncio.to_thread(_make_folder, path)
            before = await asyncio.to_thread(keeper.stamp)
            async with lent(cast("BiseApp", self.ctx.app)):
                process = await asyncio.create_subprocess_exec(*command, str(path))
                code = await process.wait()
        except OSError as error:
            self.ctx.complain(f"{command[0]} can't be run: {error.strerror}")
            return
        except Failure as failure:
            self.ctx.complain(failure)
            return
        is_same = await asyncio.to_thread(keeper.stamp) == before
        told = f"{path.name} was not changed" if is_same else "The settings are in force"
        if code:
            self.ctx.complain(f"{command[0]} ended with {code}{f'; {told}' if is_same else ''}")
        if await self.reload() and not (code and is_same):
            self.ctx.note(told)

    async def reload(self) -> bool:
        """Put in force what the file says now; False if something is wrong with it, which is told.

        A value that is wrong stays as it was; of a file that can't be read as a whole, all does.
        """
        keeper = self._keeper()
        settings = await asyncio.to_thread(keeper.load, self.ctx.need_desk().conductor.settings)
        problems = [str(problem) for problem in keeper.problems]
        if keeper.is_broken:
            self._tell(problems, "; until that is mended, all stays as it was")
            return False
        self._take(settings)
        keys = self.ctx.features.one(Keys)
        await keys.reload()
        problems += keys.problems
        try:
            await self.ctx.features.one(Themes).put_on(settings.theme)
        except ValueError as trouble:
            problems.append(f"theme: {trouble}")
        self._tell(problems)
        return not problems

    def _tell(self, problems: Sequence[str], tail: str = "") -> None:
        if problems:
            count = len(problems) - 1
            more = f" (and {count} more: bise config validate)" if count else ""
            self.ctx.complain(one_line(problems[0], 400) + tail + more)

    def _take(self, settings: Settings) -> None:
        desk = self.ctx.need_desk()
        conductor = desk.conductor
        for name in type(settings).model_fields:
            setattr(conductor.settings, name, getattr(settings, name))
        conductor.providers.update(settings.all_providers())
        if desk.bench.book is not None:
            desk.bench.book.renew()
        if self.ctx.stage.session is not None:
            self.ctx.stage.parameters_changed(self.ctx.stage.session)


def _make_folder(path: Path) -> None:
    with suppress(OSError):  # the editor says what is wrong with it
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
