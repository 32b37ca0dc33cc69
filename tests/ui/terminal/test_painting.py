from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from textual import events
from textual._context import active_app
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList, Static, TextArea

from tests.ui.terminal.emulator import Emulator, differences
from tests.ui.terminal.recording import RecordingDriver, until
from tui.core.listing import Header
from tui.ui.listed import Listed
from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.terminal.output import DifferenceOutput
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.transcript import surface
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.widget import Transcript

WIDTH, HEIGHT = 80, 24
REPLY = """# 日本語 and 😀

A paragraph with `code`, **more** and e\u0301. And so on, and so on, until the line is full.

```python
def f(x):
    return "a string" + x  # 注
```

| a | b |
|---|---|
| 1 | 2 |

- one
- two
"""


class Question(ModalScreen[None]):
    def compose(self):
        yield Label("Really?")


class Main(FrugalScreen[None]):
    pass


class Chat(DifferenceOutput[None]):
    """A transcript between other things; what it paints past the compositor goes to an emulator."""

    CSS = """
    Screen { layers: base above; }
    OptionList { width: 20; }
    TextArea { height: 4; }
    #over { layer: above; display: none; width: 10; height: 3; offset: 40 5; background: red; }
    """
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, **options) -> None:
        super().__init__(driver_class=RecordingDriver, **options)
        self.shown = Emulator(WIDTH, HEIGHT)
        self.composed = self.drawn = 0

    def get_default_screen(self):
        return Main()

    def compose(self):
        with Horizontal():
            yield OptionList(*[f"session {n}" for n in range(30)])
            with Vertical():
                yield Static("title")
                yield Transcript()
        yield TextArea()
        yield Static("over all", id="over")

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    @property
    def terminal(self) -> RecordingDriver:
        assert isinstance(self._driver, RecordingDriver)
        return self._driver

    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        self.composed += renderable is not None

    def draw(self, x, lines):
        done = super().draw(x, lines)
        self.drawn += done
        return done

    def compare(self) -> None:
        """Whether the terminal shows what Textual would have it show."""
        self.shown.feed("".join(self.terminal.written))
        self.terminal.written.clear()
        wanted = Emulator(WIDTH, HEIGHT)
        full = self.screen._compositor.render_full_update()
        wanted.feed("\x1b[H" + full.render_segments(self.console))
        assert differences(self.shown.rows(), wanted.rows()) == []

    async def settle(self) -> None:
        quiet = 0
        while quiet < 4:
            before = self.composed, self.drawn
            await asyncio.sleep(0.02)
            quiet = quiet + 1 if (self.composed, self.drawn) == before else 0

    async def stream(self, text: str, size: int = 7) -> None:
        """Let a text come in, a frame after each piece."""
        for at in range(0, len(text), size):
            self.transcript.append_text("live", text[at : at + size])
            self.transcript.flush()
            await asyncio.sleep(0)


class WithList(Chat):
    """The same with the list of chats."""

    def compose(self):
        with Horizontal():
            yield Sidebar()
            with Vertical():
                yield Static("title")
                yield Transcript()
        yield TextArea()


@asynccontextmanager
async def running(make=Chat, **options):
    app = make(**options)
    task = asyncio.create_task(app.run_async(size=(WIDTH, HEIGHT)))
    await until(lambda: app.composed > 0 or task.done())
    active_app.set(app)
    await until(lambda: bool(app.query(Transcript)))
    app.query_one(TextArea).cursor_blink = False
    app.transcript.show([Entry("live", "assistant", head="Live", live=True)])
    await app.settle()
    yield app
    app.exit()
    await task
    assert app.return_code == 0


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("STY", raising=False)


async def test_what_streams_in_is_shown_at_once_and_as_textual_would_show_it():
    async with running() as app:
        app.compare()
        for at in range(0, len(REPLY), 11):
            app.transcript.append_text("live", REPLY[at : at + 11])
            app.transcript.flush()
            app.compare()
        composed, drawn = app.composed, app.drawn
        app.transcript.append_text("live", "once more")
        app.transcript.flush()
        assert (app.composed, app.drawn) == (composed, drawn + 1)


