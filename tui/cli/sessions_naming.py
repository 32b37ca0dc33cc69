"""Finds the chat that is meant on the command line, and tells what comes of a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.cli.telling import DONE, FAILED, WRONG_USE, tell
from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line
from tui.core.words import Place
from tui.store.places import Places
from tui.store.sessions import whereabouts
from tui.store.sessions.toml_sessions import TomlSessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tui.core.listing import Header

SHOWN = 8
"""So many of the chats that fit a name are told."""

NOT_THROWN_AWAY = (Place.OPEN, Place.ARCHIVE)
FOLDERS = {Place.OPEN: "chats", Place.ARCHIVE: "archive", Place.TRASH: "trash"}
"""What the places are called in output."""


@dataclass(frozen=True, slots=True)
class Named:
    """A chat that was named."""

    id: str
    title: str
    place: Place

    def __str__(self) -> str:
        return self.named + (f" (in the {self.place})" if self.place else "")

    @property
    def named(self) -> str:
        """Its id and its title."""
        return self.id + (f" “{one_line(self.title, 60)}”" if self.title else "")


class Cabinet:
    """The folders, and the sessions in them."""

    def __init__(self, told: Callable[[str], None] = tell) -> None:
        """`told` hears of folders that can't be read."""
        self._told = told
        self.places = Places.from_environment()
        self.store = TomlSessions(self.places)

    def headers(self, places: Iterable[Place], limit: int | None = None) -> list[Header]:
        """The heads of all sessions in some places; folders that can't be read are told."""
        found = []
        for place in places:
            listing = self.store.listing(limit, place)
            for problem in listing.problems:
                self._told(str(problem))
            found += listing.headers
        return found

    def path_of(self, chat: Named | Header) -> Path:
        """Where its file lies."""
        return whereabouts.path_in(self.places, chat.place, chat.id)

    def find(self, name: str, among: Sequence[Place] = NOT_THROWN_AWAY) -> Named:
        """The one chat that a name means. Raises `Failure(CONFIG)` if there is none, or more than one."""
        exact = self._by_id(name, among)
        if exact is not None:
            return exact
        headers = self.headers(among)
        for fits in _ways(name):
            fitting = [header for header in headers if fits(header)]
            if len(fitting) == 1:
                header = fitting[0]
                return Named(header.id, header.title, header.place)
            if fitting:
                raise _ambiguous(name, fitting)
        raise self._nobody(name, among)

    def _by_id(self, name: str, among: Sequence[Place]) -> Named | None:
        from tui.store.sessions.head_change import head_of

        try:
            place = whereabouts.place_of(self.places, name)
        except Failure:  # it can't be an id, so it is a title
            return None
        if place is None or place not in among:
            return None
        try:
            title = head_of(whereabouts.path_in(self.places, place, name).read_bytes()).get("title")
        except OSError:
            title = None
        return Named(name, title if isinstance(title, str) else "", place)

    def _nobody(self, name: str, among: Sequence[Place]) -> Failure:
        advice = "`bise sessions list` shows them."
        others = [place for place in Place if place not in among]
        elsewhere = [h for h in self.headers(others) if any(fits(h) for fits in _ways(name))]
        if elsewhere:
            header = elsewhere[0]
            advice = (
                f"In the {FOLDERS[header.place]} is {Named(header.id, header.title, Place.OPEN)}."
            )
        return Failure(FailureKind.CONFIG, f"No chat is named {name!r}", advice=advice)


def id_of(name: str, told: Callable[[str], None] = tell) -> str:
    """The id of the chat that `--session` names, wherever it is. Raises `Failure(CONFIG)`."""
    return Cabinet(told).find(name, tuple(Place)).id


def _ways(name: str) -> list[Callable[[Header], bool]]:
    """The ways in which a name can fit a chat; the first in which any fits counts."""
    wanted = " ".join(name.casefold().split())
    if not wanted:
        return []
    return [
        lambda header: header.id.startswith(name),
        lambda header: header.title.casefold() == wanted,
        lambda header: wanted in header.title.casefold(),
    ]


def _ambiguous(name: str, fitting: Sequence[Header]) -> Failure:
    named = [str(Named(h.id, h.title, h.place)) for h in fitting[:SHOWN]]
    more = [f"and {len(fitting) - SHOWN} more"] if len(fitting) > SHOWN else []
    return Failure(
        FailureKind.CONFIG,
        f"{len(fitting)} chats fit {name!r}: {'; '.join([*named, *more])}",
        advice="Name one by its id.",
    )


def status_of(failure: Failure) -> int:
    """Tell a failure, and give the exit status for it."""
    tell(failure.sentence)
    return WRONG_USE if failure.kind is FailureKind.CONFIG else FAILED


def for_each(names: Sequence[str], act: Callable[[str], Any]) -> int:
    """Do something to every chat that was named, whatever becomes of the others; gives the exit status."""
    statuses = [DONE]
    for name in names:
        try:
            act(name)
        except Failure as failure:
            statuses.append(status_of(failure))
    return max(statuses)
