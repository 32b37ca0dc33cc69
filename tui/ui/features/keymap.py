"""The keys: listed by place, moved by pressing the new ones, in force at once and kept in the settings file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.fuzzy import Haystack
from tui.core.key_delivery import why_not_delivered
from tui.core.text import one_line
from tui.ui.commands import BY_ID, COMMANDS
from tui.ui.features.feature import Feature
from tui.ui.keys import keys_of, read_keymap, shown, textual_keymap
from tui.ui.table.command import NO_KEY, PLACES
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.core.ports import SettingsKeeper
    from tui.ui.features.feature import Plain
    from tui.ui.keymap import Keymap
    from tui.ui.table.command import Command
    from tui.ui.widgets.picker import Picker

TYPED_IN = frozenset(["chat", "composer", "find", "picker", "editor", "system", "settings"])
"""Places in which text is typed: a key that types a character can't do anything else there."""


class Keys(Feature):
    """What is in the settings file is read when the list is opened; what is changed is written behind."""

    def commands(self) -> Mapping[str, Plain]:
        """The list."""
        return {"keys.show": self.show}

    def begin(self) -> None:
        """Nothing has been read yet."""
        self._lines: Mapping[str, int] = {}
        self._problems: Sequence[str] = ()
        self._saving = asyncio.Lock()

    @property
    def _keymap(self) -> Keymap:
        return self.ctx.keymap

    @property
    def _keeper(self) -> SettingsKeeper | None:
        return self.ctx.desk.house.settings if self.ctx.desk is not None else None

    @property
    def problems(self) -> Sequence[str]:
        """What of the file's keys can't be had, in words."""
        return self._problems

    # -- reading

    async def reload(self) -> None:
        """Put the keys in force that the settings file has now."""
        keeper = self._keeper
        if keeper is None:
            return
        async with self._saving:
            settings = await asyncio.to_thread(keeper.load)
            self._lines = await asyncio.to_thread(keeper.key_lines, list(settings.keys))
        new, self._problems = read_keymap(
            settings.keys, lines=self._lines_of, vim_keys=settings.vim_keys
        )
        self._put_in_force(new)

    def _lines_of(self, ids: Iterable[str]) -> Mapping[str, int]:
        return {one: self._lines.get(one, 0) for one in ids}

    def _put_in_force(self, new: Keymap) -> None:
        if new != self._keymap or new.own != self._keymap.own:
            self._keymap.put(new)
            self.ctx.app.set_keymap(textual_keymap(new))

    # -- the list

    async def show(self) -> None:
        """List all keys by place."""
        from tui.ui.widgets.picker import Picker

        await self.reload()

        async def change(row: Row[str] | None) -> None:
            if row is not None and row.value in BY_ID:
                await self._record(picker, row.value)

        picker = Picker(
            "Keys · Enter changes those of a command",
            self._rows,
            placeholder="type a sentence, an id or a key",
            extra={"enter": ("", change)},
            keymap=self._keymap,
        )
        await self.ctx.push(picker)

    def _rows(self, query: str) -> Sequence[Row[str]]:
        by_place = [c for place in PLACES for c in COMMANDS if c.where == place]
        rows = [self._row(command) for command in by_place]
        if not query.strip():
            wrong = [Row("", words, "", "Mistakes in the file") for words in self._problems]
            return [*wrong, *rows]
        hits = Haystack(f"{row.text} {row.detail}" for row in rows).search(query)
        return [rows[at] for at in hits]

    def _row(self, command: Command) -> Row[str]:
        keys = keys_of(command.id, self._keymap) or "–"
        mark = "*" if command.id in self._keymap.own else ""
        detail = f"{keys}{mark} · {command.id}"
        return Row(command.id, command.sentence, detail, PLACES[command.where])

    async def _record(self, picker: Picker[str], command_id: str) -> None:
        from tui.ui.screens.recorder import Recorder

        command = BY_ID[command_id]

        def changed(_answer: None) -> None:
            picker.renew()

        recorder = Recorder(
            command.sentence,
            f"{command_id} · {PLACES[command.where]}",
            now=lambda: self._described(command),
            change=lambda keys: self.change(command_id, keys),
            present=lambda: self._present(command),
        )
        await self.ctx.push(recorder, changed)

    def _present(self, command: Command) -> list[str]:
        keys = self._keymap.get(command.id, command.keys)
        return [] if keys == NO_KEY else keys.split(",")

    def _described(self, command: Command) -> str:
        keys = keys_of(command.id, self._keymap) or "none"
        default = shown(command.keys) or "none"
        return keys if keys == default else f"{keys} (default: {default})"

    # -- changing

    def change(self, command_id: str, keys: Sequence[str] | None) -> str:
        """Give a command other keys, or none, or its default; gives what to mind of them.

        Raises `ValueError` with a sentence if that can't be; nothing has changed then.
        """
        wanted = None if keys is None else ",".join(keys) or NO_KEY
        self._refuse_typed(command_id, keys or ())
        own = {one: key for one, key in self._keymap.own.items() if one != command_id}
        if wanted is not None:
            own[command_id] = wanted
        new, problems = read_keymap(own, lines=self._lines_of, vim_keys=self._keymap.vim_keys)
        if problems:
            raise ValueError(problems[0].removeprefix("keys: "))
        self._put_in_force(new)
        self.ctx.work(self._save(command_id, wanted), group="save keys")
        return "; ".join(
            f"{shown(key)} may not arrive: {why}"
            for key in keys or ()
            if (why := why_not_delivered(key))
        )

    def _refuse_typed(self, command_id: str, keys: Sequence[str]) -> None:
        place = BY_ID[command_id].where
        for key in keys if place in TYPED_IN else ():
            if len(key) == 1 or (key.startswith("shift+") and len(key) == len("shift+") + 1):
                raise ValueError(f"{shown(key)} types a character there")

    async def _save(self, command_id: str, keys: str | None) -> None:
        keeper = self._keeper
        if keeper is None:
            self.ctx.complain("These keys hold until the end only: there is no settings file here")
            return
        try:
            async with self._saving:  # one after the other, in order
                await asyncio.to_thread(keeper.set_key, command_id, keys)
                self._lines = await asyncio.to_thread(keeper.key_lines, list(self._keymap.own))
        except Failure as failure:
            self.ctx.complain(f"Not saved: {one_line(failure.sentence, 300)}")
