"""How much may be on its way to the terminal, judged by how long it takes to answer.

That the writer's thread is done says little over a network: what was written waits in the buffers
of the system and of the line, kilobytes of it, and a key press is seen after all that. So the
terminal is asked now and then for something that it answers in order, its synchronised output mode
(mode 2026), which Textual asks for at the start as well and whose answer does no more than confirm it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = "\x1b[?2026$p"
PATIENCE = 10.0
"""Seconds after which an answer is no longer expected."""
_ASK_AFTER, _ASK_SOON = 512, 128
"""Characters after which to ask, on a line that keeps up and on a slow one."""
_DELAY = 0.1
"""Seconds more than the quickest answer, from which on the line counts as slow."""
_WINDOW = 8192
"""Characters that may follow an unanswered question on a line that keeps up."""
_SLICE = 0.15
"""Seconds that a part of a frame may take on a slow line."""
_PARTING = 0.5
"""Seconds that leaving the terminal waits for an answer at most."""
_LEAST, _MOST = 256, 4096
"""Limits of such a part in characters."""
_GOOD_ANSWERS = 4
"""Prompt answers in a row after which a slow line counts as fast again."""


class Flow:
    """Keeps count of what was written, of the questions, and of how prompt the answers are."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._quickest = float("inf")
        self._asked: float | None = None
        self._sent = self._round = self._prompt = 0
        self._deaf = False
        self.limit: int | None = None
        """The characters a frame should not exceed by far; None on a line that keeps up."""

    def is_full(self) -> bool:
        """Whether the next frame has to wait for an answer."""
        return self._asked is not None and self._sent >= (_WINDOW if self.limit is None else 0)

    def count(self, length: int) -> bool:
        """Count what is written now; true if a question is to be written after it."""
        self._sent += length
        enough = _ASK_AFTER if self.limit is None else _ASK_SOON
        if self._deaf or self._asked is not None or self._sent < enough:
            return False
        self._asked, self._round, self._sent = self._clock(), self._sent, 0
        return True

    def answer(self) -> None:
        """Note that the terminal has answered."""
        if self._asked is None:
            return
        took = self._clock() - self._asked
        self._asked = None
        self._quickest = min(self._quickest, took)
        queued = took - self._quickest
        if queued > _DELAY:
            self._prompt = 0
            self.limit = max(_LEAST, min(_MOST, int(self._round / queued * _SLICE)))
            return
        self._prompt += 1
        if self._prompt >= _GOOD_ANSWERS:
            self.limit = None

    def give_up(self) -> None:
        """Ask no more: the terminal does not answer."""
        self._deaf = True
        self._asked = self.limit = None

    def parting(self) -> float:
        """Seconds in which an open question should be answered, before the terminal is left."""
        if self._asked is None:
            return 0.0
        quickest = min(self._quickest, _PARTING / 2)
        return max(0.0, min(2 * quickest - (self._clock() - self._asked), _PARTING))
