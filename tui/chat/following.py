"""Follows what other instances and other programs do to the sessions that are in memory here.

Once a second the states of their files are compared with what is known of them, in a thread; a file
is read only when it has changed. A reply that another instance makes is followed by its journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from tui.core.elsewhere import Flight, ReplyElsewhere, Sight
from tui.core.failure import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from tui.chat.saver import Saver
    from tui.chat.taking import Taken
    from tui.chat.watcher import Watcher
    from tui.core.merging import Stamp
    from tui.core.ports import Claim, Watch
    from tui.core.session import Session
    from tui.core.words import Place

EVERY_S = 1.0
"""Seconds from one look to the next."""

LIVE_S = 0.4
"""The same while another instance makes a reply in a session that is in memory here."""

log = logging.getLogger("bise")


class Following:
    """What others do in sessions, and which sessions are ours to make replies in."""

    def __init__(
        self,
        watch: Watch,
        saver: Saver,
        watcher: Watcher,
        sessions: Callable[[], Iterable[Session]],
        recover: Callable[[str], Awaitable[object]],
    ) -> None:
        """`sessions` gives those in memory; `recover` makes messages of what a dead process left of one."""
        self._watch = watch
        self._saver = saver
        self._watcher = watcher
        self._sessions = sessions
        self._recover = recover
        self._replies: dict[str, ReplyElsewhere] = {}
        self._read_to: dict[str, int] = {}
        """By reply: how much of its journal has been read."""
        self._unreadable: dict[str, Stamp | None] = {}
        """By session: the state of its file in which it could not be read."""
        self._hopeless: set[tuple[str, int]] = set()
        """Journals of dead processes that stayed though they were to be recovered, with their sizes."""
        self._folder: Stamp | None = None
        self._filed: dict[str, Place | None] = {}
        """By session: where it was filed when we last looked."""
        self._claims: dict[str, tuple[Claim, int]] = {}
        self._claiming = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look again and again from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_looking(), name="follow others")
            self._task.add_done_callback(_note_death)

    async def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            tasks = filter(None, (self._task, self._looking))
            await asyncio.gather(*tasks, return_exceptions=True)
            self._task = None

    # -- replies that others make

    def reply(self, session_id: str) -> ReplyElsewhere | None:
        """The reply that another instance makes in a session, if there is one."""
        return next((r for r in self._replies.values() if r.session_id == session_id), None)

    @property
    def busy(self) -> set[str]:
        """The sessions in which other instances make replies."""
        return {reply.session_id for reply in self._replies.values()}

    def refuse(self, session_id: str) -> None:
        """Raise `Failure` if another instance makes a reply in that session, as far as we know."""
        if self.reply(session_id) is not None:
            raise _elsewhere()

    @contextlib.asynccontextmanager
    async def making(self, session_id: str) -> AsyncIterator[None]:
        """The session is ours meanwhile, to make a reply in it. Raises `Failure` if it is another instance's."""
        claiming = asyncio.create_task(self._claim(session_id))
        try:
            await asyncio.shield(claiming)
            yield
        finally:  # also when we are cancelled while the claim is being made
            await asyncio.wait([claiming])
            if claiming.exception() is None:
                await asyncio.shield(self._release(session_id))

    async def _claim(self, session_id: str) -> None:
        async with self._claiming:
            held = self._claims.get(session_id)
            if held is not None:
                self._claims[session_id] = (held[0], held[1] + 1)
                return
            try:
                claim = await asyncio.to_thread(self._watch.claim, session_id)
            except (
                Failure
            ) as failure:  # where there can be no locks there are no two instances to keep apart
                log.warning("no lock for a reply: %s", failure.sentence)
                return
            if claim is None:
                raise _elsewhere()
            self._claims[session_id] = (claim, 1)

    async def _release(self, session_id: str) -> None:
        async with self._claiming:
            held = self._claims.pop(session_id, None)
            if held is None:
                return
            claim, count = held
            if count > 1:
                self._claims[session_id] = (claim, count - 1)
            else:
                await asyncio.to_thread(claim.release)

    # -- looking

    async def look(self) -> None:
        """Look once, and tell what is new."""
        sessions = {session.id: session for session in self._sessions()}
        sight = await asyncio.to_thread(self._watch.look, list(sessions))
        for session_id, stamp in sight.sessions.items():
            await self._bring(sessions[session_id], stamp)
        self._note_filed(sight, sessions)
        await self._follow(sight)
        if sight.folder != self._folder:
            first, self._folder = self._folder is None, sight.folder
            if not first:
                self._watcher.folder_changed()

    def _note_filed(self, sight: Sight, sessions: Mapping[str, Session]) -> None:
        """Tell of sessions that were moved; those that have no file yet are none of them."""
        before, self._filed = self._filed, dict(sight.filed)
        for session_id, place in sight.filed.items():
            was = before.get(session_id)
            if was is not None and place is not was:
                self._watcher.filed_elsewhere(sessions[session_id], place)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LIVE_S if self._replies else EVERY_S)
            self._looking = asyncio.create_task(self.look(), name="look at others")
            try:
                await asyncio.shield(self._looking)  # it may be writing: it is not to be cut off
            except Failure as failure:
                log.warning("others could not be followed: %s", failure.sentence)

    async def _bring(self, session: Session, stamp: Stamp | None) -> None:
        """Bring a session up to date if its file is another one than we know."""
        if stamp in {None, session.base.stamp} or stamp == self._unreadable.get(session.id):
            return
        try:
            taken = await self._saver.refresh(session)
        except Failure as failure:
            self._unreadable[session.id] = stamp
            log.warning("a chat that was changed could not be read: %s", failure.sentence)
            return
        self._unreadable.pop(session.id, None)
        self._tell(session, taken)

    def _tell(self, session: Session, taken: Taken | None) -> None:
        if not taken:
            return
        self._watcher.grown_elsewhere(session, taken)
        if taken.head:
            self._watcher.header_changed(session)
        if taken.new or taken.changed or taken.removed:
            self._watcher.branch_changed(session)

    async def _follow(self, sight: Sight) -> None:
        for flight in sight.flights:
            if flight.is_alive:
                await self._read(flight)
            else:
                await self._settle(flight)
        there = {flight.message_id for flight in sight.flights if flight.is_alive}
        for message_id in [one for one in self._replies if one not in there]:
            self._end(message_id, cut=False)

    async def _read(self, flight: Flight) -> None:
        """Take in what has been added to the journal of a reply."""
        reply = self._replies.get(flight.message_id)
        is_new = reply is None
        if reply is None:
            reply = ReplyElsewhere(flight.session_id, flight.message_id)
            self._replies[flight.message_id] = reply
        start = self._read_to.get(flight.message_id, 0)
        grown = False
        if flight.size > start:
            with contextlib.suppress(Failure):  # its reply was saved just now
                records, end = await asyncio.to_thread(self._watch.read, flight, start)
                self._read_to[flight.message_id] = end
                grown = reply.take(records)
        if is_new or grown:
            self._watcher.reply_elsewhere(reply)

    async def _settle(self, flight: Flight) -> None:
        """The process that made a reply is dead: what has come becomes a message, once."""
        if (flight.message_id, flight.size) in self._hopeless:
            return
        self._hopeless.add((flight.message_id, flight.size))
        await self._recover(flight.session_id)
        for session in self._sessions():
            if session.id == flight.session_id:
                self._tell(session, await self._saver.refresh(session))
        self._end(flight.message_id, cut=True)

    def _end(self, message_id: str, *, cut: bool) -> None:
        self._read_to.pop(message_id, None)
        reply = self._replies.pop(message_id, None)
        if reply is not None:
            reply.is_over, reply.was_cut = True, cut
            self._watcher.reply_elsewhere(reply)


def _note_death(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("others are followed no more", exc_info=error)


def _elsewhere() -> Failure:
    return Failure(
        FailureKind.CONFIG,
        "A reply to this chat is coming in another window",
        advice="Wait for its end, or stop it there.",
        retryable=True,
    )