async def test_it_stays_so_while_the_view_follows_a_long_reply():
    async with running() as app:
        for _ in range(4):
            await app.stream(REPLY)
            await app.settle()  # the scroll bar goes through the compositor
            app.compare()
        assert app.transcript.scroll_y > 0


async def test_what_lies_over_the_text_stays_there():
    async with running() as app:
        app.query_one("#over").display = True
        await app.settle()
        drawn = app.drawn
        await app.stream(REPLY)
        assert app.drawn == drawn
        await app.settle()
        app.compare()
        assert "over all" in "\n".join(app.shown.text())
        app.query_one("#over").display = False
        await app.settle()
        await app.stream(REPLY)
        assert app.drawn > drawn
        await app.settle()
        app.compare()


async def test_behind_a_dialog_the_text_goes_on_through_the_compositor():
    async with running() as app:
        await app.push_screen(Question())
        await app.settle()
        drawn = app.drawn
        await app.stream(REPLY)
        await app.settle()
        assert app.drawn == drawn
        app.pop_screen()
        await app.settle()
        app.compare()


async def test_nothing_is_painted_where_the_text_was_before_a_new_layout():
    async with running() as app:
        await app.stream(REPLY)
        app.query_one(OptionList).styles.width = 33
        await app.stream(REPLY)
        await app.settle()
        app.query_one(OptionList).display = False
        await app.stream(REPLY)
        await app.settle()
        app.compare()


async def test_another_size_is_heeded_while_text_streams_in():
    async with running() as app:
        await app.stream(REPLY)
        app.shown = Emulator(WIDTH, HEIGHT)
        for width, height in ((50, 12), (WIDTH, HEIGHT)):
            app.terminal.resize(width, height)
            await app.stream(REPLY)
        app.terminal.written.clear()
        app.repaint()
        await app.settle()
        app.compare()


async def test_colours_are_left_out_where_they_are_not_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with running() as app:
        await app.stream(REPLY)
        await app.settle()
        app.compare()


async def test_textual_paints_all_itself_when_the_output_is_left_to_it():
    async with running(plain_output=True) as app:
        await app.stream(REPLY)
        assert app.drawn == 0
        await app.settle()
        app.compare()


async def test_a_key_is_echoed_without_waiting_for_a_beat_of_the_timer():
    async with running() as app:
        app.set_focus(app.query_one(TextArea))
        await app.settle()
        composed = app.composed
        app.screen._update_timer.resume = lambda: None
        app.post_message(events.Key("x", "x"))
        await until(lambda: app.composed > composed)
        app.compare()


async def test_the_scroll_bar_follows_a_little_later(monkeypatch):
    monkeypatch.setattr(surface, "THUMB_S", 3600)
    async with running() as app:
        bar = app.transcript.vertical_scrollbar
        composed = app.composed
        await app.stream(3 * REPLY)
        assert app.transcript.scroll_y > 0
        assert app.composed == composed
        app.transcript._rest_thumb()
        monkeypatch.setattr(surface, "THUMB_S", 0)
        await app.stream("more")
        await until(lambda: bar.position == app.transcript.scroll_y)
        await app.settle()
        app.compare()


async def test_a_key_in_the_filter_of_the_list_is_painted_past_the_compositor() -> None:
    listed = Listed()
    now = datetime.now(UTC)
    listed.shown.extend(
        Header(f"chat-{n:03}", f"{'brie' if n % 3 else 'comté 注'} {n}", now, n, pinned=n == 7)
        for n in range(300)
    )
    async with running(WithList) as app:
        sidebar = app.query_one(Sidebar)
        sidebar.rows_for = listed.rows
        sidebar.show("chat-001")
        sidebar.focus()
        sidebar.begin_filter()
        await app.settle()
        app.compare()
        for key in ["b", "r", "1", "x", *["backspace"] * 4, "c", "o", "down", "down"]:
            drawn = app.drawn
            app.post_message(events.Key(key, key if len(key) == 1 else None))
            await app.settle()
            app.compare()
            assert app.drawn > drawn or key == "down"
        sidebar.refresh()
        await app.settle()
        app.compare()
