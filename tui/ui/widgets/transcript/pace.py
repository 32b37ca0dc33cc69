"""How often the transcript is painted while text arrives."""

from __future__ import annotations

SHORTEST_S = 0.05
"""The shortest time from one repaint to the next, in seconds."""

SHARE = 6
"""The time between repaints is at least this many times what a repaint costs."""

_LONGEST_S = 1.0


class Pace:
    """The time to wait between two repaints, by what the last ones cost."""

    def __init__(self) -> None:
        self._cost = 0.0

    def spent(self, seconds: float) -> None:
        """Take in what a repaint cost. One odd repaint changes the pace half-way only."""
        self._cost = (self._cost + seconds) / 2

    @property
    def wait_s(self) -> float:
        """Seconds from a repaint to the next one."""
        return min(_LONGEST_S, max(SHORTEST_S, SHARE * self._cost))
