"""Runs turns: asks, folds what comes into them, journals it, and keeps what came of them."""

from __future__ import annotations

import asyncio
import logging
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.chat.journaling import Journaling
from tui.chat.outcome import messages_of
from tui.chat.slots import Place, Slots
from tui.core.events import Retrying, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import utc_now
from tui.core.provider import not_configured
from tui.core.words import Ended, TurnState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from tui.chat.following import Following
    from tui.chat.listener import Listener
    from tui.chat.saver import Saver
    from tui.chat.watcher import Watchers
    from tui.core.events import ReplyEvent
    from tui.core.message import Message
    from tui.core.ports import Backends, Clock, Journal
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.core.turn import Turn

log = logging.getLogger("bise")


@dataclass(slots=True)
class _Running:
    """A turn that is not over, or whose reply is not saved yet."""

    session: Session
    turn: Turn
    place: Place
    task: asyncio.Task[None] | None = None
    journal: Journaling | None = None
    is_discarded: bool = field(default=False)
    """Whether its reply is kept as a removed message only."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What turns work with."""

    backends: Backends
    providers: dict[str, Provider]
    saver: Saver
    journal: Journal | None
    listener: Listener
    watchers: Watchers
    clock: Clock
    following: Following | None = None
    """Keeps two instances from making replies in one session at once."""

    def making(self, session_id: str) -> AbstractAsyncContextManager[None]:
        """The session is ours meanwhile; raises `Failure` if another instance makes a reply in it."""
        if self.following is None:
            return nullcontext()
        return self.following.making(session_id)


