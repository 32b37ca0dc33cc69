"""How the messages of a session hang together: who follows whom, and which are versions of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.core.message import Message
    from tui.core.session import Session


class Tree:
    """The tree of the messages that are there; removed ones are passed over. A snapshot: it does not follow edits.

    A message whose parent is missing begins the conversation anew, and a circle in a file that was
    edited by hand is cut at its first message.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self._order = {message.id: at for at, message in enumerate(messages)}
        self._parents = _parents(messages)
        self._children: dict[str | None, list[str]] = {}
        for message_id, parent in self._parents.items():
            self._children.setdefault(parent, []).append(message_id)

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._parents

    def __len__(self) -> int:
        return len(self._parents)

    def parent(self, message_id: str) -> str | None:
        """The message before it, or None if it begins the conversation. Raises `KeyError`."""
        return self._parents[message_id]

    def children(self, message_id: str | None) -> list[str]:
        """The messages that follow it, in the order in which they were made; of None: those that begin."""
        return list(self._children.get(message_id, ()))

    def versions(self, message_id: str) -> list[str]:
        """The message and what else stands in its place. Raises `KeyError`."""
        return self.children(self._parents[message_id])

    def is_alone(self, message_id: str) -> bool:
        """Whether nothing else stands in its place. Raises `KeyError`."""
        return len(self._children[self._parents[message_id]]) == 1

    def path(self, message_id: str | None) -> list[str]:
        """The message and all that lead to it, oldest first."""
        path = []
        while message_id is not None:
            path.append(message_id)
            message_id = self._parents[message_id]
        return path[::-1]

    def below(self, message_id: str) -> Iterator[str]:
        """The message and all that follow it, in all branches."""
        waiting = [message_id]
        while waiting:
            here = waiting.pop()
            yield here
            waiting += reversed(self._children.get(here, ()))

    def newest_below(self, message_id: str) -> str:
        """The newest message of all branches through that one."""
        return max(self.below(message_id), key=self._order.__getitem__)

    def walk(self) -> Iterator[tuple[int, str]]:
        """All messages from the top, a parent before its children, with the number of forks above each."""
        waiting = [(0, message_id) for message_id in reversed(self.children(None))]
        while waiting:
            depth, here = waiting.pop()
            yield depth, here
            children = self._children.get(here, [])
            deeper = depth + (len(children) > 1)
            waiting += [(deeper, child) for child in reversed(children)]


def version_beside(session: Session, message_id: str, step: int) -> str | None:
    """The end of the branch that shows the next version of a message (`step` 1), or the one before (-1).

    The branch is the one that was shown last through that version, else its newest. None where
    there is no version on that side.
    """
    tree = Tree(session.messages)
    if message_id not in tree:
        return None
    versions = tree.versions(message_id)
    at = versions.index(message_id) + step
    return branch_end(session, versions[at], tree) if 0 <= at < len(versions) else None


def branch_end(session: Session, message_id: str, tree: Tree | None = None) -> str:
    """Where the branch through a message ends: as it was shown last, else its newest message."""
    tree = tree or Tree(session.messages)
    seen = session.last_seen_below(message_id)
    if seen is not None and seen in tree and message_id in tree.path(seen):
        return seen
    return tree.newest_below(message_id)


def _parents(messages: Sequence[Message]) -> dict[str, str | None]:
    """The parent of each message that is there, among those that are there."""
    written = {message.id: message.parent for message in messages}
    gone = {message.id for message in messages if not message.is_there}
    found: dict[str, str | None] = {}
    for message in messages:
        if message.is_there:
            found[message.id] = _first_there(message.parent, written, gone)
    _cut_circles(found)
    return found


def _first_there(
    message_id: str | None, written: dict[str, str | None], gone: set[str]
) -> str | None:
    """The message itself, or the nearest above it that is there. Shortens the way for those who come next."""
    passed: list[str] = []
    while message_id is not None and message_id in gone:
        passed.append(message_id)
        message_id = written[message_id] if len(passed) <= len(gone) else None  # a circle
    there = message_id if message_id in written and message_id not in gone else None
    for one in passed:
        written[one] = there
    return there


def _cut_circles(parents: dict[str, str | None]) -> None:
    """Let each circle begin at the first of its messages."""
    order = {message_id: at for at, message_id in enumerate(parents)}
    safe: set[str] = set()
    for start in parents:
        walked: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in safe and at not in walked:
            walked[at] = None
            at = parents[at]
        if at is not None and at in walked:
            circle = list(walked)[list(walked).index(at) :]
            parents[min(circle, key=order.__getitem__)] = None
        safe.update(walked)
