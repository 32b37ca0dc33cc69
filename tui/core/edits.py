"""A change of a session's messages that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui.core.message import utc_now
from tui.core.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.message import Message
    from tui.core.session import Session


@dataclass(frozen=True, slots=True)
class Change:
    """Members of one message, as they were and as they become."""

    message_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.message_id, self.after, self.before)

    def of(self, message: Message) -> Message:
        """The message with the change made. A member that has been changed otherwise since is left alone."""
        update = {
            name: value
            for name, value in self.after.items()
            if getattr(message, name) == self.before[name]
        }
        return message.model_copy(update=update)


@dataclass(frozen=True, slots=True)
class Place:
    """A message, and where it stands in the order of the file."""

    message: Message
    behind: str | None
    """The message in front of it; None for the first."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What was done to a session, in a form that can be done and taken back at any later time.

    It names messages by id, so that what was said since stays. Messages are replaced by changed
    copies: whoever holds one, such as a request on its way, keeps it as it was.
    """

    words: str
    """What was done, for people: "the message was removed"."""
    leaf: tuple[str | None, str | None]
    """Where the shown branch ended before, and where it ends after."""
    changes: tuple[Change, ...] = ()
    added: tuple[Place, ...] = ()
    dropped: tuple[Place, ...] = field(default=())

    def inverse(self) -> Edit:
        """The edit that takes this one back."""
        return Edit(
            self.words,
            self.leaf[::-1],
            tuple(change.inverse() for change in reversed(self.changes)),
            self.dropped[::-1],
            self.added[::-1],
        )

    def apply(self, session: Session) -> None:
        """Do it. The shown branch follows, unless it has been changed since."""
        was = session.branch()
        leaf = was[-1].id if was else None
        for place in self.added:
            _put(session, place)
        _change(session, self.changes)
        _drop(session, [place.message.id for place in self.dropped])
        _show(session, self.leaf[1] if leaf == self.leaf[0] else leaf, was)


def _put(session: Session, place: Place) -> None:
    ids = [message.id for message in session.messages]
    if place.message.id in ids:  # it could not be dropped before, since others follow it
        at = ids.index(place.message.id)
        session.messages[at] = session.messages[at].model_copy(
            update={"removed": place.message.removed}
        )
        return
    if place.behind is None:
        at = 0
    else:
        at = ids.index(place.behind) + 1 if place.behind in ids else len(ids)
    session.messages.insert(at, place.message)


def _change(session: Session, changes: tuple[Change, ...]) -> None:
    wanted: dict[str, list[Change]] = {}
    for change in changes:
        wanted.setdefault(change.message_id, []).append(change)
    for at, message in enumerate(session.messages):
        for change in wanted.get(message.id, ()):
            session.messages[at] = change.of(session.messages[at])


def _drop(session: Session, gone: list[str]) -> None:
    """Take messages out altogether; one that others follow by now is kept as removed."""
    for message_id in gone:
        followed = any(message.parent == message_id for message in session.messages)
        for at, message in enumerate(session.messages):
            if message.id == message_id and followed:
                session.messages[at] = message.model_copy(update={"removed": utc_now()})
        if not followed:
            session.messages[:] = [m for m in session.messages if m.id != message_id]


def _show(session: Session, leaf: str | None, was: list[Message]) -> None:
    """Let the shown branch end there, or at the last message of the former one that is still there."""
    tree = Tree(session.messages)
    if leaf is not None and leaf not in tree:
        leaf = next((message.id for message in reversed(was) if message.id in tree), None)
    session.show(leaf)