class Turns:
    """All turns that run, by the id of their reply, and of each session those that were asked for last."""

    def __init__(self, parallel: int, around: Surroundings) -> None:
        self.slots = Slots(parallel)
        self._around = around
        self._running: dict[str, _Running] = {}
        self._last: dict[str, list[Turn]] = {}
        self._alive: dict[asyncio.Task[None], str] = {}
        """The tasks and their sessions, until what came is saved, which is later than they leave `_running`."""
        self._unsaved: dict[str, list[Journaling]] = {}
        """By session: of replies that are not on disk yet."""
        self._stop_as = Ended.STOPPED

    # -- what there is

    def of(self, session_id: str) -> list[Turn]:
        """The turns that were asked for last in a session, together; the first is the one to show."""
        return list(self._last.get(session_id, ()))

    def running(self, session_id: str | None = None) -> list[Turn]:
        """The turns that are not over, in one session or in all, in the order in which they were asked for."""
        return [
            one.turn
            for one in self._running.values()
            if session_id is None or one.session.id == session_id
        ]

    @property
    def line(self) -> list[Turn]:
        """The turns that wait for a place, the next one first."""
        by_place = {one.place: one.turn for one in self._running.values()}
        return [by_place[place] for place in self.slots.line if place in by_place]

    @property
    def busy(self) -> list[str]:
        """The sessions in which a reply is in the making."""
        return list(dict.fromkeys(one.session.id for one in self._running.values()))

    def is_busy(self, session_id: str) -> bool:
        """Whether a reply is in the making in that session."""
        return any(one.session.id == session_id for one in self._running.values())

    def forget(self, session_id: str) -> None:
        """The session is let go: its last turns go too."""
        self._last.pop(session_id, None)

    # -- what can be done

    def begin(self, session: Session, turns: Sequence[Turn]) -> None:
        """Run turns of one session at once. The first is shown; the others are versions beside it."""
        self._last[session.id] = list(turns)
        for turn in turns:
            turn.is_shown = turn is turns[0]
            one = _Running(session, turn, self.slots.join())
            self._running[turn.message_id] = one
            one.task = asyncio.create_task(self._run(one), name=f"turn {session.id}")
            self._alive[one.task] = session.id
            one.task.add_done_callback(self._alive.pop)
        for turn in turns:
            self._around.listener.turn_changed(turn)
        self._around.watchers.line_changed()

    def stop(self, session_id: str) -> bool:
        """Stop all that is in the making in a session; False if there is nothing."""
        return self._stop(lambda one: one.session.id == session_id)

    def stop_one(self, message_id: str) -> bool:
        """Stop one turn, by the id of its reply; False if it is over."""
        return self._stop(lambda one: one.turn.message_id == message_id)

    def stop_all(self) -> bool:
        """Stop everything; False if there is nothing."""
        return self._stop(lambda _: True)

    def _stop(self, wanted: Callable[[_Running], bool]) -> bool:
        found = [one for one in self._running.values() if wanted(one)]
        for one in found:
            if one.task is not None:
                _cancel(one.task)
        return bool(found)

    def discard(self, session_id: str, gone: set[str]) -> None:
        """Stop the turns that follow messages which were removed; what came is kept as removed too."""
        for one in self._running.values():
            if one.session.id == session_id and gone.intersection(m.id for m in one.turn.branch):
                one.is_discarded = True
                self.stop_one(one.turn.message_id)

    def keep_alone(self, session_id: str, message_id: str) -> None:
        """Stop the other turns of a comparison; what came of them is kept as removed."""
        for one in self._running.values():
            if one.session.id == session_id:
                one.turn.is_shown = one.turn.message_id == message_id
                if not one.turn.is_shown:
                    one.is_discarded = True
                    self.stop_one(one.turn.message_id)

    def look_at(self, message_id: str) -> Turn | None:
        """Let the shown branch of its session end with that turn's reply; None if it is over."""
        found = self._running.get(message_id)
        if found is None:
            return None
        self.look_away(found.session.id)
        found.turn.is_shown = True
        turns = self._last.get(found.session.id, [])
        if found.turn in turns:  # the first is the one to show
            turns.remove(found.turn)
            turns.insert(0, found.turn)
        return found.turn

    def look_away(self, session_id: str) -> None:
        """Another branch was chosen: replies that are in the making do not show themselves at their end."""
        for one in self._running.values():
            if one.session.id == session_id:
                one.turn.is_shown = False

    def move(self, message_id: str, to: int) -> None:
        """Give a turn that waits another position in the line, counted from 0."""
        one = self._running.get(message_id)
        if one is not None:
            self.slots.move(one.place, to)
            self._around.watchers.line_changed()

    def hurry(self, session_id: str) -> bool:
        """Send a request that failed again now instead of waiting; False if nothing waits for that."""
        waiting = [turn.retrying for turn in self.running(session_id) if turn.retrying is not None]
        for wait in waiting:
            wait.skip()
        return bool(waiting)

    @property
    def is_ending(self) -> bool:
        """Whether the program is about to end: nothing is to be begun any more."""
        return self._stop_as is Ended.INTERRUPTED

    def interrupt(self) -> None:
        """Break off all turns as interrupted: the program is about to end."""
        self._stop_as = Ended.INTERRUPTED
        self.stop_all()

    async def settled(self, session_id: str | None = None) -> None:
        """Wait until nothing is in the making, in one session or in all, and what came is written."""
        while tasks := [t for t, where in self._alive.items() if session_id in {None, where}]:
            await asyncio.gather(*tasks, return_exceptions=True)

    async def saved(self, session: Session) -> None:
        """All of a session is on disk: the journals of its replies go."""
        for journal in self._unsaved.pop(session.id, []):
            await journal.saved()

    # -- one turn

    async def _run(self, one: _Running) -> None:
        turn, clock = one.turn, self._around.clock
        try:
            await self._around.saver.save(one.session)
            await one.place.admitted.wait()
            async with self._around.making(one.session.id):
                await self._stream(one)
        except asyncio.CancelledError:
            if not turn.state.is_over:  # it may have come to its end in the same moment
                turn.stop(clock(), self._stop_as)
        except Failure as failure:
            turn.fail(failure, clock())
        except Exception as error:  # a mistake of ours; what has come is kept all the same
            log.exception("a turn broke")
            words = f"bise made a mistake ({type(error).__name__})"
            if not turn.state.is_over:
                turn.fail(Failure(FailureKind.OURS, words, advice="The log has more."), clock())
        finally:
            self.slots.leave(one.place)
            await self._settle(one)

    async def _stream(self, one: _Running) -> None:
        around, turn = self._around, one.turn
        turn.connect(around.clock())
        if around.journal is not None:
            unsaved = around.saver.unsaved(one.session)
            one.journal = Journaling(around.journal, one.session, turn, unsaved)
        around.listener.turn_changed(turn)
        around.watchers.line_changed()
        backend = await around.backends.backend(
            self._provider(turn), lambda words: around.listener.turn_told(turn, words)
        )
        events = backend.stream(turn.request)
        try:
            async for event in events:
                self._receive(one, event)
        finally:
            await events.aclose()
        if turn.state is not TurnState.DONE:
            raise Failure(FailureKind.TRUNCATED, "The reply ended without an end", retryable=True)

    def _provider(self, turn: Turn) -> Provider:
        provider = self._around.providers.get(turn.provider or "")
        if provider is None:
            raise not_configured(turn.provider)
        return provider

    def _receive(self, one: _Running, event: ReplyEvent) -> None:
        turn, listener = one.turn, self._around.listener
        before = turn.state
        now = self._around.clock()
        turn.receive(event, now)
        if one.journal is not None:
            one.journal.take(event, now)
        if turn.state is not before and not turn.state.is_over:
            listener.turn_changed(turn)
        if isinstance(event, TextDelta | ThinkingDelta):
            listener.turn_grew(turn, event)
        elif isinstance(event, Retrying):
            listener.turn_changed(turn)

    async def _settle(self, one: _Running) -> None:
        """Keep what came of a turn: in memory at once, then on disk."""
        session, turn, around = one.session, one.turn, self._around
        kept = messages_of(turn, turn.provider)
        self._take_in(one, kept)
        if turn.state is TurnState.DONE and not kept:
            turn.failure = _nothing_came(turn)
        self._running.pop(turn.message_id, None)
        if one.journal is not None and kept:
            self._unsaved.setdefault(session.id, []).append(one.journal)
        try:
            around.listener.turn_changed(turn)
            around.watchers.turn_ended(turn)
        finally:
            if kept:
                await self._save(one, kept)
            elif one.journal is not None:
                await one.journal.saved()

    def _take_in(self, one: _Running, kept: Sequence[Message]) -> None:
        """Make messages part of the session, and show them if nobody has looked elsewhere meanwhile."""
        session = one.session
        leaf = session.leaf
        for message in kept:
            message.parent = one.turn.parent
            message.removed = utc_now() if one.is_discarded else None
            session.messages.append(message)
        if kept and (one.is_discarded or not one.turn.is_shown):
            session.show(leaf.id if leaf is not None else None)

    async def _save(self, one: _Running, kept: Sequence[Message]) -> None:
        session, saver = one.session, self._around.saver
        saved = await saver.save(session)
        if not saved and one.journal is not None:
            await one.journal.unsaved(kept)
        if session.shown is not None:
            await saver.save_header(session)
        self._around.listener.session_changed(session)


def _nothing_came(turn: Turn) -> Failure:
    if turn.request.parameters.prefix:
        words, advice = "The model added nothing", "Take it as it is, or make it anew."
    else:
        words = "The server sent an empty reply"
        advice = "Send it again, or change the model or its parameters."
    return Failure(FailureKind.SERVER, words, advice=advice, retryable=True)


def _cancel(task: asyncio.Task[None]) -> None:
    """Cancel a task once it has begun: one that is cancelled before runs none of its own cleaning up."""
    asyncio.get_running_loop().call_soon(task.cancel)
