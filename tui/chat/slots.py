"""So many replies may stream at once; the others stand in a line that can be seen and changed."""

from __future__ import annotations

import asyncio


class Place:
    """One place: at first in the line, then among those that are in."""

    def __init__(self) -> None:
        self.admitted = asyncio.Event()
        """Set when it is in."""


class Slots:
    """The line, and who is in."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._line: list[Place] = []
        self._inside: set[Place] = set()

    @property
    def limit(self) -> int:
        """How many may be in at once."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._limit = limit
        self._admit()

    @property
    def line(self) -> list[Place]:
        """Those who wait, the next one first."""
        return list(self._line)

    def join(self) -> Place:
        """Go to the end of the line, and in at once if there is room."""
        place = Place()
        self._line.append(place)
        self._admit()
        return place

    def leave(self, place: Place) -> None:
        """Go out, or out of the line."""
        if place in self._line:
            self._line.remove(place)
        self._inside.discard(place)
        self._admit()

    def move(self, place: Place, to: int) -> None:
        """Give a place in the line another position, counted from 0."""
        if place in self._line:
            self._line.remove(place)
            self._line.insert(to, place)

    def _admit(self) -> None:
        while self._line and len(self._inside) < self._limit:
            place = self._line.pop(0)
            self._inside.add(place)
            place.admitted.set()
