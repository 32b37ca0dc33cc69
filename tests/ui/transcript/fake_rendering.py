"""A renderer that counts, so that tests can tell what work was done."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.paint.rendering import Landmark
from tui.ui.widgets.transcript.wrapping import wrap


class FakeRendering:
    """Wraps its source and nothing else. `[text](url)` on a line of its own is a link."""

    def __init__(self, press: Press, width: int, source: str) -> None:
        self.press = press
        self.width = width
        self.source = source
        self.finished = False
        self.at = 0
        self.lines: list[str] = []
        self.shift = self.hidden = 0
        press.made += 1

    def append(self, delta: str) -> None:
        self.source += delta

    def finish(self) -> None:
        self.finished = True

    @property
    def is_behind(self) -> bool:
        return self.at < len(self.source)

    def lay_out(self, limit: int | None = None) -> int:
        self.at = len(self.source) if limit is None else self.at + limit
        self.press.laid_out += 1
        before, self.lines = self.lines, wrap(self.source[: self.at], self.width)
        pairs = enumerate(zip(before, self.lines, strict=False))
        return next((at for at, (a, b) in pairs if a != b), min(len(before), len(self.lines)))

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> Strip:
        self.press.lines += 1
        text = self.lines[index]
        if text.startswith("[") and text.endswith(")"):
            words, _, url = text[1:-1].partition("](")
            return Strip([Segment(words, Style(meta={"link": url}, underline=True))])
        return Strip([Segment(text)])

    def code_blocks(self) -> list[str]:
        return self.source.split("```")[1::2]

    def landmarks(self) -> list[Landmark]:
        """Lines that begin with `#` are headings."""
        return [
            Landmark("heading", at, text)
            for at, text in enumerate(self.lines)
            if text.startswith("#")
        ]


class Press:
    """Makes renderings, and counts what they do."""

    def __init__(self) -> None:
        self.made = 0
        self.laid_out = 0
        self.lines = 0

    def __call__(
        self, palette, width: int, source: str, *, breaks: bool, wrap_code: bool = True
    ) -> FakeRendering:
        return FakeRendering(self, width, source)
