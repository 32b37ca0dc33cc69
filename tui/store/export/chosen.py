"""What of a session is exported: the branch that is shown, or everything that is there."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tui.core.tree import Tree

if TYPE_CHECKING:
    from tui.core.message import Message
    from tui.core.session import Session


class Scope(StrEnum):
    """Which messages are exported."""

    SHOWN = "shown"
    """The branch that is shown."""
    ALL = "all"
    """All branches and versions; removed messages too where the form can say so."""


def chosen(session: Session, scope: Scope) -> list[Message]:
    """The messages to export for reading, parents before their children; no removed ones."""
    if scope is Scope.SHOWN:
        return session.branch()
    by_id = {message.id: message for message in session.messages}
    return [by_id[message_id] for _, message_id in Tree(session.messages).walk()]


def kept(session: Session, scope: Scope) -> list[Message]:
    """The messages to export for taking over again, in the order of the file."""
    return session.branch() if scope is Scope.SHOWN else list(session.messages)


def part_of(session: Session, messages: list[Message]) -> Session:
    """The session with only these messages; the one given is not changed."""
    part = session.model_copy()
    part.messages = messages
    ids = {message.id for message in messages}
    if part.shown is not None and (part.shown.leaf not in ids or part.shown.after not in ids):
        part.shown = None
    return part
