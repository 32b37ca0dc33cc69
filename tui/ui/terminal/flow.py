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
_ASK_SLOW, _ASK_FIRST, _ASK_PROMPT = 128, 512, 4096
"""Characters after which to ask: at least, at first, and at most on a line that keeps up."""
_WINDOW = 8192
"""Characters that may follow an unanswered question on a line that keeps up."""
_NOTICEABLE = 0.05
"""Seconds by which answers differ for no reason."""
_SLICE = 0.15
"""Seconds that a part of a frame may take on a slow line."""
_LEAST, _MOST = 256, 4096
"""Limits of such a part in characters; a line that carries more in that time is not slow."""
_AGING = 1.02
"""What the quickest answer is multiplied by at every answer, so that a longer way is got used to."""
_PARTING = 0.5
"""Seconds that leaving the terminal waits for an answer at most."""


class Flow:
    """Keeps count of what was written, of the questions, and of how prompt the answers are."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sent = 0
        self._enough = _ASK_FIRST
        self._asked: float | None = None
        self._round = 0
        self._quickest: tuple[int, float] | None = None
        self._rate = float("inf")
        self._deaf = False

    @property
    def limit(self) -> int | None:
        """The characters a frame should not exceed by far; None on a line that keeps up."""
        part = self._rate * _SLICE
        return None if part >= _MOST else max(_LEAST, int(part))

    def is_full(self) -> bool:
        """Whether the next frame has to wait for an answer."""
        return self._asked is not None and self._sent >= (_WINDOW if self.limit is None else 0)

    def count(self, length: int) -> bool:
        """Count what is written now; true if a question is to be written after it."""
        self._sent += length
        if self._deaf or self._asked is not None or self._sent < self._enough:
            return False
        self._asked, self._round, self._sent = self._clock(), self._sent, 0
        return True

    def answer(self) -> None:
        """Note that the terminal has answered."""
        if self._asked is None:
            return
        took = self._clock() - self._asked
        self._asked = None
        self._judge(self._round, took)
        limit = self.limit
        if limit is not None:
            self._enough = max(_ASK_SLOW, limit // 2)
        elif took < _NOTICEABLE:
            self._enough = max(_ASK_FIRST, min(2 * self._enough, _ASK_PROMPT))
        else:
            self._enough = _ASK_FIRST

    def give_up(self) -> None:
        """Ask no more: the terminal does not answer."""
        self._deaf = True
        self._asked = None
        self._rate = float("inf")

    def parting(self) -> float:
        """Seconds in which an open question should be answered, before the terminal is left."""
        if self._asked is None:
            return 0.0
        expected = _PARTING if self._quickest is None else 2 * self._quickest[1]
        return max(0.0, min(expected - (self._clock() - self._asked), _PARTING))

    def _judge(self, length: int, took: float) -> None:
        """Learn the line's rate from what more characters cost in time, compared with the quickest answer."""
        if self._quickest is None:
            self._quickest = length, took
            return
        least, quickest = self._quickest
        more, longer = length - least, took - quickest
        if longer >= _NOTICEABLE:
            self._rate = (more if more > length // 4 else length) / longer
        elif longer <= -_NOTICEABLE and more < 0:
            self._rate = more / longer
        elif more > least // 2:
            self._rate *= 2
        self._quickest = (length, took) if took <= quickest * _AGING else (least, quickest * _AGING)
