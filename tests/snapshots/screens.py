"""Paints the settings pane, the lists to choose from and the dialogs, as text: one file for each size of the terminal.

`python -m tests.snapshots.screens` renews the files; look at the result before you commit it.
`python -m tests.snapshots.screens FOLDER [THEME …]` writes pictures there instead, as SVG.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from textual import events
from textual.geometry import Size
from textual.keys import _character_to_key

from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.desk import FakeDesk
from tests.fakes.inspector import FakeInspector
from tests.fakes.shelf import FakeShelf
from tests.ui.test_filing import FiledStore
from tests.ui.test_fullness import FakeBook
from tests.ui.test_numbers import FakeUsage
from tests.ui.test_switching import FakeSearch
from tui.core.costs import Prices
from tui.core.message import Completion, Message
from tui.core.models import ModelCard, ModelList
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.search import Found
from tui.core.usage import Used
from tui.core.words import Kind, Role
from tui.store.config.presets import PresetFolder
from tui.store.config.prompts import PromptFolder
from tui.store.config.themes import ThemeFolder
from tui.store.places import Places
from tui.ui.screens.chat import ChatScreen
from tui.ui.widgets.composer import Composer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from textual.app import App
    from textual.pilot import Pilot

    from tui.core.search import Query
    from tui.ui.app import BiseApp

HERE = Path(__file__).parent
SIZES = ((60, 16), (80, 24), (120, 40), (200, 60))
WHEN = datetime(2020, 11, 23, 11, 44).astimezone()

WIDE = 100
"""Columns from which on the list of chats stands beside the transcript."""

STEADY = 40
"""So many looks at the screen must show the same before it counts, unless it is as it was kept."""


@dataclass(frozen=True)
class Shot:
    """One screen: how one gets there, and what stands on it once it is there."""

    name: str
    keys: tuple[str, ...]
    sees: str
    in_large: bool = False
    """Whether it is looked at in the largest size, too."""


SHOTS = (
    Shot("settings pane", ("f2",), "Settings of this chat", in_large=True),
    Shot("settings pane: stop sequences", ("f2", *"stop", "down"), "characters · off", in_large=True),
    Shot("settings pane: a mistake", ("f2", *"temperature", "enter", "ctrl+u", *"hot", "enter"), "and “hot” is", in_large=True),
    Shot("model picker", ("f4",), "mistral-small-2603"),
    Shot("preset picker", (*"/preset", "enter"), "Built in"),
    Shot("preset by field", (*"/preset", "enter", *"json", "tab"), "a all"),
    Shot("stop sets", ("f2", "ctrl+e"), "paragraph"),
    Shot("comparison", ("tab", "V"), "2/2"),
    Shot("request", ("f5",), "mistral-medium-latest"),
    Shot("servers", (*"/servers", "enter"), "workshop"),
    Shot("a server", (*"/servers", "enter", *"workshop", "enter"), "Key from variable"),
    Shot("keys", (*"/keys", "enter", *"settings."), "Settings pane"),
    Shot("themes", (*"/theme", "enter"), "A heading"),
    Shot("system prompt", (*"/system {{date:}} {{x}} Be kind.", "enter", *"/system", "enter"), "Be kind"),
    Shot("tree", (*"/tree", "enter"), "Brie"),
    Shot("help", ("f1",), "Send the prompt"),
    Shot("search", ("f3", *"cheese"), "French cheese"),
    Shot("switcher", ("ctrl+o",), "SSH keepalive"),
    Shot("palette", ("ctrl+p", *"stop seq"), "Stop sequences"),
    Shot("usage", (*"/usage", "enter"), "By model"),
)  # fmt: skip


class DatedSearch(FakeSearch):
    """Finds messages that are always of the same time."""

    def search(self, query: Query, limit: int = 50) -> Found:
        found = super().search(query, limit)
        hits = [replace(hit, at=WHEN.timestamp()) for hit in found.hits]
        return Found(hits, found.note)


def desk() -> FakeDesk:
    """Chats, servers, models and files to be shown, all of the same age whenever it is."""
    made = FakeDesk()
    made.provider = "mistral"
    store = FiledStore()
    store.provider = "mistral"
    store.hold("French cheese", "SSH keepalive", "Haiku")
    completion = Completion(model="mistral-medium-latest", provider="mistral", prompt_tokens=14, completion_tokens=12, first_token_s=0.41, seconds=2.71)  # fmt: skip
    store.messages["chat-0"] = [
        Message(id="a1", role=Role.USER, created=WHEN, content="What is the best French cheese?"),
        Message(id="a2", parent="a1", role=Role.ASSISTANT, content="Brie, they say in Paris.", ended="stop", completion=completion),
        Message(id="a3", parent="a1", role=Role.ASSISTANT, content="A matter of taste.\n\nComté, to some. Brie, to others.", ended="stop", completion=completion),
    ]  # fmt: skip
    made.store, made.drawer.filing = store, store
    made.drawer.search = DatedSearch(store)
    day = WHEN.date()
    made.drawer.usage = FakeUsage(
        Used(day.replace(day=22), "workshop", "mistral-small", 3, 2_345, 0, 456),
        Used(day, "mistral", "mistral-medium-latest", 12, 12_345, 678, 3_456),
    )
    made.open_session = "chat-0"
    places = Places.from_environment()
    made.bench.presets, made.bench.prompts = PresetFolder(places), PromptFolder(places)
    made.bench.book = FakeBook(262_144, Prices(0.4, 2.0))
    made.bench.catalogue = _catalogue()
    made.bench.inspector = FakeInspector()
    made.house.themes = ThemeFolder(places)
    made.house.providers = FakeShelf()
    return made


def _catalogue() -> FakeCatalogue:
    catalogue = FakeCatalogue()
    catalogue.may_answer.clear()
    medium = ModelCard(
        "mistral-medium-3-5", aliases=("mistral-medium-latest",), context=262_144,
        description="Strong at most things.",
        capabilities=frozenset({"completion_chat", "function_calling", "vision"}),
        deprecation="2027-03-01T00:00:00Z", replacement="mistral-medium-4",
        input_price=1.5, output_price=7.5,
    )  # fmt: skip
    small = ModelCard("mistral-small-2603", aliases=("mistral-small-latest",), context=131_072)
    catalogue.lists["mistral"] = ModelList((medium, small), time.time() - 7300)
    catalogue.lists["local"] = ModelList((ModelCard("tiny", input_price=0.0, output_price=0.0),))
    return catalogue


async def shots(
    size: tuple[int, int],
    theme: str = "bise-dark",
    kept: Mapping[str, list[str]] = MappingProxyType({}),
) -> AsyncIterator[tuple[Shot, BiseApp]]:
    """The app at each of the screens, one after the other; with those that are kept it is faster."""
    fake = desk()
    app = fake.app(theme)
    async with app.run_test(size=size) as pilot:
        screen = app.chat_screen
        await _until(pilot, lambda: screen.desk is not None and len(screen.stage.shown or "") > 0)
        assert screen.desk is not None
        providers = screen.desk.conductor.providers
        del providers["fake"]
        providers["mistral"] = Provider(name="mistral", kind=Kind.MISTRAL, api_key_env="MISTRAL_API_KEY", model="mistral-medium-latest")  # fmt: skip
        providers["workshop"] = Provider(name="workshop", kind=Kind.VLLM, base_url="http://10.0.0.7:8000/v1", model="mistral-small", allow_http=True)  # fmt: skip
        session = screen.stage.session
        assert session is not None
        session.parameters = Parameters(
            stop=["\n\n"], stop_off={"2": "Paris"}, temperature=0.3, prefix="{\n  ", logit=1
        )
        screen.stage.parameters_changed(session)
        if size[0] >= WIDE:
            await pilot.press("f9")  # the list of chats is of no interest here
        for shot in SHOTS:
            if shot.in_large or size != SIZES[-1]:
                _press(app, *shot.keys)
                await _steady(pilot, shot.sees, kept.get(shot.name))
                yield shot, app
                await _home(pilot)


def _press(app: BiseApp, *keys: str) -> None:
    """Keys in one piece: they are taken in their turn."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else None))


