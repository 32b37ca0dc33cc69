"""The prompts of all chats, to be brought back: one by one, or by what is typed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.fuzzy import Haystack

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 100_000
"""Characters of a prompt that is remembered; a longer one stands in its chat alone."""


class Recall:
    """Prompts, each once, by when they were last sent."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """`texts`: the newest last."""
        self._texts: dict[str, None] = {}
        self._haystack: tuple[list[str], Haystack] | None = None
        for text in texts:
            self.add(text)

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, text: str) -> None:
        """A prompt was sent; it is the newest now, whenever it was sent before."""
        if text.strip():
            self._texts.pop(text, None)
            self._texts[text] = None
            self._haystack = None

    @property
    def newest_first(self) -> list[str]:
        """All of them."""
        return list(reversed(self._texts))

    def search(self, query: str, limit: int = 200) -> list[str]:
        """Those that fit, the best first, and of those that fit equally well the newest."""
        if self._haystack is None:
            texts = self.newest_first
            self._haystack = (texts, Haystack(texts))
        texts, haystack = self._haystack
        return [texts[at] for at in haystack.search(query)[:limit]]


class Walk:
    """Going back through the prompts, from what is being typed, and forth again."""

    def __init__(self, recall: Recall, typed: str) -> None:
        """`typed` comes back at the end of the way forth."""
        self._texts = [typed, *(text for text in recall.newest_first if text != typed)]
        self._at = 0

    @property
    def text(self) -> str:
        """Where one is."""
        return self._texts[self._at]

    def older(self) -> str | None:
        """One further back; None if there is none."""
        return self._go(1)

    def newer(self) -> str | None:
        """One forth; None at what was being typed."""
        return self._go(-1)

    def _go(self, step: int) -> str | None:
        if not 0 <= self._at + step < len(self._texts):
            return None
        self._at += step
        return self.text
