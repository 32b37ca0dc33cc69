"""Colours for code: pygments' tokens in the styles of a palette."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from pygments.lexer import Lexer  # type: ignore[import-untyped]  # pygments has no types
    from pygments.token import _TokenType  # type: ignore[import-untyped]  # as above

    from tui.paint.flow import Span
    from tui.paint.inline import Inline


_REFUSED = frozenset({"LilyPond", "Logtalk", "MCSchema", "Maple", "Text only"})
"""Pygments 2.21 takes seconds for some lines in these languages; plain text needs no lexer."""


@lru_cache(64)
def lexer_for(language: str) -> Lexer | None:
    """Pygments' lexer for the language named on a fence; None if there is none."""
    from pygments import lexers  # type: ignore[import-untyped]  # pygments has no types

    name = language.strip().lower()
    title = None
    for _, known, aliases, patterns, _ in lexers.LEXERS.values():
        if name == known.lower() or name in aliases:
            title = known
            break
        if title is None and f"*.{name}" in patterns:  # templates of a language have its ending too
            title = known
    if title is None or title in _REFUSED:
        return None
    return lexers.find_lexer_class(title)(stripnl=False, ensurenl=False)


class Highlighter:
    """Highlights lines of one language, some at a time, each time from the language's start."""

    def __init__(self, inline: Inline, language: str) -> None:
        self._inline = inline
        self._lexer = lexer_for(language) if language else None
        self._styles: dict[_TokenType, Style] = {}
        self._last: tuple[list[str], list[tuple[_TokenType, str]]] = ([], [])

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to highlight."""
        return self._lexer is None

    def spans(self, lines: list[str]) -> list[list[Span]]:
        """The spans of each of the lines."""
        if self._lexer is None or not lines:
            style = self._inline.palette.code_block
            return [[(line, style)] for line in lines]
        styled: list[list[Span]] = [[]]
        for kind, value in self._tokens(lines):
            style = self._style(kind)
            first, *others = value.split("\n")
            if first:
                styled[-1].append((first, style))
            styled.extend([(other, style)] if other else [] for other in others)
        return styled[: len(lines)]

    def open_style(self, lines: list[str]) -> Style | None:
        """The style of the string or comment that is open at the end of the lines, if one is."""
        from pygments.token import Comment, String

        if self._lexer is None or not lines:
            return None
        tokens = self._tokens(lines)
        kind = tokens[-1][0] if tokens else None
        if kind is None or not (kind in Comment.Multiline or kind in String):
            return None
        return self._style(kind)

    def _tokens(self, lines: list[str]) -> list[tuple[_TokenType, str]]:
        if self._lexer is None:
            return []
        if lines != self._last[0]:
            text = "\n".join(lines) + "\n"
            self._inline.parsed += len(text)
            found = self._lexer.get_tokens_unprocessed(text)
            self._last = (lines, [(kind, value) for _, kind, value in found])
        return self._last[1]

    def _style(self, kind: _TokenType) -> Style:
        style = self._styles.get(kind)
        if style is None:
            palette = self._inline.palette
            known = kind
            while known not in palette.syntax and known.parent is not None:
                known = known.parent
            style = palette.code_block + palette.syntax.get(known, Style.null())
            self._styles[kind] = style
        return style
