"""Changes the messages and heads of sessions, with undo, and has them saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core import editing
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message, utc_now
from tui.core.session import find_message
from tui.core.text import scrub
from tui.core.tree import Tree, branch_end, version_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine
    from typing import Any

    from tui.chat.listener import Listener
    from tui.chat.saver import Saver
    from tui.chat.turns import Turns
    from tui.chat.watcher import Watchers
    from tui.core.edits import Edit
    from tui.core.parameters import Parameters
    from tui.core.session import Session
    from tui.core.words import Role

UNDONE_AT_MOST = 200
"""So many edits of each session can be taken back."""

HEAD_WITHIN_S = 0.5
"""How long after a change a session's head is written, in seconds."""


class Changes:
    """What the user does to conversations that are there. All of it acts at once, and is saved behind."""

    def __init__(self, saver: Saver, turns: Turns, listener: Listener, watchers: Watchers) -> None:
        self._saver = saver
        self._listener = listener
        self._turns = turns
        self._watchers = watchers
        self._done: dict[str, list[Edit]] = {}
        self._undone: dict[str, list[Edit]] = {}
        self._saving: set[asyncio.Task[Any]] = set()
        self._stirred: dict[str, Session] = {}

    # -- messages

    def edit(self, session: Session, message_id: str, text: str) -> Edit:
        """Change what a message says in its place; its images and the like stay."""
        content = editing.with_text(self._message(session, message_id).content, scrub(text))
        return self.do(session, _known(editing.revised, session, message_id, content))

    def set_role(self, session: Session, message_id: str, role: Role) -> Message:
        """Have somebody else say a message, and give it as it is then."""
        content = self._message(session, message_id).content
        self.do(session, _known(editing.revised, session, message_id, content, role))
        return self._message(session, message_id)

    def insert(self, session: Session, after: str | None, role: Role, text: str) -> Message:
        """Put a new message behind another, or at the beginning, and give it."""
        message = Message(role=role, created=utc_now(), content=scrub(text))
        is_new = not session.messages
        edit = self.do(session, _known(editing.inserted, session, after, message))
        if is_new:  # a chat may begin with a greeting
            self._listener.session_changed(session)
        return edit.added[0].message

    def remove(self, session: Session, message_id: str) -> Edit:
        """Take one message out; what follows stays."""
        return self.do(session, _known(editing.removed, session, message_id))

    def prune(self, session: Session, message_id: str) -> Edit:
        """Take out a message and all that follows. A reply that is coming there is stopped."""
        edit = self.do(session, _known(editing.pruned, session, message_id))
        self._turns.discard(session.id, {change.message_id for change in edit.changes})
        return edit

    def keep_alone(self, session: Session, message_id: str) -> Edit:
        """Keep one version, which may still be in the making, and take out those beside it.

        Those that are in the making are stopped.
        """
        turn = next((t for t in self._turns.of(session.id) if t.message_id == message_id), None)
        if turn is None or turn.state.is_over:
            edit = self.do(session, _known(editing.alone, session, message_id))
        else:
            edit = self.do(session, editing.without_versions(session, turn.parent, message_id))
        self._turns.keep_alone(session.id, message_id)
        return edit

    def exclude(self, session: Session, message_ids: Collection[str]) -> Edit:
        """Send these messages no more; they are shown all the same."""
        return self.do(session, editing.excluded(session, message_ids))

    def include(self, session: Session, message_ids: Collection[str]) -> Edit:
        """Send these messages again."""
        return self.do(session, editing.included(session, message_ids))

    def restore(self, session: Session, message_ids: Collection[str]) -> Edit:
        """Put back removed messages, such as those of `core.editing.removed_messages`."""
        return self.do(session, editing.restored(session, message_ids))

    def branch(self, session: Session, message_id: str, text: str) -> Edit:
        """Begin a branch with another version of a message; its images and the like stay."""
        content = editing.with_text(self._message(session, message_id).content, scrub(text))
        return self.do(session, _known(editing.branched, session, message_id, content))

    def do(self, session: Session, edit: Edit) -> Edit:
        """Apply an edit that can be undone, and save it. Raises `Failure` for a chat of a newer version."""
        refuse_newer(session)
        edit.apply(session)
        if edit.changes or edit.added or edit.dropped:
            done = self._done.setdefault(session.id, [])
            done.append(edit)
            del done[:-UNDONE_AT_MOST]
            self._undone.pop(session.id, None)
        self._changed(session)
        return edit

    def undo(self, session: Session) -> Edit | None:
        """Take back the last edit and give it; None if there is none."""
        return self._step(session, self._done, self._undone)

    def redo(self, session: Session) -> Edit | None:
        """Do again what was taken back last; None if there is nothing."""
        return self._step(session, self._undone, self._done)

    def _step(
        self, session: Session, source: dict[str, list[Edit]], target: dict[str, list[Edit]]
    ) -> Edit | None:
        refuse_newer(session)
        if not source.get(session.id):
            return None
        edit = source[session.id].pop()
        inverse = edit.inverse()
        inverse.apply(session)
        target.setdefault(session.id, []).append(inverse)
        self._changed(session)
        return edit

    # -- which branch is shown

    def turn_version(self, session: Session, message_id: str, step: int) -> bool:
        """Show the next version of a message (`step` 1), or the one before (-1); False if there is none."""
        beside = version_beside(session, message_id, step)
        if beside is None:
            return False
        self._show(session, beside)
        return True

    def show(self, session: Session, message_id: str) -> None:
        """Show the branch through a message, as it was shown last."""
        if message_id not in Tree(session.messages):
            raise _unknown(message_id)
        self._show(session, branch_end(session, message_id))

    def show_turn(self, session: Session, message_id: str) -> bool:
        """Show the branch that ends with a reply in the making; False if it is over."""
        turn = self._turns.look_at(message_id)
        if turn is None:
            return False
        session.show(turn.parent)
        self._watchers.branch_changed(session)
        return True

    def _show(self, session: Session, leaf: str) -> None:
        session.show(leaf)
        self._turns.look_away(session.id)
        self._watchers.branch_changed(session)
        self._stir(session)

    # -- the head

    def set_parameters(self, session: Session, parameters: Parameters) -> None:
        """Give a session other parameters, for the next request."""
        session.parameters = parameters
        self.head_changed(session)

    def set_provider(self, session: Session, provider: str) -> None:
        """Ask another server from the next request on."""
        session.provider = provider
        self.head_changed(session)

    def rename(self, session: Session, title: str) -> None:
        """Give a session another title."""
        session.title = scrub(title)
        self._listener.session_changed(session)
        self.head_changed(session)

    def head_changed(self, session: Session) -> None:
        """A member of the head was changed: tell of it, and save it soon."""
        self._watchers.header_changed(session)
        self._stir(session)

    def _stir(self, session: Session) -> None:
        is_waiting = bool(self._stirred)
        self._stirred[session.id] = session
        if not is_waiting:
            self._spawn(self._save_heads())

    async def _save_heads(self) -> None:
        await asyncio.sleep(HEAD_WITHIN_S)
        await self._flush_heads()

    async def _flush_heads(self) -> None:
        while self._stirred:
            _, session = self._stirred.popitem()
            if not session.is_newer:
                await self._saver.save_header(session)

    async def settled(self) -> None:
        """Save what waits to be saved, and wait until it is."""
        await self._flush_heads()
        while writes := [task for task in self._saving if task.get_name() == "rewrite"]:
            await asyncio.wait(writes)

    async def close(self) -> None:
        """Save what waits to be saved, and end."""
        await self.settled()
        for task in self._saving:
            task.cancel()

    def _changed(self, session: Session) -> None:
        self._stirred.pop(session.id, None)
        self._spawn(self._saver.rewrite(session), "rewrite")
        self._watchers.branch_changed(session)

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str = "save heads") -> None:
        task = asyncio.create_task(work, name=name)
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)

    def _message(self, session: Session, message_id: str) -> Message:
        message = find_message(session.messages, message_id)
        if message is None:
            raise _unknown(message_id)
        return message


def _known(make: Callable[..., Edit], session: Session, *given: Any) -> Edit:
    """What an operation gives; raises `Failure` if it names a message that is not there."""
    try:
        return make(session, *given)
    except KeyError as error:
        raise _unknown(str(error)) from None


def _unknown(message_id: str) -> Failure:
    return Failure(
        FailureKind.CONFIG,
        f"There is no message {message_id} in this chat",
        advice="It may have been removed meanwhile.",
    )


def refuse_newer(session: Session) -> None:
    """Raise `Failure` if a newer version of the program wrote the session's file."""
    if session.is_newer:
        raise Failure(
            FailureKind.CONFIG,
            "A newer version of bise wrote this chat, so this one does not add to it",
            advice="Update bise, or begin a new chat.",
        )
