"""Long pastes, shown in the prompt as a short token each: `[paste 1: 340 lines]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LINES = 20
"""A paste of more lines is folded."""

MOST_SIZE = 2_000
"""So is one of more characters."""

HUGE = 100_000
"""A text of more characters, such as a draft of an earlier run, is shown as one token: wrapping it takes seconds."""

KEPT = 30
"""So many texts are remembered, to be folded again when they come back."""

_TOKEN = re.compile(r"\[paste (\d+): [^\[\]\n]{1,20}\]")


def is_long(text: str) -> bool:
    """Whether a paste is to be folded."""
    return len(text) > MOST_SIZE or text.count("\n") >= MOST_LINES


def plain_breaks(text: str) -> str:
    """The text with line feeds for line breaks: terminals paste carriage returns."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Folds:
    """What the tokens in one prompt stand for."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._kept: dict[str, None] = {}
        """Texts that were folded, the newest last; whatever prompt they are in, they are folded again."""
        self._last: tuple[str, str] = ("", "")

    def fold(self, text: str) -> str:
        """A token for the text, another than all there are."""
        known = next((token for token, held in self._texts.items() if held == text), None)
        if known is not None:
            return known
        token = f"[paste {len(self._texts) + 1}: {_extent(text)}]"
        self._texts[token] = text
        self._keep(text)
        return token

    def whole(self, shown: str) -> str:
        """The text that a prompt stands for."""
        if not self._texts or "[paste " not in shown:
            return shown
        if self._last[0] != shown:
            whole = _TOKEN.sub(lambda match: self._texts.get(match[0], match[0]), shown)
            self._last = (shown, whole)
        return self._last[1]

    def begin(self, whole: str) -> str:
        """Another prompt: how it is shown. What is known of it is folded, and so is one that is huge."""
        self._texts, self._last = {}, ("", "")
        return self.shown(whole)

    def shown(self, whole: str) -> str:
        """How a text is shown that comes into the prompt: what is known of it is folded."""
        if len(whole) <= MOST_SIZE and whole.count("\n") < MOST_LINES:
            return whole
        pieces = [whole]  # text as it stands and tokens, in turn
        for text in sorted(self._kept, key=len, reverse=True):
            if any(text in piece for piece in pieces[::2]):
                pieces = _folded(pieces, text, self.fold(text))
        shown = "".join(pieces)
        return self.fold(whole) if len(shown) > HUGE else shown

    def tokens(self, line: str) -> Iterator[tuple[int, int, str]]:
        """Where tokens stand in a line, with what they stand for."""
        if self._texts and "[paste " in line:
            for match in _TOKEN.finditer(line):
                text = self._texts.get(match[0])
                if text is not None:
                    yield match.start(), match.end(), text

    def forget(self, text: str) -> None:
        """Fold this text no more by itself."""
        self._kept.pop(text, None)

    def _keep(self, text: str) -> None:
        self._kept.pop(text, None)
        self._kept[text] = None
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]


def _folded(pieces: list[str], text: str, token: str) -> list[str]:
    """The pieces with a token for the text wherever it stands between the tokens that are there."""
    found: list[str] = []
    for at, piece in enumerate(pieces):
        if at % 2:
            found.append(piece)
            continue
        first, *others = piece.split(text)
        found.append(first)
        for other in others:
            found += (token, other)
    return found


def _extent(text: str) -> str:
    lines = text.count("\n") + (not text.endswith("\n"))
    return f"{lines} lines" if lines > 1 else f"{len(text) / 1000:.0f} kB"
