"""The whole application on fakes: a backend fed by the test, a store in memory, a set-up that obeys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from textual.theme import Theme

from tests.fakes.backend import FakeBackend, FakeBackends, FakeStore
from tui.chat.conductor import Conductor
from tui.chat.listener import Listener
from tui.core.failure import Failure
from tui.core.ports import Watch
from tui.core.provider import LOCAL, Provider
from tui.core.settings import Settings
from tui.core.words import Kind, News
from tui.store.config.settings import SettingsFile
from tui.store.config.themes import load_themes
from tui.store.places import Places
from tui.ui.app import BiseApp
from tui.ui.desk import Desk
from tui.ui.keys import read_keymap
from tui.ui.launch import Launch
from tui.ui.look import textual_theme
from tui.ui.services import Bench, Drawer, House
from tui.ui.unseen import Unseen


class FakeSetup:
    """First steps that succeed, or fail with `trouble`."""

    model_facts = "TinyModel: 93 MB to download, licence Apache-2.0."

    def __init__(self) -> None:
        self.trouble: Failure | None = None
        self.asked: list[tuple[str, ...]] = []

    def _answer(self, *asked: str) -> Provider:
        self.asked.append(asked)
        if self.trouble is not None:
            raise self.trouble
        return Provider(name="fake", model="fake-model")

    async def try_key(self, key: str) -> Provider:
        return self._answer("key", key)

    async def fetch_model(self, progress: Callable[[int, int], None]) -> Provider:
        progress(10_000_000, 93_000_000)
        return self._answer("model")

    async def try_server(self, url: str, kind: Kind, key: str, model: str) -> Provider:
        return self._answer("server", url, kind.value, key)


class FakeMemory:
    """How the interface was left, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def load(self) -> dict[str, Any]:
        return dict(self.kept)

    def keep(self, changes: Mapping[str, Any]) -> None:
        self.kept |= changes


@cache
def _built_in_themes() -> list[Theme]:
    """The themes that come with the program; no test has others when its application starts."""
    return [
        textual_theme(t.name, t.dark, t.colors, t.variables, ansi=t.ansi)
        for t in load_themes(Places.from_environment()).found.values()
    ]


class FakeNews:
    """What came in chats since somebody looked at them, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, News] = {}

    def load(self) -> dict[str, News]:
        return dict(self.kept)

    def keep(self, changes: Mapping[str, News | None]) -> None:
        for chat_id, news in changes.items():
            self.kept.pop(chat_id, None)
            if news is not None:
                self.kept[chat_id] = news


class FakeDesk:
    """Makes an app and holds what it works with."""

    def __init__(self, provider: str | None = "fake") -> None:
        self.backend = FakeBackend()
        self.backends = FakeBackends(self.backend)
        self.store = FakeStore()
        self.setup = FakeSetup()
        self.settings = Settings()
        self.provider = provider
        self.problems: list[str] = []
        self.open_session: str | None = None
        self.remembered: list[tuple[tuple[str, ...], object]] = []
        self.memory = FakeMemory()
        self.news = FakeNews()
        self.drawer, self.bench, self.house = Drawer(), Bench(), House()
        self.watch: Watch | None = None
        """What sees other instances."""
        self.settings_file: SettingsFile | None = None
        """A real file, if the test looks at what is saved in it."""

    def open(self, listener: Listener) -> Desk:
        providers = {
            "fake": Provider(name="fake", model="fake-model"),
            "mistral": Provider(name="mistral", model="mistral-medium-latest"),
            LOCAL: Provider(name=LOCAL, model="tiny"),
        }
        return Desk(
            conductor=Conductor(
                self.store,
                self.backends,
                self.settings,
                providers,
                listener,
                book=self.bench.book,
                watch=self.watch,
            ),
            store=self.store,
            setup=self.setup,
            provider=self.provider,
            open_session=self.open_session,
            problems=self.problems,
            unseen=Unseen(self.news, self.news.load()),
            remember=self._remember,
            drawer=self.drawer,
            bench=self.bench,
            house=self.house,
        )

    def with_settings(self, file: SettingsFile) -> FakeDesk:
        """Work with a real settings file."""
        self.settings_file = self.house.settings = file
        self.settings = file.load()
        return self

    def _remember(self, path: tuple[str, ...], value: object) -> None:
        self.remembered.append((path, value))
        if self.settings_file is not None:
            self.settings_file.set(path, value)

    def app(self, theme: str = "bise-dark", keys: dict[str, str] | None = None) -> BiseApp:
        keymap, problems = read_keymap(keys or {})
        return BiseApp(
            Launch(
                open_desk=self.open,
                themes=_built_in_themes(),
                theme=theme,
                keymap=keymap,
                problems=problems,
                memory=self.memory,
                remembered=self.memory.load(),
            )
        )
