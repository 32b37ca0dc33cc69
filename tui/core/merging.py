"""Brings together what was changed here and what was changed in a session's file by other hands.

Three states are compared: the base, which is what both sides last had in common, ours in memory,
and theirs on disk. What one side alone changed is taken over. What both changed stays as theirs
where it stands, and ours is kept beside it: a message as another version of itself, a member of
the head as words for the user. Pure: no file is touched here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.core.message import Message
    from tui.core.session import Session

Stamp = tuple[int, ...]
"""Tells one state of a file from another; it is only compared."""

_NONE: Any = object()
_OWN = frozenset({"shown"})
"""Members of the head that belong to who looks: no clash is told, and ours is kept."""


@dataclass(eq=False, slots=True)
class Base:
    """What a session in memory and its file last had in common."""

    head: dict[str, Any] | None = None
    """The members of the head, as `head_of` gives them; None if nothing is known."""
    messages: dict[str, int] | None = None
    """By message: its `digest`; None if nothing is known."""
    stamp: Stamp | None = None
    """The file's state in which all of it was known."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Base)  # sessions are equal whatever is known of their files

    def note(self, message: Message) -> None:
        """A message stands in the file as it is now."""
        if self.messages is None:
            self.messages = {}
        self.messages[message.id] = digest(message)


@dataclass(slots=True)
class Merged:
    """Messages of both sides together."""

    messages: list[Message] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    """Those that are new or other than ours: theirs."""
    removed: list[Message] = field(default_factory=list)
    """Ours that are no longer there."""
    clashes: list[Message] = field(default_factory=list)
    """Ours that are kept as versions beside theirs; each has an id of its own."""
    digests: dict[str, int] = field(default_factory=dict)
    """Of the messages, if they are known already."""

    @property
    def is_others(self) -> bool:
        """Whether other hands have changed something that is still to be taken over."""
        return bool(self.taken or self.removed or self.clashes)

    def rebase(self, base: Base) -> None:
        """The file holds these messages now: note of ours what it holds. The rest is still to be taken over."""
        known = base.messages or {}
        theirs = {message.id for message in (*self.taken, *self.clashes)}
        gone = {message.id for message in self.removed}
        kept = {at: was for at, was in known.items() if at in theirs or at in gone}
        now = self.digests or digests(self.messages)
        base.messages = kept | {at: one for at, one in now.items() if at not in theirs}


def digest(message: Message) -> int:
    """A number that tells whether a message is the same as before, in this process."""
    try:
        return hash(json.dumps(message.model_dump(), sort_keys=True, default=str))
    except (ValueError, RecursionError):  # nested as deep as nobody writes
        return hash(message.text)


def digests(messages: Iterable[Message]) -> dict[str, int]:
    """The digest of each message by its id."""
    return {message.id: digest(message) for message in messages}


def head_of(session: Session) -> dict[str, Any]:
    """The members of a session's head, all of them, as plain values."""
    return session.model_dump(by_alias=True)


def merge_messages(
    base: Mapping[str, int] | None,
    ours: Sequence[Message],
    theirs: Sequence[Message],
    their_digests: Mapping[str, int],
) -> Merged:
    """The messages of both sides. Without a base all that differs is our change, and nothing was removed."""
    merged = Merged()
    mine = {message.id: message for message in ours}
    other = {message.id: message for message in theirs}
    known = base or {}
    for at in _in_order(mine, other):
        here, there = mine.get(at), other.get(at)
        if there is None:
            here = mine[at]
            if at in known and digest(here) == known[at]:
                merged.removed.append(here)
            else:
                merged.messages.append(here)
        elif here is None:
            if base is not None and known.get(at) == their_digests[at]:
                continue  # we removed it
            merged.messages.append(there)
            merged.taken.append(there)
        else:
            was = known.get(at) if base is not None else their_digests[at]
            version = _both(merged, here, there, was, their_digests[at])
            if version is not None and version.id not in mine and version.id not in other:
                merged.messages.append(version)
                merged.clashes.append(version)
    _mend_parents(merged, {**mine, **other})
    return merged


def _both(
    merged: Merged, here: Message, there: Message, was: int | None, theirs: int
) -> Message | None:
    """Decide on a message that both sides have; gives ours under an id of its own if both changed it."""
    if theirs == was or (ours := digest(here)) == theirs:
        merged.messages.append(here)
        return None
    merged.messages.append(there)
    merged.taken.append(there)
    if ours == was or here.model_copy(update={"parent": there.parent}) == there:
        return None
    return here.model_copy(update={"id": f"{here.id}-{ours & 0xFFFFFF:06x}"})


def _in_order(mine: Mapping[str, Message], other: Mapping[str, Message]) -> list[str]:
    """All ids in our order; each of theirs that we do not have stands behind what it stood behind there."""
    behind: dict[str | None, list[str]] = {}
    for before, at in pairwise([None, *other]):
        if at is not None and at not in mine:
            behind.setdefault(before, []).append(at)
    order: list[str] = []
    for start in [None, *mine]:
        waiting: list[str | None] = [start]
        while waiting:
            at = waiting.pop()
            if at is not None:
                order.append(at)
            waiting.extend(reversed(behind.get(at, [])))
    return order


def _mend_parents(merged: Merged, known: Mapping[str, Message]) -> None:
    """Attach messages whose parent is gone to the nearest one before it that is there."""
    there = {message.id for message in merged.messages}
    for index, message in enumerate(merged.messages):
        parent, seen = message.parent, {message.id}
        while parent is not None and parent not in there and parent not in seen:
            seen.add(parent)
            parent = known[parent].parent if parent in known else None
        if parent != message.parent:
            mended = message.model_copy(update={"parent": None if parent in seen else parent})
            merged.messages[index] = mended
            merged.taken = [mended if m is message else m for m in merged.taken]


def merge_tables(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """The members of both sides, and the keys of those that both changed: of them theirs is taken."""
    result: dict[str, Any] = {}
    clashes: list[tuple[str, ...]] = []
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        was, here, there = (table.get(key, _NONE) for table in (base, ours, theirs))
        if isinstance(here, dict) and isinstance(there, dict):
            result[key], inner = merge_tables(was if isinstance(was, dict) else {}, here, there)
            clashes += [(key, *keys) for keys in inner]
            continue
        if here == there or there == was or key in _OWN:
            value = here
        else:
            value = there
            if here != was:
                clashes.append((key,))
        if value is not _NONE:
            result[key] = value
    return result, clashes


def rebased(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    """The base after a write: ours where the file has the same now, and as it was elsewhere."""
    result: dict[str, Any] = {}
    for key in {**base, **ours}:
        was, here, there = (table.get(key, _NONE) for table in (base, ours, theirs))
        if isinstance(here, dict) and isinstance(there, dict):
            value: Any = rebased(was if isinstance(was, dict) else {}, here, there)
        else:
            value = here if here == there else was
        if value is not _NONE:
            result[key] = value
    return result
