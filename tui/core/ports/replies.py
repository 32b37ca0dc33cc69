"""Ports to replies in the making: their journals, and what other running instances do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui.core.elsewhere import Flight, Sight


class Diary(Protocol):
    """The journal of one reply: a list of records that only grows. Its methods block on the disk."""

    @property
    def session_id(self) -> str:
        """The session that the reply belongs to."""
        ...

    @property
    def message_id(self) -> str:
        """The id that the reply has."""
        ...

    def write(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add records, plain JSON each, durably. Raises `Failure`; there is then none of them."""
        ...

    def read(self) -> list[dict[str, Any]]:
        """All whole records; a torn end is left out. Raises `Failure`."""
        ...

    def discard(self) -> None:
        """The reply is saved elsewhere: remove the journal, and let go of it."""
        ...

    def release(self) -> None:
        """Let go of it: whoever comes next may take it over."""
        ...


class Journal(Protocol):
    """Keeps replies that are in the making, for the case that the program dies. Methods block on the disk."""

    def begin(self, session_id: str, message_id: str) -> Diary:
        """A new journal, ours as long as this process lives. It has no file before its first record.

        Raises `Failure`.
        """
        ...

    def left_behind(self, session_id: str | None = None) -> Iterator[Diary]:
        """The journals whose owner is gone, taken over by us; of one session, or of all."""
        ...


class Claim(Protocol):
    """A session in which only this process makes replies, until it lets go of it or dies."""

    def release(self) -> None:
        """Let go of it."""
        ...


class Watch(Protocol):
    """Sees what other running instances do. Methods block on the disk."""

    def look(self, session_ids: Iterable[str]) -> Sight:
        """What others do now, and the states of these sessions' files. Never raises."""
        ...

    def read(self, flight: Flight, start: int) -> tuple[list[dict[str, Any]], int]:
        """The whole records of a reply's journal from an offset on, and the offset behind them.

        Raises `Failure` if it can't be read; it is gone when its reply is saved.
        """
        ...

    def claim(self, session_id: str) -> Claim | None:
        """Make a session ours while replies are made in it; None if it is another instance's.

        Raises `Failure` if there can be no locks.
        """
        ...
