"""Prompts that were sent while a reply was still coming: they wait, and go out when it has ended well.

They are on disk at most a second behind. When a reply was stopped or failed, or after a start, they
stay until the user sends something on, or until the next reply in their session ends well.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.chat.drafting import Drafting
from tui.chat.watcher import Watcher
from tui.core.editing import with_text
from tui.core.failure import Failure
from tui.core.message import CONTENT, TextChunk, new_id, text_of
from tui.core.session import find_message
from tui.core.text import scrub
from tui.core.words import TurnState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.chat.turns import Turns
    from tui.chat.watcher import Watchers
    from tui.core.message import AnyChunk, Content
    from tui.core.ports import Drafts
    from tui.core.session import Session
    from tui.core.turn import Turn

log = logging.getLogger("bise")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A prompt that waits."""

    content: Content
    id: str
    """The id that its message will have."""

    @property
    def text(self) -> str:
        """What it says."""
        return text_of(self.content)


class Outbox(Watcher):
    """The prompts that wait, by session."""

    def __init__(
        self,
        send: Callable[[Session, Waiting], Turn],
        session_of: Callable[[str], Session | None],
        turns: Turns,
        watchers: Watchers,
        drafts: Drafts | None,
    ) -> None:
        """`send` sends one, and raises `Failure` if that can't be. Without `drafts` nothing is kept on disk."""
        self._send = send
        self._session_of = session_of
        self._turns = turns
        self._watchers = watchers
        self._drafting = Drafting(drafts) if drafts is not None else None
        self._waiting: dict[str, list[Waiting]] = {}
        watchers.join(self)

    def load(self) -> None:
        """Read what waits on disk, which belongs to no other instance. Blocks; raises `Failure`."""
        if self._drafting is None:
            return
        for draft in self._drafting.load():
            found = _read(draft.text)
            if found:
                self._waiting.setdefault(draft.chat_id, [])[:0] = found

    def of(self, session_id: str) -> tuple[Waiting, ...]:
        """What waits in a session, the next one first."""
        return tuple(self._waiting.get(session_id, ()))

    @property
    def sessions(self) -> list[str]:
        """The sessions in which something waits."""
        return [session_id for session_id, waiting in self._waiting.items() if waiting]

    def add(self, session_id: str, text: str, chunks: Sequence[AnyChunk] = ()) -> Waiting:
        """Let a prompt wait, behind the others."""
        text = scrub(text)
        content: Content = [TextChunk(text=text), *chunks] if chunks else text
        waiting = Waiting(content, new_id())
        self._change(session_id, [*self.of(session_id), waiting])
        return waiting

    def amend(self, session_id: str, waiting_id: str, text: str) -> None:
        """Let it say something else; nothing happens if it was sent meanwhile."""
        text = scrub(text)
        self._change(
            session_id,
            [
                replace(one, content=with_text(one.content, text)) if one.id == waiting_id else one
                for one in self.of(session_id)
            ],
        )

    def move(self, session_id: str, waiting_id: str, to: int) -> None:
        """Give it another position, counted from 0."""
        moved = [one for one in self.of(session_id) if one.id == waiting_id]
        rest = [one for one in self.of(session_id) if one.id != waiting_id]
        self._change(session_id, [*rest[:to], *moved, *rest[to:]])

    def take(self, session_id: str, waiting_id: str) -> Waiting | None:
        """Take it out and give it; None if it was sent meanwhile."""
        taken = next((one for one in self.of(session_id) if one.id == waiting_id), None)
        if taken is not None:
            self._change(session_id, [one for one in self.of(session_id) if one is not taken])
        return taken

    def settle(self, session: Session) -> None:
        """Leave out what is part of the session already: the program ended before that was noted."""
        there = [one for one in self.of(session.id) if find_message(session.messages, one.id)]
        for one in there:
            self.take(session.id, one.id)

    def put(self, session_id: str, waiting: Waiting, at: int) -> None:
        """Let one that was taken out wait again, at a position counted from 0."""
        there = list(self.of(session_id))
        self._change(session_id, [*there[:at], waiting, *there[at:]])

    def send_next(self, session: Session) -> Turn | None:
        """Send the next one now; None if nothing waits. Raises `Failure`; it then waits on."""
        self.settle(session)
        waiting = self.of(session.id)
        if not waiting:
            return None
        turn = self._send(session, waiting[0])
        self.take(session.id, waiting[0].id)
        return turn

    def turn_ended(self, turn: Turn) -> None:
        """Send the next one, if the reply came to a good end and nothing else runs there."""
        is_good = turn.state is TurnState.DONE and turn.failure is None
        session = self._session_of(turn.session_id)
        is_free = not self._turns.is_busy(turn.session_id) and not self._turns.is_ending
        if not is_good or not is_free or session is None:
            return
        try:
            self.send_next(session)
        except Failure as failure:
            log.warning("a waiting prompt was not sent: %s", failure.sentence)

    async def flush(self) -> None:
        """Write what has changed."""
        if self._drafting is not None:
            await self._drafting.flush()

    def _change(self, session_id: str, waiting: list[Waiting]) -> None:
        self._waiting[session_id] = waiting
        if self._drafting is not None:
            self._drafting.stir(session_id, partial(self._written, session_id))
        self._watchers.waiting_changed(session_id)

    def _written(self, session_id: str) -> str:
        waiting = self.of(session_id)
        return json.dumps([_plain(one) for one in waiting], ensure_ascii=False) if waiting else ""


def _plain(waiting: Waiting) -> dict[str, Any]:
    content = CONTENT.dump_python(waiting.content, mode="json", exclude_none=True)
    return {"id": waiting.id, "content": content}


def _read(text: str) -> list[Waiting]:
    """What a file holds; one that is not as we write them is a prompt by itself."""
    try:
        return [
            Waiting(CONTENT.validate_python(one["content"]), str(one["id"]))
            for one in json.loads(text)
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        return [Waiting(text, new_id())] if text.strip() else []