async def _until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await pilot.pause()


async def _steady(pilot: Pilot[None], sees: str, kept: list[str] | None) -> None:
    app, same, before = pilot.app, 0, [""]
    try:
        async with asyncio.timeout(20):
            while same < STEADY or not any(sees in line for line in before):
                await pilot.pause()
                now = lines_of(app)
                if now == kept:
                    return
                same = same + 1 if now == before else 0
                before = now
    except TimeoutError:
        raise AssertionError("\n".join([f"{sees!r} is not on the screen:", *before])) from None


async def _home(pilot: Pilot[None]) -> None:
    """Leave what is open, until the prompt has the keys; `n` says no, `y` leaves without saving."""
    async with asyncio.timeout(60):
        while True:
            screen = pilot.app.screen
            if isinstance(screen, ChatScreen) and isinstance(screen.focused, Composer):
                screen.query_one(Composer).text = ""
                return
            await pilot.press("escape")
            await pilot.pause()


_MARK = "== "
_ENDS = str.maketrans(dict.fromkeys("▁▂▃▄▅▆▇", " "))


def lines_of(app: App[Any]) -> list[str]:
    """What stands on the screen, without the ends of scroll bars; of a dialog, only its own."""
    screen = app.screen
    region = screen.children[0].region if screen.is_modal else screen.region
    strips = screen._compositor.render_strips(Size(*screen.size))[region.y : region.bottom]
    lines = (strip.crop(region.x, region.right).text for strip in strips)
    return [line.translate(_ENDS).rstrip() for line in lines]


async def painted(
    size: tuple[int, int], kept: Mapping[str, list[str]] = MappingProxyType({})
) -> dict[str, list[str]]:
    """The lines of all screens in one size, by name."""
    return {shot.name: lines_of(app) async for shot, app in shots(size, kept=kept)}


def read(size: tuple[int, int]) -> dict[str, list[str]]:
    """The screens of a size as they are kept."""
    found: dict[str, list[str]] = {}
    for line in path_of(size).read_text("utf-8").split("\n"):
        if line.startswith(_MARK):
            lines = found[line.removeprefix(_MARK)] = []
        else:
            lines.append(line)
    return {name: lines[:-1] for name, lines in found.items()}


def _keep(size: tuple[int, int], screens: Mapping[str, list[str]]) -> None:
    lines = [line for name, kept in screens.items() for line in (_MARK + name, *kept, "")]
    path_of(size).write_text("\n".join(lines), "utf-8")


def path_of(size: tuple[int, int]) -> Path:
    """Where the screens of a size are kept."""
    return HERE / f"screens-{size[0]}x{size[1]}.txt"


async def _main(folder: str = "", *themes: str) -> None:
    for size in SIZES:
        if not folder:
            _keep(size, await painted(size))
        for theme in (themes or ("bise-dark",)) if folder else ():
            async for shot, app in shots(size, theme):
                name = f"{shot.name.replace(' ', '-')}-{size[0]}x{size[1]}-{theme}.svg"
                (Path(folder) / name).write_text(app.export_screenshot(title=shot.name), "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        for variable in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{variable}_HOME"] = f"{home}/{variable.lower()}"
        asyncio.run(_main(*sys.argv[1:]))
