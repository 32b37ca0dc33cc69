from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from textual import events, messages
from textual._context import active_app
from textual.app import App
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Input, Markdown, OptionList, Static

from tests.ui.terminal.emulator import Emulator, differences
from tests.ui.terminal.recording import RecordingDriver, until
from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.terminal.output import DifferenceOutput

TEXT = """# Heading

A paragraph with `code`, *emphasis*, **more** and a [link](https://example.org). 日本語 😀 e\u0301

| a | b |
|---|---|
| 1 | 2 |

```python
def f(x):
    return x + 1
```

- one
- two
"""


class Question(ModalScreen[None]):
    def compose(self):
        yield Button("Yes")


class Main(FrugalScreen[None]):
    pass


class Above(FrugalScreen[None]):
    def compose(self):
        yield Static("before")


class Chat(DifferenceOutput[None]):
    """Feeds one terminal as Textual would and another with what is really written."""

    CSS = "OptionList { width: 24; } Question { align: center middle; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, **options) -> None:
        super().__init__(driver_class=RecordingDriver, **options)
        self.plain = Emulator(80, 24)
        self.layered = Emulator(80, 24)
        self.compared = 0
        self.ready = False
        self.plain_characters = 0

    def get_default_screen(self):
        return Main()

    def compose(self):
        with Horizontal():
            yield OptionList(*[f"session {n}" for n in range(30)])
            yield VerticalScroll(Markdown())
        yield Static("[b]status[/b]")
        yield Input()
        yield Footer()

    def on_ready(self) -> None:
        self.ready = True

    @property
    def terminal(self) -> RecordingDriver:
        assert isinstance(self._driver, RecordingDriver)
        return self._driver

    def _display(self, screen, renderable):
        shown = renderable is not None and self._running and not self._batch_count
        if shown:
            plain = renderable.render_segments(self.console)
            self.plain.feed("\x1b[H" + plain)
            self.plain_characters += len(plain)
        super()._display(screen, renderable)
        self.layered.feed("".join(self.terminal.written))
        self.terminal.written.clear()
        if shown:
            self.compared += 1
            got, expected = self.layered.rows(), self.plain.rows()
            assert differences(got, expected) == []
            assert self.layered.at_rest
            assert self.layered.cursor == tuple(self.cursor_position)

    async def settle(self) -> None:
        """Wait until everything that was asked for has been painted."""
        quiet = 0
        while quiet < 4:
            before = self.compared
            await asyncio.sleep(0.02)
            quiet = quiet + 1 if self.compared == before else 0

    def type(self, *keys: str) -> None:
        for key in keys:
            self.post_message(events.Key(key, key if len(key) == 1 else None))


@asynccontextmanager
async def running(app: Chat):
    task = asyncio.create_task(app.run_async(size=(80, 24)))
    await until(lambda: (app.ready and app.compared > 0) or task.done())
    await app.settle()
    active_app.set(app)
    yield app
    app.exit()
    await task
    assert app.return_code == 0


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("BISE_PLAIN_OUTPUT", raising=False)
    monkeypatch.delenv("STY", raising=False)


async def test_an_app_in_use_shows_after_every_frame_what_textual_would_have_shown():
    async with running(Chat()) as app:
        markdown = app.query_one(Markdown)
        for at in range(0, len(TEXT), 20):
            await markdown.append(TEXT[at : at + 20])
            await app.settle()
        app.query_one(VerticalScroll).scroll_end(animate=False)
        app.query_one(Input).focus()
        await app.settle()
        app.type(*"hello")
        await app.settle()
        app.query_one(OptionList).action_page_down()
        await app.settle()
        await app.push_screen(Question())
        await app.settle()
        app.pop_screen()
        app.notify("A toast", markup=False)
        await app.settle()
        app.theme = "textual-light"
        await app.settle()
        assert app.compared > 30
        assert app.output_counts.characters < app.plain_characters / 4


