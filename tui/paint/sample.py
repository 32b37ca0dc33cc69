"""A few lines in the styles of a palette, for choosing among themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygments.token import (  # type: ignore[import-untyped]  # pygments has no types
    Comment,
    Keyword,
    Name,
    Number,
    String,
)
from textual.content import Content
from textual.style import Style

if TYPE_CHECKING:
    from rich.style import Style as RichStyle

    from tui.paint.palette import Palette


def sample(palette: Palette) -> Content:
    """What a message and its code look like."""
    code, syntax = palette.code_block, palette.syntax
    return Content("\n").join(
        [
            _line(("You", palette.user), (" · 12:00", palette.faint)),
            _line(
                ("A heading", palette.headings[1]),
                (", text, ", palette.text),
                ("strong", palette.strong),
                (", ", palette.text),
                ("emphasis", palette.emphasis),
                (", ", palette.text),
                ("a link", palette.link),
                (" and ", palette.text),
                ("code", palette.code),
            ),
            _line(("▎ ", palette.quote_bar), ("a quote", palette.quote)),
            _line(
                ("def ", code + syntax[Keyword]),
                ("hello", code + syntax[Name.Function]),
                ("(n=", code),
                ("1", code + syntax[Number]),
                ("): return ", code),
                ('"text"', code + syntax[String]),
                ("  # why", code + syntax[Comment]),
            ),
        ]
    )


def _line(*pieces: tuple[str, RichStyle]) -> Content:
    return Content.assemble(*((text, Style.from_rich_style(style)) for text, style in pieces))
