"""Markdown and chats as lines of text for standard output, by the renderer of the transcript.

No application runs for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.theme import BUILTIN_THEMES

from tui.core.text import clean, one_line
from tui.paint.palette import Palette
from tui.paint.rendering import Rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from textual.theme import Theme

    from tui.ui.widgets.transcript.entry import Entry

TEXT_WIDTH = 100
"""The most columns that a line of a chat's text gets, as on the screen."""

Row = list[Segment]


class Colours(Enum):
    """How many colours may be written."""

    NONE = None
    """No style at all: text only."""
    FEW = ColorSystem.STANDARD
    """The terminal's own sixteen."""
    MANY = ColorSystem.EIGHT_BIT
    ALL = ColorSystem.TRUECOLOR

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Colours:
        """Those of the terminal, by what it says of itself."""
        if environment.get("COLORTERM", "") in {"truecolor", "24bit"}:
            return cls.ALL
        term = environment.get("TERM", "")
        return cls.MANY if "256" in term or "direct" in term else cls.FEW


class CodeLines(Enum):
    """What becomes of lines of code that are wider than the page."""

    WRAP = "wrap"
    CUT = "cut"
    """They end at the edge, with a mark."""
    WHOLE = "whole"
    """They are as long as they are."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed on."""

    width: int
    """Columns."""
    palette: Palette
    colours: Colours = Colours.NONE
    code: CodeLines = CodeLines.WRAP


def palette_of_theme(theme: Theme) -> Palette:
    """The styles that a theme gives to messages."""
    variables = {**theme.to_color_system().generate(), **theme.variables}
    return Palette.of(variables, dark=theme.dark)


def built_in_theme(name: str) -> Theme | None:
    """One of the themes that Textual comes with."""
    return BUILTIN_THEMES.get(name)


def markdown_lines(source: str, page: Page) -> Iterator[str]:
    """The lines of a Markdown text; whatever is in it, it is harmless on a terminal."""
    for row in _markdown(source, page, breaks=False):
        yield _line(row, page.colours)


def chat_lines(title: str, entries: Iterable[Entry], page: Page) -> Iterator[str]:
    """The lines of a chat: its messages, with what stands above and below them on the screen."""
    for row in _chat(one_line(title), entries, page):
        yield _line(row, page.colours)


def _markdown(source: str, page: Page, *, breaks: bool) -> Iterator[Row]:
    wraps = page.code is CodeLines.WRAP
    rendering = Rendering(page.palette, page.width, source, breaks=breaks, wrap_code=wraps)
    rendering.finish()
    rendering.lay_out()
    line = rendering.whole_line if page.code is CodeLines.WHOLE else rendering.line
    for index in range(len(rendering)):
        yield list(line(index))


def _chat(title: str, entries: Iterable[Entry], page: Page) -> Iterator[Row]:
    """The title and all messages; thinking is left out."""
    palette = page.palette
    narrow = replace(page, width=min(page.width, TEXT_WIDTH))
    if title:
        yield [Segment(title, palette.headings[0])]
        yield []
    for entry in entries:
        name, dot, rest = one_line(entry.head).partition(" · ")
        style = palette.user if entry.role == "user" else palette.strong
        yield [Segment(name, style), Segment(dot + rest, palette.faint)]
        if entry.body:
            yield from _markdown(entry.body, narrow, breaks=entry.role != "assistant")
        if entry.foot:
            yield [Segment(clean(entry.foot), palette.faint)]
        yield []


def _line(row: Row, colours: Colours) -> str:
    if colours is Colours.NONE:
        return "".join(segment.text for segment in row).rstrip()
    null = Style.null()
    return "".join(
        (style or null).render(text, color_system=colours.value) for text, style, _ in row
    )
