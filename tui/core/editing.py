"""What can be done to the messages of a session. Each function gives an `Edit` and changes nothing itself.

Nothing is ever lost: a removed message, or what an edited one said before, stays in the session
marked as `removed`, and `restored` brings it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.core.calls import waiting_call
from tui.core.edits import Change, Edit, Place
from tui.core.message import Message, TextChunk, new_id, utc_now
from tui.core.session import find_message
from tui.core.tree import Tree, branch_end
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tui.core.message import Content
    from tui.core.session import Session


def excluded(session: Session, message_ids: Collection[str]) -> Edit:
    """Show these messages, and send them no more."""
    return _edit(
        session,
        _counted(len(message_ids), "left out of what is sent"),
        (
            _changed(message, excluded=True)
            for message in session.messages
            if message.id in message_ids and not message.excluded
        ),
    )


def included(session: Session, message_ids: Collection[str]) -> Edit:
    """Send these messages again."""
    return _edit(
        session,
        _counted(len(message_ids), "sent again"),
        (
            _changed(message, excluded=False)
            for message in session.messages
            if message.id in message_ids and message.excluded
        ),
    )


def removed(session: Session, message_id: str) -> Edit:
    """Take one message out; those that follow it follow the one before. Raises `KeyError`."""
    return _without(session, [message_id], "the message was removed")


def pruned(session: Session, message_id: str) -> Edit:
    """Take a message out, and all that follow it in all branches. Raises `KeyError`."""
    gone = list(Tree(session.messages).below(message_id))
    return _without(session, gone, _counted(len(gone), "removed"))


def alone(session: Session, message_id: str) -> Edit:
    """Keep one version, which is shown, and take out all that stands beside it. Raises `KeyError`."""
    _found(session, message_id)
    tree = Tree(session.messages)
    edit = without_versions(session, tree.parent(message_id), message_id)
    leaf = _leaf_id(session)
    kept = leaf is not None and message_id in tree.path(leaf)
    end = leaf if kept else branch_end(session, message_id, tree)
    return replace(edit, leaf=(leaf, end))


def without_versions(session: Session, parent: str | None, kept: str) -> Edit:
    """Take out all that follows a message, except the version `kept`, which need not be there yet."""
    tree = Tree(session.messages)
    others = [version for version in tree.children(parent) if version != kept]
    gone = [one for version in others for one in tree.below(version)]
    return _without(session, gone, _counted(len(gone), "removed"))


def restored(session: Session, message_ids: Collection[str]) -> Edit:
    """Put removed messages back where they were, and show the branch of the newest of them."""
    back = [m for m in session.messages if m.id in message_ids and not m.is_there]
    edit = _edit(
        session,
        _counted(len(back), "put back"),
        (_changed(message, removed=None) for message in back),
    )
    if not back:
        return edit
    return Edit(edit.words, (edit.leaf[0], back[-1].id), edit.changes)


def inserted(session: Session, after: str | None, message: Message) -> Edit:
    """Put a new message behind another, in front of all that follow it; behind None: at the beginning.

    A tool's result answers the call that waits for one there. Raises `KeyError` if there is no such message.
    """
    tree = Tree(session.messages)
    if after is not None and after not in tree:
        raise KeyError(after)
    children = set(tree.children(after))
    leaf = _leaf_id(session)
    message = message.model_copy(update={"parent": after})
    if message.role is Role.TOOL and message.tool_call_id is None:
        message.tool_call_id = _waiting_behind(session, after)
    return Edit(
        "a message was put in",
        (leaf, message.id if leaf == after else leaf),
        tuple(_changed(m, parent=message.id) for m in session.messages if m.id in children),
        (Place(message, after),),
    )


def summarised(session: Session, message_ids: Collection[str], summary: Message) -> Edit:
    """Send a summary in the place of messages, which are excluded and stay where they are.

    It stands behind the last of them. Raises `KeyError` if one of them is not there.
    """
    for message_id in message_ids:
        _found(session, message_id)
    path = [message.id for message in session.branch() if message.id in message_ids]
    if not path:
        raise KeyError("none of them is shown")
    put_in = inserted(session, path[-1], summary)
    left_out = excluded(session, message_ids)
    words = _counted(len(message_ids), "summarised")
    return Edit(words, put_in.leaf, (*put_in.changes, *left_out.changes), put_in.added)


def revised(session: Session, message_id: str, content: Content, role: Role | None = None) -> Edit:
    """Change what a message says, and perhaps who says it, in its place. Raises `KeyError`.

    What it said before is kept as a removed message. A given prefix that it no longer begins with goes;
    so does all that only a reply has, if it is none any more.
    """
    message = _found(session, message_id)
    new = message.model_copy(update={"content": content, "role": role or message.role})
    is_reply = new.role is Role.ASSISTANT
    kept = is_reply and message.prefix and new.text.startswith(message.prefix)
    former = message.model_copy(
        update={"id": new_id(), "removed": utc_now(), "former_of": message_id}
    )
    change = _changed(
        message,
        content=content,
        role=new.role,
        prefix=message.prefix if kept else None,
        ended=message.ended if is_reply else None,
        tool_call_id=_call_of(session, message, new.role),
        edited=utc_now(),
    )
    leaf = _leaf_id(session)
    behind = _behind(session, message_id)
    return Edit("the message was edited", (leaf, leaf), (change,), (Place(former, behind),))


def _call_of(session: Session, message: Message, role: Role) -> str | None:
    """The call that a message answers if that role says it: as before, or the one that waits for a result."""
    if role is not Role.TOOL or message.role is Role.TOOL:
        return message.tool_call_id
    path = session.path_to(message.id)
    return _waiting_behind(session, path[-2].id if len(path) > 1 else None, message.id)


def _waiting_behind(session: Session, after: str | None, besides: str = "") -> str | None:
    """The call that a tool's result would answer behind a message, in the shown branch if that is in there."""
    branch = session.branch()
    if after is not None and all(message.id != after for message in branch):
        branch = session.path_to(after)
    path = [message for message in branch if message.id != besides]
    at = next((at for at, message in enumerate(path, 1) if message.id == after), 0)
    return waiting_call(path, at)


