"""Lays the further services on the desk, group by group. Runs in a thread, behind the first frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.cli.parts import Parts
    from tui.ui.services import Bench, Drawer, House


def drawer(parts: Parts) -> Drawer:
    """What works on many chats at once."""
    from tui.chat.recalling import Recalling
    from tui.store.cache.usage import UsageLog
    from tui.store.filing.filing import TomlFiling
    from tui.store.history import PromptHistory
    from tui.store.mentioned import NamedFiles
    from tui.store.search.search import SessionSearch
    from tui.ui.services import Drawer

    return Drawer(
        filing=TomlFiling(parts.places),
        recalling=Recalling(PromptHistory(parts.places)),
        files=NamedFiles(),
        usage=UsageLog(parts.places),
        search=SessionSearch(parts.places),
    )


def bench(parts: Parts) -> Bench:
    """What works on parameters and on the request that they make."""
    from tui.cli.catalogue import ServersModels
    from tui.cli.inspection import RequestInspector
    from tui.store.config.presets import PresetFolder
    from tui.ui.services import Bench

    return Bench(
        presets=PresetFolder(parts.places),
        prompts=parts.prompts,
        book=parts.book,
        catalogue=ServersModels(parts),
        inspector=RequestInspector(parts),
    )


def house(parts: Parts) -> House:
    """What works on the program itself."""
    from tui.cli.providing import ProviderKeeper
    from tui.store.config.themes import ThemeFolder
    from tui.ui.services import House

    return House(
        themes=ThemeFolder(parts.places),
        settings=parts.settings_file,
        providers=ProviderKeeper(parts),
    )
