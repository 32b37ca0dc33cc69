"""What streaming costs on the line to the terminal, with the difference layer and without it.

    python -m tests.benchmarks.terminal_bytes [tokens]

A screen of 120×40 with a sidebar, a transcript that follows its end and a prompt; twenty frames a
second of a hundred tokens. The same frames are written by Textual, by the layer without moving rows,
and by the layer. Prints bytes per 1,000 tokens, their share of Textual's, and CPU per frame.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual import events, messages
from textual.containers import Horizontal
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, OptionList

from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.terminal.flow import QUESTION
from tui.ui.terminal.output import DifferenceOutput
from tui.ui.terminal.traits import Traits

if TYPE_CHECKING:
    from textual.app import ComposeResult

WIDTH, HEIGHT = 120, 40
TOKENS_PER_FRAME = 5
TEXT = (
    "the reader validates a checksum before it looks at any record , and ordered within topics "
    "no leader election in `first` versions ; offsets are committed to **ordinary** segments"
)


WORDS = TEXT.split()


class SilentDriver(Driver):
    """A terminal that takes everything at once, counts it, and answers."""

    taken = 0

    def write(self, data: str) -> None:
        self.taken += len(data.encode())
        if data.endswith(QUESTION):
            self._app.post_message(messages.TerminalSupportsSynchronizedOutput())

    def start_application_mode(self) -> None:
        size = Size(WIDTH, HEIGHT)
        self._app.post_message(events.Resize(size, size))

    def disable_input(self) -> None:
        pass

    def stop_application_mode(self) -> None:
        pass


class Transcript(ScrollView):
    """Lines that grow at their end, of which the last is repainted alone."""

    def on_mount(self) -> None:
        self.lines: list[Strip] = []
        self.words: list[str] = []

    def write(self, words: list[str]) -> None:
        added = False
        for word in words:
            if not self.lines or sum(map(len, self.words)) + len(self.words) + len(word) > 84:
                self.words = []
                self.lines.append(Strip([]))
                added = True
            self.words.append(word)
            self.lines[-1] = self._strip()
        if added:
            self.virtual_size = Size(self.size.width, len(self.lines))
            self.scroll_end(animate=False, immediate=True)
            self.refresh()
        else:
            y = len(self.lines) - 1 - self.scroll_offset.y
            self.refresh(Region(0, y, self.size.width, 1))

    def _strip(self) -> Strip:
        base = self.rich_style
        code = base + Style(color="#ff7000", bold=True)
        segments = [Segment(f"{word} ", code if word[0] in "*`" else base) for word in self.words]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        if at < len(self.lines):
            return self.lines[at]
        return Strip.blank(self.size.width, self.rich_style)


class Chat(DifferenceOutput[None]):
    """The smallest screen that looks like a chat."""

    CSS = "OptionList { width: 28; } Transcript { scrollbar-size-vertical: 1; }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield OptionList(*[f"session number {n}" for n in range(60)])
            yield Transcript()
        yield Input()

    def get_default_screen(self) -> Screen[None]:
        return FrugalScreen() if self.frugal else Screen()

    def post_display_hook(self) -> None:
        self.painted.set()

    painted = asyncio.Event()
    frugal = False


async def stream(tokens: int, *, plain: bool, frugal: bool, traits: Traits) -> tuple[int, float]:
    """Bytes written and CPU seconds used for a reply of so many tokens."""
    app = Chat(driver_class=SilentDriver, plain_output=plain, traits=traits)
    app.painted = asyncio.Event()
    app.frugal = frugal
    task = asyncio.create_task(app.run_async())
    await app.painted.wait()
    app.post_message(messages.TerminalSupportsSynchronizedOutput())
    await asyncio.sleep(0.5)
    driver = app._driver
    assert isinstance(driver, SilentDriver)
    transcript = app.query_one(Transcript)
    app.query_one(Input).cursor_blink = False
    before, started = driver.taken, time.process_time()
    for at in range(0, tokens, TOKENS_PER_FRAME):
        app.painted.clear()
        transcript.write([WORDS[(n * n) % len(WORDS)] for n in range(at, at + TOKENS_PER_FRAME)])
        async with asyncio.timeout(5):
            await app.painted.wait()
    await asyncio.sleep(0.1)
    figures = driver.taken - before, time.process_time() - started
    app.exit()
    await task
    return figures


def main() -> None:
    tokens = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    os.environ.setdefault("COLORTERM", "truecolor")
    frames = tokens / TOKENS_PER_FRAME
    ways = {
        "Textual": (True, False, Traits()),
        "differences": (False, False, Traits(erases_in_color=True, scrolls=False)),
        "and moved rows": (False, False, Traits(erases_in_color=True)),
        "and frugal": (False, True, Traits(erases_in_color=True)),
    }
    base = 0.0
    print(f"{'':16}{'kB/1k tokens':>14}{'of Textual':>12}{'CPU ms/frame':>14}")
    for name, (plain, frugal, traits) in ways.items():
        taken, cpu = asyncio.run(stream(tokens, plain=plain, frugal=frugal, traits=traits))
        each = taken / tokens
        base = base or each
        print(f"{name:16}{each:14.1f}{each / base:12.4f}{1000 * cpu / frames:14.2f}")


if __name__ == "__main__":
    main()
