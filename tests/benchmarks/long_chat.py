"""What a chat of thousands of messages costs: opening it, another size, another theme, memory.

    python -m tests.benchmarks.long_chat [messages]

The transcript stands in the smallest app, at 120×40; its frames go to a terminal that takes all at
once. Prints milliseconds of computing, which other load hardly changes, and of time until the last
frame is written, as median and most of several; and megabytes.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Horizontal
from textual.geometry import Size
from textual.widgets import Input, OptionList

from tests.benchmarks.terminal_bytes import HEIGHT, WIDTH, SilentDriver
from tests.benchmarks.text import blocks
from tui.paint.palette import Palette
from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.terminal.output import DifferenceOutput
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.screen import Screen

ROUNDS = 5
THEMES = ("textual-light", "textual-dark")


class Chat(DifferenceOutput[None]):
    """A transcript beside a list."""

    CSS = "OptionList { width: 28; }"
    ENABLE_COMMAND_PALETTE = False

    painted = 0

    def compose(self) -> ComposeResult:
        """The list, the transcript, and a line to type in."""
        with Horizontal():
            yield OptionList(*[f"session number {n}" for n in range(60)])
            yield Transcript()
        yield Input()

    def get_default_screen(self) -> Screen[None]:
        """As in the program."""
        return FrugalScreen()

    def on_mount(self) -> None:
        """Give the text the colours of the theme, as the program does."""
        self.theme_changed_signal.subscribe(self, lambda _: self._dress())

    def _dress(self) -> None:
        palette = Palette.of(self.theme_variables, dark=self.current_theme.dark)
        self.query_one(Transcript).palette = palette

    def post_display_hook(self) -> None:
        """Count frames."""
        self.painted += 1

    async def until_painted(self, act: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds from an action until the last frame that it leads to: computing, and time."""
        began = last = time.perf_counter()
        cpu_began = cpu = time.process_time()
        before = self.painted
        act()
        while time.perf_counter() - last < 0.15 or self.painted == before:
            assert time.perf_counter() - began < 20, act
            seen = self.painted
            await asyncio.sleep(0.001)
            if self.painted != seen:
                last, cpu = time.perf_counter(), time.process_time()
        return (cpu - cpu_began) * 1000, (last - began) * 1000


def chat(count: int) -> list[Entry]:
    """Messages in turn, of half a kilobyte on average."""
    texts = islice(blocks(), count)
    return [
        Entry(f"m{n}", "assistant" if n % 2 else "user", head=f"Head {n}", body=text, foot="foot")
        for n, text in enumerate(texts)
    ]


def resident_mb() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure(count: int) -> tuple[dict[str, list[tuple[float, float]]], float]:
    """Milliseconds of each kind of action, and the megabytes that all of them together took."""
    app = Chat(driver_class=SilentDriver)
    task = asyncio.create_task(app.run_async())
    while not app.is_running or not app.query(Transcript):
        await asyncio.sleep(0.01)
    app.query_one(Input).cursor_blink = False
    transcript = app.query_one(Transcript)
    long, short = chat(count), chat(4)
    await app.until_painted(lambda: transcript.show(short))
    gc.collect()
    before = resident_mb()
    figures: dict[str, list[tuple[float, float]]] = {}
    for _ in range(ROUNDS):
        fresh = [Entry(e.id, e.role, e.head, e.body, foot=e.foot) for e in long]
        opened = await app.until_painted(partial(transcript.show, fresh))
        figures.setdefault("open at its end", []).append(opened)
        for _ in range(3):
            scrolled = await app.until_painted(transcript.action_page_up)
            figures.setdefault("a page back", []).append(scrolled)
        for width in (WIDTH - 20, WIDTH):
            size = Size(width, HEIGHT)
            resize = partial(app.post_message, events.Resize(size, size))
            resized = await app.until_painted(resize)
            figures.setdefault("another width", []).append(resized)
        for theme in THEMES:
            dressed = await app.until_painted(partial(setattr, app, "theme", theme))
            figures.setdefault("another theme", []).append(dressed)
        figures.setdefault("back to a short one", []).append(
            await app.until_painted(lambda: transcript.show(short))
        )
    gc.collect()
    grown = resident_mb() - before
    app.exit()
    await task
    return figures, grown


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    os.environ.setdefault("COLORTERM", "truecolor")
    figures, grown = asyncio.run(measure(count))
    print(f"{'milliseconds':24}{'computing':>10}{'at most':>10}{'time':>10}{'at most':>10}")
    for what, times in figures.items():
        columns = (
            f"{statistics.median(one):10.1f}{max(one):10.1f}" for one in zip(*times, strict=True)
        )
        print(f"{what:24}{''.join(columns)}")
    print(f"{'memory, megabytes':24}{grown:10.1f}")


if __name__ == "__main__":
    main()
