from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from textual import messages
from textual.drivers._writer_thread import MAX_QUEUED_WRITES
from textual.widgets import Input, Static

from tests.ui.terminal.emulator import Emulator
from tests.ui.terminal.recording import SlowDriver, until
from tui.ui.terminal import flow
from tui.ui.terminal.output import DifferenceOutput
from tui.ui.terminal.traits import Traits

TRAITS = Traits(erases_in_color=True)


class Counter(DifferenceOutput[None]):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(driver_class=SlowDriver, traits=TRAITS)
        self.frames = 0

    def compose(self):
        yield Static(id="counter")
        yield Static(id="other")
        yield Input()

    @property
    def terminal(self) -> SlowDriver:
        assert isinstance(self._driver, SlowDriver)
        return self._driver

    def post_display_hook(self) -> None:
        self.frames += 1

    async def paint(self, text: str) -> None:
        """Show a text, and wait until Textual has made a frame of it."""
        before = self.frames
        self.query_one("#counter", Static).update(text)
        await until(lambda: self.frames > before)

    def seen(self) -> str:
        terminal = Emulator(60, 12)
        terminal.feed("".join(self.terminal.gate.taken))
        return "\n".join(terminal.text())


@asynccontextmanager
async def running():
    app = Counter()
    task = asyncio.create_task(app.run_async(size=(60, 12)))
    await until(lambda: app.frames > 0 and app.is_running and bool(app.query(Input)))
    app.query_one(Input).cursor_blink = False
    await app.paint("first")
    await until(lambda: "first" in app.seen())
    yield app
    app.exit()
    await task


async def test_frames_that_a_busy_terminal_cannot_take_are_never_made():
    async with running() as app:
        app.terminal.gate.open.clear()
        before = app.output_counts.frames
        for number in range(3 * MAX_QUEUED_WRITES):
            await app.paint(f"number {number} of many")
        assert app.output_counts.frames <= before + 2
        assert app.output_counts.skipped >= 2 * MAX_QUEUED_WRITES
        app.terminal.gate.open.set()
        await until(lambda: f"number {3 * MAX_QUEUED_WRITES - 1} of many" in app.seen())


async def test_a_suspended_app_goes_on_painting_without_a_writer():
    async with running() as app:
        app.terminal._writer_thread.stop()
        for number in range(2 * MAX_QUEUED_WRITES):
            await app.paint(f"number {number}")
        app.terminal.start_application_mode()
        await app.paint("back again")
        await until(lambda: "back again" in app.seen())


async def test_an_unanswered_question_holds_frames_back_until_the_answer(monkeypatch):
    monkeypatch.setattr(flow, "_WINDOW", 0)
    async with running() as app:
        app.post_message(messages.TerminalSupportsSynchronizedOutput())
        await until(lambda: app._sync_available)
        await app.paint("\n".join("0123456789" * 5 for _ in range(9)))
        for number in range(20):
            await app.paint("\n".join(f"{number:>50}" for _ in range(9)))
            if flow.QUESTION in "".join(app.terminal.gate.taken):
                break
        await app.paint("held back")
        await app.paint("held back as well")
        await until(lambda: flow.QUESTION in "".join(app.terminal.gate.taken))
        assert "held back" not in app.seen()
        app.post_message(messages.TerminalSupportsSynchronizedOutput())
        await until(lambda: "held back as well" in app.seen())


async def test_a_terminal_that_never_answers_is_waited_for_no_longer_than_that(monkeypatch):
    monkeypatch.setattr(flow, "_WINDOW", 0)
    monkeypatch.setattr("tui.ui.terminal.sender.PATIENCE", 0.05)
    async with running() as app:
        app.post_message(messages.TerminalSupportsSynchronizedOutput())
        await until(lambda: app._sync_available)
        for number in range(20):
            await app.paint("\n".join(f"{number:>50}" for _ in range(9)))
        await app.paint("the last")
        await until(lambda: "the last" in app.seen())