def branched(session: Session, message_id: str, content: Content) -> Edit:
    """A new version of a message beside it, with nothing behind it yet; it is shown. Raises `KeyError`."""
    message = _found(session, message_id)
    version = Message(
        parent=message.parent,
        role=message.role,
        created=utc_now(),
        content=content,
        name=message.name,
        tool_call_id=message.tool_call_id,
    )
    place = Place(version, session.messages[-1].id)
    return Edit("a branch was begun", (_leaf_id(session), version.id), added=(place,))


def with_text(content: Content, text: str) -> Content:
    """A content that says `text` instead of its own; images, thinking and other chunks stay."""
    if isinstance(content, str):
        return text
    at = next((at for at, chunk in enumerate(content) if isinstance(chunk, TextChunk)), None)
    rest = [chunk for chunk in content if not isinstance(chunk, TextChunk)]
    if at is None:
        at = len(rest)
    if not rest:
        return text
    return [*rest[:at], TextChunk(text=text), *rest[at:]] if text else rest


def removed_messages(session: Session) -> list[Message]:
    """What was taken out and can be put back, the last first."""
    gone = [message for message in session.messages if message.removed is not None]
    return sorted(
        gone, key=lambda message: (message.removed is not None, message.removed), reverse=True
    )


def _found(session: Session, message_id: str) -> Message:
    message = find_message(session.messages, message_id)
    if message is None or not message.is_there:
        raise KeyError(message_id)
    return message


def _changed(message: Message, **after: Any) -> Change:
    before = {name: getattr(message, name) for name in after}
    new = {name: value for name, value in after.items() if value != before[name]}
    return Change(message.id, {name: before[name] for name in new}, new)


def _edit(session: Session, words: str, changes: Iterable[Change]) -> Edit:
    leaf = _leaf_id(session)
    return Edit(words, (leaf, leaf), tuple(changes))


def _without(session: Session, gone: Collection[str], words: str) -> Edit:
    now = utc_now()
    taken = set(gone)
    there = [message for message in session.messages if message.id in taken and message.is_there]
    if len(there) < len(taken):
        raise KeyError(*taken.difference(message.id for message in there))
    changes = tuple(_changed(message, removed=now) for message in there)
    return Edit(words, (_leaf_id(session), _leaf_without(session, taken)), changes)


def _leaf_without(session: Session, gone: set[str]) -> str | None:
    """Where the shown branch ends without some messages: as before, in the version beside, or above."""
    leaf = _leaf_id(session)
    if leaf is None or leaf not in gone:
        return leaf
    tree = Tree(session.messages)
    path = tree.path(leaf)
    first = len(path) - 1
    while first and path[first - 1] in gone:
        first -= 1
    versions = tree.versions(path[first])
    at = versions.index(path[first])
    for version in [*reversed(versions[:at]), *versions[at + 1 :]]:
        there = [message_id for message_id in tree.below(version) if message_id not in gone]
        if there:
            order = {message.id: at for at, message in enumerate(session.messages)}
            return max(there, key=order.__getitem__)
    return next(
        (message_id for message_id in reversed(path[:first]) if message_id not in gone), None
    )


def _leaf_id(session: Session) -> str | None:
    leaf = session.leaf
    return leaf.id if leaf is not None else None


def _behind(session: Session, message_id: str) -> str | None:
    """The message in front of another in the order of the file."""
    before = None
    for message in session.messages:
        if message.id == message_id:
            return before
        before = message.id
    return before


def _counted(number: int, done: str) -> str:
    return f"a message was {done}" if number == 1 else f"{number} messages were {done}"
