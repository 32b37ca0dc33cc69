"""Servers: listed, added, looked at, changed and removed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.content import Content

    from tui.core.checks import Report
    from tui.core.ports import ProviderShelf
    from tui.core.provider import Provider
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain
    from tui.ui.screens.providers import Acts
    from tui.ui.widgets.picker import Picker


class Providers(Feature):
    """What is changed holds for the next request."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._told: dict[str, str] = {}
        """What the last look at a server showed, in words."""
        self._keys: dict[str, str] = {}
        """Where the keys come from, in words."""
        self._gone: list[str] = []
        """Those that were removed since the start, the last one last."""

    def commands(self) -> Mapping[str, Plain]:
        """The list, and a new one."""
        return {"servers.open": self.open, "servers.add": self.add}

    @property
    def _shelf(self) -> ProviderShelf:
        shelf = self.ctx.need_desk().house.providers
        if shelf is None:
            raise Failure(FailureKind.CONFIG, "Servers can't be changed here")
        return shelf

    @property
    def _providers(self) -> Mapping[str, Provider]:
        return self.ctx.need_desk().conductor.providers

    # -- the list

    async def open(self) -> None:
        """Show the list of servers."""
        from tui.ui.widgets.picker import Picker, narrowed

        await self._read_keys()

        def rows(query: str) -> Sequence[Row[str]]:
            return narrowed([_row(one) for one in self._providers.values()])(query)

        picker: Picker[str] = Picker(
            "Servers",
            rows,
            preview=self._preview,
            extra={
                "ctrl+n": ("adds one", lambda _row: self._add_from(picker)),
                "ctrl+t": ("looks at it", lambda row: self._look(picker, row)),
                "ctrl+d": ("removes", lambda row: self._remove(picker, row)),
                "ctrl+z": ("brings back", lambda _row: self._bring_back(picker)),
            },
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, self._chosen)

    async def _read_keys(self) -> None:
        shelf, providers = self._shelf, dict(self._providers)

        def read() -> dict[str, str]:
            return {
                name: shelf.key_words(one) for name, one in providers.items() if not one.is_local
            }

        self._keys = await asyncio.to_thread(read)

    async def _chosen(self, name: str | None) -> None:
        if name is not None:
            await self.edit(name)

    def _preview(self, row: Row[str]) -> Content:
        from textual.content import Content

        provider = self._providers.get(row.value)
        if provider is None:
            return Content("")
        words = [f"{provider.kind} · {provider.base_url or 'at its usual address'}"]
        if provider.is_local:
            words = ["runs on this computer; its settings stand under [local]"]
        else:
            words.append(f"key: {self._keys.get(provider.name, '')}")
        words.append(f"model of new chats: {provider.model or 'none'}")
        words.append(self._told.get(provider.name, ""))
        return Content("\n".join(one_line(line, 400) for line in words if line))

    def _look(self, picker: Picker[str], row: Row[str] | None) -> None:
        if row is None:
            return
        provider = self._providers[row.value]
        if provider.is_local:
            self.ctx.note("The embedded model is started when it is asked")
            return
        self._told[row.value] = "asking …"
        picker.renew()
        self.ctx.work(self._looked(picker, provider), group="servers")

    async def _looked(self, picker: Picker[str], provider: Provider) -> None:
        report = await self._shelf.check(provider)
        last = next((s for s in report.steps if s.is_right is False), report.steps[-1])
        mark = "✓ all is right" if report.is_right else f"✗ {last.name}"
        self._told[provider.name] = f"{mark}: {last.words}"
        picker.renew()

    async def _remove(self, picker: Picker[str], row: Row[str] | None) -> None:
        from tui.ui.widgets.ask import Confirm

        if row is None:
            return
        name = row.value
        if self._providers[name].is_local:
            self.ctx.complain(
                "The embedded model comes with the program; bise local remove deletes it"
            )
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.ctx.work(self._removed(picker, name), group="servers")

        question = f"Remove the server “{one_line(name, 60)}”, and its key if one is kept?"
        details = (
            "Chats with it stay, and ask another one when you choose a model there. "
            "Until bise ends, Ctrl+Z in the list of servers brings both back."
        )
        await self.ctx.push(Confirm(question, details, careful=True), answered)

    async def _removed(self, picker: Picker[str], name: str) -> None:
        try:
            await asyncio.to_thread(self._shelf.remove, name)
        except Failure as failure:
            self.ctx.complain(failure)
            return
        self._gone = [*(before for before in self._gone if before != name), name]
        picker.renew()
        self.ctx.note(f"“{one_line(name, 40)}” is removed · Ctrl+Z brings it back")
        self._tell_changed()

    def _bring_back(self, picker: Picker[str]) -> None:
        if not self._gone:
            self.ctx.note("No server was removed since the start")
            return
        self.ctx.work(self._brought_back(picker, self._gone.pop()), group="servers")

    async def _brought_back(self, picker: Picker[str], name: str) -> None:
        try:
            await asyncio.to_thread(self._shelf.restore, name)
        except Failure as failure:
            self._gone.append(name)
            self.ctx.complain(failure)
            return
        await self._read_keys()
        picker.renew(name)
        self.ctx.note(f"“{one_line(name, 40)}” is back")
        self._tell_changed()

    # -- one of them

    def _add_from(self, picker: Picker[str]) -> None:
        picker.dismiss(None)
        self.ctx.work(self.ctx.features.do("servers.add"), group="servers")

    async def add(self) -> None:
        """Show the form of a new server."""
        await self._form(None, "none")

    async def edit(self, name: str) -> None:
        """Show the form of a server."""
        provider = self._providers[name]
        if provider.is_local:
            self.ctx.note("The embedded model's settings stand under [local] in settings.toml")
            return
        await self._form(provider, await asyncio.to_thread(self._shelf.key_words, provider))

    async def _form(self, provider: Provider | None, key_words: str) -> None:
        from tui.ui.screens.providers import ProviderScreen

        taken = frozenset(self._providers) - {provider.name if provider is not None else ""}
        screen = ProviderScreen(provider, key_words, self._acts(), taken_names=taken)
        await self.ctx.push(screen, partial(self._saved, is_new=provider is None))

    def _saved(self, name: str | None, *, is_new: bool) -> None:
        if name is None:
            return
        hint = " · F4 chooses its models" if is_new else ""
        self.ctx.note(f"“{one_line(name, 40)}” is saved{hint}")
        desk = self.ctx.need_desk()
        if desk.provider is None:
            desk.provider = name
        self._tell_changed()

    def _tell_changed(self) -> None:
        if self.ctx.stage.session is not None:
            self.ctx.stage.parameters_changed(self.ctx.stage.session)

    def _acts(self) -> Acts:
        from tui.ui.screens.providers import Acts

        return Acts(self._check, self._save, self._choose_model)

    async def _check(self, provider: Provider, key: str | None) -> Report:
        return await self._shelf.check(provider, key)

    async def _save(self, before: Provider | None, provider: Provider, key: str | None) -> None:
        await asyncio.to_thread(self._shelf.save, before, provider, key)

    async def _choose_model(self, names: list[str], chosen: Callable[[str | None], None]) -> None:
        from tui.ui.widgets.picker import Picker, narrowed

        rows = [Row(name, name) for name in names]
        await self.ctx.push(Picker("Its models", narrowed(rows), keymap=self.ctx.keymap), chosen)


def _row(provider: Provider) -> Row[str]:
    where = "on this computer" if provider.is_local else provider.base_url or "its usual address"
    return Row(provider.name, provider.name, f"{provider.kind} · {where}")
