"""Adds, changes, checks and removes servers; their settings go into the settings file, their keys never."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.wire.checking import check

if TYPE_CHECKING:
    from tui.cli.parts import Parts
    from tui.core.checks import Report


class ProviderKeeper:
    """Implements `core.ports.ProviderShelf`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._removed: dict[str, _Removed] = {}
        """Until the program ends; nothing of it is written anywhere."""

    async def check(self, provider: Provider, key: str | None = None) -> Report:
        """Ask a server for its models and tell how far that went; by another key than the kept one, if given."""
        from tui.core.checks import Report, Step

        try:
            found = key or await asyncio.to_thread(self._parts.keys.key_for, provider)
        except Failure as failure:
            return Report((Step("key", is_right=False, words=failure.sentence),))
        return await check(provider, found)

    def key_words(self, provider: Provider) -> str:
        """Where a server's key comes from, in words. Blocks on the disk; no command is run."""
        if provider.api_key_env and os.environ.get(provider.api_key_env, "").strip():
            return f"from ${provider.api_key_env}"
        if provider.api_key_cmd:
            return "from its command"
        try:
            kept = self._parts.keys.is_stored(provider.name)
        except Failure as failure:
            return failure.sentence
        if kept:
            return "kept in the keys file"
        return f"none (${provider.api_key_env} is not set)" if provider.api_key_env else "none"

    def save(self, before: Provider | None, provider: Provider, key: str | None = None) -> None:
        """Write what has changed into the settings file, and a key into the keys file. Blocks; raises `Failure`."""
        name = provider.name
        base = before if before is not None else Provider(name=name)
        old, new = (one.model_dump(mode="json", exclude={"name"}) for one in (base, provider))
        defaults = Provider(name=name).model_dump(mode="json", exclude={"name"})
        changed = [member for member in new if new[member] != old.get(member)]
        if before is None:
            changed = [member for member in new if new[member] != defaults.get(member)]
            changed = ["kind", *(member for member in changed if member != "kind")]
        built_in = self._parts.settings.model_copy(update={"providers": {}}).all_providers()
        usual = built_in[name].model_dump(mode="json") if name in built_in else defaults
        changes = [
            (
                ("providers", name, member),
                None
                if new[member] == usual.get(member) and member != "kind"
                else _plain(new[member]),
            )
            for member in changed
        ]
        if key:
            self._parts.keys.store(name, key)
        elif key is not None:
            self._parts.keys.forget(name)
        self._parts.settings_file.set_all(changes)
        self._parts.settings.providers[name] = provider
        self._parts.providers[name] = provider
        self._parts.book.renew()

    def remove(self, name: str) -> None:
        """Take a server and its key out; `restore` knows both until the program ends. Blocks; raises `Failure`."""
        parts = self._parts
        table = parts.settings_file.glance().get("providers", {}).get(name)
        parts.settings_file.set(("providers", name), None)
        key = parts.keys.forget(name)
        self._removed[name] = _Removed(parts.providers.get(name), table, key)
        parts.settings.providers.pop(name, None)
        built_in = parts.settings.all_providers().get(name)
        if built_in is not None:
            parts.providers[name] = built_in
        else:
            parts.providers.pop(name, None)
        parts.book.renew()

    def restore(self, name: str) -> None:
        """Put back a server that was removed, and its key. Blocks; raises `Failure`."""
        parts, removed = self._parts, self._removed[name]
        if name in parts.settings_file.load().providers:
            raise Failure(
                FailureKind.CONFIG,
                f"There is another server called {name!r} now",
                advice="Give that one another name first.",
            )
        if removed.key is not None:
            parts.keys.store(name, removed.key)
        if removed.table is not None:
            parts.settings_file.set(("providers", name), removed.table)
            parts.settings.providers = parts.settings_file.load().providers
        if removed.provider is not None:
            parts.providers[name] = removed.provider
        del self._removed[name]
        parts.book.renew()


@dataclass(frozen=True, slots=True)
class _Removed:
    """All that there was of a server."""

    provider: Provider | None
    table: object
    """What the settings file said of it, members that bise does not know included."""
    key: str | None = field(repr=False)


def _plain(value: object) -> object:
    return None if value in (None, {}) else value
