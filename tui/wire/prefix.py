"""The prefix of a reply: shown once, whether the server repeats it or not.

Some servers begin the reply with the prefix that they were given, some leave off its trailing
white space, some do not repeat it at all. A text is a repeat if it starts with the prefix less
its trailing white space.
"""

from __future__ import annotations


class PrefixMerge:
    """Merges a prefix with the text that comes in, so that what it gives out is always right.

    What `open`, `feed` and `close` give out, joined, is the message's text.
    """

    def __init__(self, prefix: str | None, shortest_echo: int = 1) -> None:
        """`shortest_echo`: characters from which on a repeat counts as one and not as chance."""
        prefix = prefix or ""
        self._stem = prefix.rstrip()
        self._tail = prefix[len(self._stem) :]
        if prefix and not self._stem:  # all white space: only the whole of it can be a repeat
            self._stem, self._tail = prefix, ""
        self._held: list[str] = []
        self._held_length = 0
        self._opened = not prefix
        self._decided = not prefix
        self._may_echo = len(self._stem) >= shortest_echo

    @property
    def is_open(self) -> bool:
        """Whether the prefix has been given out."""
        return self._opened

    def open(self) -> str:
        """The prefix, as far as it is certain; empty if it has been given out before."""
        if self._opened:
            return ""
        self._opened = True
        return self._stem

    def feed(self, text: str) -> str:
        """What of the message is certain after this piece of received text."""
        if self._decided:
            return text
        if not text:
            return ""
        return self.open() + self._weigh(text)

    def _weigh(self, text: str) -> str:
        at = self._held_length
        here = self._stem[at : at + len(text)]
        if self._may_echo and text.startswith(here):
            if at + len(text) < len(self._stem):
                self._held.append(text)
                self._held_length += len(text)
                return ""
            self._decided = True
            return text[len(here) :]
        return self.settle() + text

    def settle(self) -> str:
        """Take what was received so far as no repeat; gives out what was held back."""
        if self._decided:
            return ""
        self._decided = True
        return self.open() + self._tail + "".join(self._held)

    def abandon(self) -> str:
        """The end of a reply that broke off: what was held back is the prefix again, and is dropped."""
        self._held.clear()
        return self.settle()
