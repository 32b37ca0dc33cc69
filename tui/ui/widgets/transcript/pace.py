"""How often the transcript is painted while text arrives."""

from __future__ import annotations

SHORTEST_S = 0.025
"""The shortest time from one repaint to the next, in seconds: a little less than the pause in which
the wire gathers what a server sends, so that what comes is painted as it comes."""

RUSHED_S = 0.07
"""The same while text comes faster than anyone reads."""

SHARE = 6
"""The time between repaints is at least this many times what a repaint costs."""

_LONGEST_S = 1.0
_QUICK, _RUSH = 800, 1600
"""Characters a second from which on repaints are rarer, and from which on they are no rarer still."""


class Pace:
    """The time to wait between two repaints, by what the last ones cost and what came meanwhile.

    All times in seconds; `now` is a moment of any one clock.
    """

    def __init__(self) -> None:
        self._cost = 0.0
        self._rate = 0.0
        self._painted_at = 0.0
        self._arrived = 0

    def arrived(self, characters: int) -> None:
        """Take in that so much has come."""
        self._arrived += characters

    def paints(self, now: float) -> None:
        """Take in that a repaint begins, of all that has come."""
        rate = self._arrived / max(now - self._painted_at, SHORTEST_S)
        self._rate = (self._rate + rate) / 2
        self._painted_at, self._arrived = now, 0

    def spent(self, seconds: float) -> None:
        """Take in what a repaint cost. One odd repaint changes the pace half-way only."""
        self._cost = (self._cost + seconds) / 2

    @property
    def wait_s(self) -> float:
        """Seconds from a repaint to the next one."""
        haste = min(1.0, max(0.0, (self._rate - _QUICK) / (_RUSH - _QUICK)))
        shortest = SHORTEST_S + haste * (RUSHED_S - SHORTEST_S)
        return min(_LONGEST_S, max(shortest, SHARE * self._cost))

    def left(self, now: float) -> float:
        """Seconds until the next repaint may begin; none or less if it may now."""
        return self._painted_at + self.wait_s - now
