"""How entries are laid out just now: width, styles and who renders Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from tui.paint.palette import Palette
    from tui.paint.rendering import Landmark
    from tui.ui.widgets.transcript.dress import Dress

MARGIN = 2
"""Cells left of the text: the bar and a space."""

TEXT_WIDTH = 100
"""The most cells that a line of text gets: longer lines are hard to read."""


class Lines(Protocol):
    """Text as lines of cells, none wider than it was asked to be."""

    def __len__(self) -> int: ...

    def line(self, index: int) -> Strip:
        """One line, not padded."""
        ...


class Rendered(Lines, Protocol):
    """A text that grows; `paint.rendering.Rendering` is one."""

    shift: int
    """Cells by which code that is not wrapped is shifted."""

    @property
    def hidden(self) -> int:
        """The most cells by which it can be."""
        ...

    def append(self, delta: str) -> None:
        """Take more text; nothing is laid out yet."""
        ...

    def finish(self) -> None:
        """No more will come."""
        ...

    @property
    def is_behind(self) -> bool:
        """Whether a limit has left some of the text without lines."""
        ...

    def lay_out(self, limit: int | None = None) -> int:
        """Make lines of all the text, or of `limit` characters more; tells the first that changed."""
        ...

    def code_blocks(self) -> Sequence[str]:
        """The code of each code block, in order."""
        ...

    def landmarks(self) -> Sequence[Landmark]:
        """The headings, blocks of code and tables, in order, with their lines."""
        ...


class Renderer(Protocol):
    """Makes a text that grows out of Markdown."""

    def __call__(
        self, palette: Palette, width: int, source: str, *, breaks: bool, wrap_code: bool = True
    ) -> Rendered:
        """The source as lines; `breaks` keeps its line breaks, `wrap_code` breaks long ones of code."""
        ...


def render_markdown(
    palette: Palette, width: int, source: str, *, breaks: bool, wrap_code: bool = True
) -> Rendered:
    """The renderer of `paint`, imported when it is first needed: not on the way to the first frame."""
    from tui.paint.rendering import Rendering

    return Rendering(palette, width, source, breaks=breaks, wrap_code=wrap_code)


@dataclass(frozen=True, slots=True)
class Sideways:
    """A renderer that leaves code as wide as it is, to be shifted."""

    render: Renderer

    def __call__(
        self, palette: Palette, width: int, source: str, *, breaks: bool, wrap_code: bool = False
    ) -> Rendered:
        """The source as lines, those of code not wrapped."""
        return self.render(palette, width, source, breaks=breaks, wrap_code=wrap_code)


@dataclass(frozen=True, slots=True)
class Look:
    """All that the lines of an entry depend on, beside the entry."""

    cells: int
    """The width of the view."""
    dress: Dress
    palette: Palette
    render: Renderer = render_markdown

    @property
    def width(self) -> int:
        """Cells that text gets: all but the margins, at most `TEXT_WIDTH`."""
        return max(1, min(TEXT_WIDTH, self.cells - MARGIN - 1))

    def breaks_like(self, other: Look) -> bool:
        """Whether the lines of an entry end in the same places in both."""
        return self.width == other.width and self.render == other.render
