"""The floor: the smallest Textual chat that streams into Textual's own Markdown widget.

`python -m tests.benchmarks.floor URL`
"""

from __future__ import annotations

import json
import sys

import httpx
from textual import work
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown


class Floor(App[None]):
    """A line to type in, and above it the replies."""

    CSS = "VerticalScroll { height: 1fr } Markdown { height: auto }"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def compose(self) -> ComposeResult:
        """Replies above, prompt below."""
        yield VerticalScroll()
        yield Input(placeholder="ask something")

    def on_mount(self) -> None:
        """Type at once, and follow the end of the text."""
        prompt = self.query_one(Input)
        prompt.cursor_blink = False  # a client at rest writes nothing
        prompt.focus()
        self.query_one(VerticalScroll).anchor()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Send the prompt."""
        event.input.clear()
        self.reply(event.value)

    @work
    async def reply(self, prompt: str) -> None:
        """Stream one reply into a widget of its own."""
        widget = Markdown()
        await self.query_one(VerticalScroll).mount(widget)
        stream = Markdown.get_stream(widget)
        body = {"model": "bench", "stream": True, "messages": [{"role": "user", "content": prompt}]}
        async with (
            httpx.AsyncClient(timeout=None) as client,
            client.stream("POST", f"{self._url}/v1/chat/completions", json=body) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    delta = json.loads(line[6:])["choices"][0]["delta"]
                    await stream.write(delta["content"])
        await stream.stop()


if __name__ == "__main__":
    Floor(sys.argv[1]).run()
