"""Where a reply ends that has stop sequences: in a whole text, or in one that comes in pieces.

The first stop sequence that is complete counts, as for a server that looks after each token; of
two that end at the same character the longer one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Cut(NamedTuple):
    """Where a text is cut."""

    offset: int
    """So many characters of the text stay."""
    stop: str
    """The stop sequence that begins there."""


def cut_at(text: str, stops: Sequence[str], start: int = 0) -> Cut | None:
    """Where stop sequences would have cut a text; None if none of them is in it.

    `start` is where the model's own text begins: behind a prefix.
    """
    first: tuple[int, int, str] | None = None
    for stop in stops:
        end = len(text) if first is None else first[0]
        at = text.find(stop, start, end) if stop else -1
        if at >= 0:
            found = (at + len(stop), at, stop)
            first = found if first is None else min(first, found)
    return None if first is None else Cut(first[1], first[2])


class Cutter:
    """Cuts a text that comes in pieces, and holds back no more than what may still become a stop sequence.

    What `feed` and `close` give out, joined, is the text up to the cut, however it was split.
    """

    def __init__(self, stops: Sequence[str], prefix: str = "") -> None:
        """`prefix` is what the text may begin with that is not the model's own; it is never cut."""
        self._stops = [stop for stop in stops if stop]
        self._prefix = prefix
        self._held = ""
        self.stop: str | None = None
        """The stop sequence at which the text was cut; None so far."""

    def feed(self, text: str) -> str:
        """What of the text is certain after this piece."""
        if self.stop is not None:
            return ""
        given = self._pass_prefix(text)
        text = self._held + text[len(given) :]
        cut = cut_at(text, self._stops)
        if cut is not None:
            self.stop, self._held = cut.stop, ""
            return given + text[: cut.offset]
        certain = len(text) - self._may_begin(text)
        self._held = text[certain:]
        return given + text[:certain]

    def close(self) -> str:
        """The text has ended: gives out what was held back."""
        held, self._held = self._held, ""
        return held

    def _pass_prefix(self, text: str) -> str:
        """The beginning of the text that is still the prefix. It may lack the white space at its end."""
        if not self._prefix or not text:
            return ""
        length = 0
        while length < min(len(text), len(self._prefix)) and text[length] == self._prefix[length]:
            length += 1
        self._prefix = self._prefix[length:] if length == len(text) else ""
        return text[:length]

    def _may_begin(self, text: str) -> int:
        """The length of the longest end of the text with which a stop sequence begins."""
        longest = 0
        for stop in self._stops:
            at = max(0, len(text) - len(stop) + 1)
            while len(text) - at > longest and (at := text.find(stop[0], at)) >= 0:
                if stop.startswith(text[at:]):
                    longest = max(longest, len(text) - at)
                    break
                at += 1
        return longest
