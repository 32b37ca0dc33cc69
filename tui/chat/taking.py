"""Takes what other hands have changed in a session's file over into the session in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui.core.listing import Problem
from tui.core.merging import head_of, merge_messages, merge_tables
from tui.core.session import Session
from tui.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.core.message import Message

_QUOTED = 60


@dataclass(slots=True)
class Taken:
    """What was taken over into a session."""

    new: list[Message] = field(default_factory=list)
    """Messages that others have added."""
    changed: list[Message] = field(default_factory=list)
    """Messages that others have edited, as they are now."""
    removed: list[Message] = field(default_factory=list)
    """Messages that others have taken out of the file."""
    head: list[str] = field(default_factory=list)
    """Names of the members of the head that others have changed, such as `title`."""
    problems: list[Problem] = field(default_factory=list)
    """What both have changed at once, in a sentence each: the file's stays, ours is kept beside it."""
    kept_twice: bool = False
    """Whether messages of ours became versions of their own, which are to be saved."""

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed or self.head or self.problems)


def take_over(session: Session, fresh: Session) -> Taken:
    """Bring a session up to date with what was just read of its file.

    What was changed here and is not written yet stays. Both have the file's state in common then.
    """
    base = session.base
    had = {message.id for message in session.messages}
    merged = merge_messages(
        base.messages, session.messages, fresh.messages, fresh.base.messages or {}
    )
    taken = Taken(
        new=[m for m in merged.taken if m.id not in had],
        changed=[m for m in merged.taken if m.id in had],
        removed=merged.removed,
        kept_twice=bool(merged.clashes),
    )
    session.messages = merged.messages
    name = f"{session.id}.toml"
    for message in merged.clashes:
        words = f"“{one_line(message.text, _QUOTED)}” was edited in the file and here at once"
        words += ": the file's text stays, and yours is another version beside it"
        taken.problems.append(Problem(name, 0, words))
    _take_head(session, fresh, taken, name)
    session.problems[:] = fresh.problems
    base.head, base.messages, base.stamp = (
        fresh.base.head,
        fresh.base.messages,
        fresh.base.stamp,
    )
    return taken


def _take_head(session: Session, fresh: Session, taken: Taken, name: str) -> None:
    ours, theirs = head_of(session), head_of(fresh)
    was = session.base.head if session.base.head is not None else theirs
    merged, clashes = merge_tables(was, ours, theirs)
    for keys in clashes:
        key = ".".join(keys)
        words = f"`{key}` was changed in the file and here at once: the file's value stays"
        words += f", and yours was {_shown(ours, keys)}"
        taken.problems.append(Problem(name, 0, words))
    taken.head = [key for key, value in merged.items() if ours.get(key) != value]
    taken.head += [key for key in ours if key not in merged]
    if not taken.head:
        return
    now = Session.model_validate(merged)
    fields = Session.model_fields
    for field_name in fields:
        if not fields[field_name].exclude:
            setattr(session, field_name, getattr(now, field_name))
    if session.model_extra is not None:
        session.model_extra.clear()
        session.model_extra.update(now.model_extra or {})


def _shown(table: Mapping[str, Any], keys: Sequence[str]) -> str:
    value: Any = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return "none" if value is None else f"“{one_line(str(value), _QUOTED)}”"
