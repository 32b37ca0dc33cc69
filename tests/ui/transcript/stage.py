"""An app that shows nothing but a transcript."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from textual.app import App

from tests.ui.transcript.fake_rendering import Press
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from tui.ui.widgets.transcript.messages import (
        CopyRequested,
        EntrySelected,
        LinkChosen,
        TailChanged,
    )


class Stage(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.press = Press()
        self.heard: list[Message] = []

    def compose(self):
        yield Transcript(render_text=self.press)

    def on_mount(self) -> None:
        self.transcript.focus()

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def on_transcript_entry_selected(self, event: EntrySelected) -> None:
        self.heard.append(event)

    def on_transcript_link_chosen(self, event: LinkChosen) -> None:
        self.heard.append(event)

    def on_transcript_copy_requested(self, event: CopyRequested) -> None:
        self.heard.append(event)

    def on_transcript_tail_changed(self, event: TailChanged) -> None:
        self.heard.append(event)


def chat(count: int, lines: int = 3) -> list[Entry]:
    """Messages m0, m1, … with `lines` lines each."""
    return [
        Entry(
            f"m{number}",
            "assistant" if number % 2 else "user",
            head=f"Head {number}",
            body="\n".join(f"text {number}.{line}" for line in range(lines)),
        )
        for number in range(count)
    ]


def screen(transcript: Transcript) -> list[str]:
    """What is painted, line by line, without bar and margin."""
    strips = transcript.render_lines(transcript.size.region)
    width = transcript.scrollable_content_region.width
    return [strip.crop(2, width).text.rstrip() for strip in strips]


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)