@pytest.mark.parametrize("width", [20, 61, 120, 200])
async def test_a_resize_repaints_the_whole_screen(width):
    async with running(Chat()) as app:
        app.plain = Emulator(width, 10)
        app.layered = Emulator(width, 10)
        app.layered.scribble()
        app.plain.scribble()
        before = app.compared
        app.terminal.resize(width, 10)
        await until(lambda: app.compared > before)
        await app.settle()
        assert "?" not in "".join(app.layered.text())


async def test_the_same_size_announced_again_repaints_the_whole_screen():
    async with running(Chat()) as app:
        app.layered.scribble()
        app.terminal.resize(80, 24)
        app.refresh()
        await app.settle()
        assert "?" not in "".join(app.layered.text())


async def test_a_terminal_taken_anew_is_repainted():
    async with running(Chat()) as app:
        app.layered.scribble()
        app.terminal._writer_thread = object()
        app.query_one(Input).value = "x"
        await app.settle()
        assert "?" not in "".join(app.layered.text())


async def test_repaint_mends_what_another_program_has_written():
    async with running(Chat()) as app:
        app.layered.scribble()
        app.repaint()
        await app.settle()
        assert "?" not in "".join(app.layered.text())


async def test_a_frame_is_marked_as_one_when_the_terminal_can_show_it_at_once():
    async with running(Chat()) as app:
        app.post_message(messages.TerminalSupportsSynchronizedOutput())
        await app.settle()
        written: list[str] = []
        app.layered.feed = written.append
        app.query_one(Static).update("changed")
        await until(lambda: any("changed" in text for text in written))
        frame = next(text for text in written if "changed" in text)
        assert frame.startswith("\x1b[?2026h")
        assert frame.endswith("\x1b[?2026l")
        app.layered = app.plain


async def test_it_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("BISE_PLAIN_OUTPUT", "1")
    async with running(Chat()) as app:
        assert app.output_counts.frames == 0
        assert "status" in "".join(app.layered.text())


async def test_it_can_be_switched_off_by_the_program():
    async with running(Chat(plain_output=True)) as app:
        assert app.output_counts.frames == 0


def test_it_overrides_what_textual_calls():
    assert App._display.__code__.co_varnames[:3] == ("self", "screen", "renderable")


class Hasty(FrugalScreen[None]):
    """Its terminal gets its old size back while it is laid out for another one."""

    def on_resize(self, event: events.Resize) -> None:
        if event.size == self.app._size == Size(30, 10):
            self.app._size = Size(80, 24)
            self.post_message(events.Resize(Size(80, 24), Size(80, 24)))


async def test_a_size_that_comes_while_another_one_is_laid_out_is_not_lost():
    class Hurried(Chat):
        def get_default_screen(self):
            return Hasty()

        def _display(self, screen, renderable):  # nothing to compare with: sizes are mixed up
            DifferenceOutput._display(self, screen, renderable)
            self.compared += 1

    async with running(Hurried()) as app:
        app.terminal.resize(30, 10)
        await app.settle()
        await until(lambda: app.query_one(Input).region.width == 80)


async def test_a_screen_below_another_is_painted_once_for_a_change_and_not_with_every_message():
    async with running(Chat()) as app:
        below = app.query_one(Static)
        await app.push_screen(Question())
        await app.settle()
        below.update("changed")
        await app.settle()
        before = app.compared
        for _ in range(5):
            app.screen_stack[0].call_later(lambda: None)  # after it the screen is idle again
            await asyncio.sleep(0.05)
        assert app.compared == before
        await app.pop_screen()
        await app.settle()


async def test_a_change_below_another_screen_does_not_lose_one_in_it():
    async with running(Chat()) as app:
        above = Above()
        await app.push_screen(above)
        await app.settle()
        note = above.query_one(Static)
        note.update("behind", layout=False)
        above._dirty_widgets.add(note)
        above.refresh(Region(0, 9, 9, 1))  # as Textual has it when the screen below changes there
        above._on_timer_update()
        assert app.layered.text()[0].startswith("behind")
