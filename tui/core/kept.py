"""What was worked out of the messages of a session, kept until there are others."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

from tui.core.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.message import Message


class Kept:
    """The tree of some messages, and the path that was asked for last.

    Messages are replaced when they change, so that it is enough to look whether they are the same
    objects. It is no part of what a session says: all are equal, and a deep copy has none of it.
    """

    def __init__(self, messages: Sequence[Message] = ()) -> None:
        self._messages = list(messages)
        self._tree: Tree | None = None
        self._path: tuple[str | None, list[Message]] = (None, [])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept)

    __hash__ = None  # type: ignore[assignment]  # all are equal: a set of them makes no sense

    def __deepcopy__(self, _memo: object) -> Kept:
        return Kept()

    def is_of(self, messages: Sequence[Message]) -> bool:
        """Whether it was worked out of these very messages."""
        mine = self._messages
        return len(mine) == len(messages) and all(map(is_, mine, messages))

    @property
    def tree(self) -> Tree:
        """The tree of the messages that are there."""
        if self._tree is None:
            self._tree = Tree(self._messages)
        return self._tree

    def path_to(self, message_id: str | None) -> list[Message]:
        """A message and all that lead to it and are there, oldest first; nothing if there is no such message."""
        known, path = self._path
        if known != message_id:
            path = self._walk(message_id)
            self._path = message_id, path
        return list(path)

    def _walk(self, message_id: str | None) -> list[Message]:
        by_id = {message.id: message for message in self._messages}
        path: list[Message] = []
        at = by_id.get(message_id) if message_id is not None else None
        while at is not None:
            path.append(at)
            by_id.pop(at.id, None)  # a circle in a hand-edited file ends the walk
            at = by_id.get(at.parent) if at.parent else None
        return [message for message in reversed(path) if message.removed is None]
