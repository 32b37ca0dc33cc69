"""Runs conversations: sends prompts, folds replies into turns, saves what came of them.

Several sessions may stream at once; beyond the limit turns wait in the order in which they came.
The conductor knows no widget, no file and no HTTP: it works on the ports of the core and tells a
`Listener` what happens.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from tui.chat.journaling import Journaling
from tui.chat.outcome import messages_of
from tui.chat.recovery import recover
from tui.chat.saver import Saver
from tui.core.completion import CompletionRequest
from tui.core.events import Retrying, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message, new_id, utc_now
from tui.core.provider import LOCAL
from tui.core.session import Session, title_from
from tui.core.text import scrub
from tui.core.turn import Turn
from tui.core.words import Ended, Role, TurnState

if TYPE_CHECKING:
    from tui.chat.listener import Listener
    from tui.chat.recovery import Recovered
    from tui.core.events import ReplyEvent
    from tui.core.parameters import Parameters
    from tui.core.ports import Backends, Clock, Journal, SessionStore
    from tui.core.provider import Provider
    from tui.core.settings import Settings

KEPT = 12
"""So many sessions are kept in memory at least."""

log = logging.getLogger("bise")

LOCAL_MAX_TOKENS = 1024
"""New chats with the embedded model ask for at most so many tokens: it may well never end by itself."""


class Conductor:
    """All open conversations and the turns that run in them."""

    def __init__(
        self,
        store: SessionStore,
        backends: Backends,
        settings: Settings,
        providers: dict[str, Provider],
        listener: Listener,
        clock: Clock = time.monotonic,
        journal: Journal | None = None,
    ) -> None:
        """Without a journal, what has come of a reply is lost if the process is killed."""
        self.settings = settings
        self.providers = providers
        self._store = store
        self._backends = backends
        self._listener = listener
        self._clock = clock
        self._saver = Saver(store, listener, self._saved)
        self._journal = journal
        self._journals: dict[str, Journaling] = {}
        """By session: of the turn that runs."""
        self._unsaved: dict[str, list[Journaling]] = {}
        """By session: of replies that are not on disk yet."""
        self._sessions: dict[str, Session] = {}
        self._turns: dict[str, Turn] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._alive: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(settings.parallel)
        self._stop_as = Ended.STOPPED

    # -- sessions

    def new_session(
        self, provider: str, model: str | None = None, session_id: str | None = None
    ) -> Session:
        """A new conversation. It has no file before its first message."""
        session = Session(
            provider=provider, parameters=self.settings.parameters.model_copy(deep=True)
        )
        if session_id is not None:
            session.id = session_id
        if model is not None:
            session.parameters.model = model
        if provider == LOCAL and session.parameters.max_tokens is None:
            session.parameters.max_tokens = LOCAL_MAX_TOKENS
        self._sessions[session.id] = session
        return session

    def opened(self, session_id: str) -> Session | None:
        """A conversation, if it is in memory."""
        return self._sessions.get(session_id)

    async def open(self, session_id: str) -> Session:
        """A conversation, read from its file if it is not open yet. Raises `Failure`.

        If another process was killed while it made a reply in here, that is kept and read too.
        """
        cut = await self.recover(session_id) if self._is_at_rest(session_id) else []
        if cut and self._is_at_rest(session_id):
            del self._sessions[session_id]
        if session_id not in self._sessions:
            session = await asyncio.to_thread(self._load, session_id)
            self._saver.loaded(session)
            self._sessions.setdefault(session_id, session)
        session = self._sessions.pop(session_id)
        self._sessions[session_id] = session  # the most recent is the last
        self._let_go()
        return session

    def _is_at_rest(self, session_id: str) -> bool:
        """Whether a session is open, and the same here and on disk as far as we know."""
        session = self._sessions.get(session_id)
        return (
            session is not None and session_id not in self._tasks and self._saver.is_saved(session)
        )

    def _load(self, session_id: str) -> Session:
        if self._journal is not None:
            recover(self._store, self._journal, session_id)
        return self._store.load(session_id)

    async def recover(self, session_id: str | None = None) -> list[Recovered]:
        """Keep the replies that were in the making when a bise was killed, and tell of them.

        In one session, or in all.
        """
        if self._journal is None:
            return []
        return await asyncio.to_thread(recover, self._store, self._journal, session_id)

    def _let_go(self) -> None:
        """Forget the sessions that were not looked at for longest; they are read again when they are."""
        idle = [session_id for session_id in self._sessions if self._is_at_rest(session_id)]
        for session_id in idle[: max(0, len(self._sessions) - KEPT)]:
            del self._sessions[session_id]
            self._turns.pop(session_id, None)

    def turn(self, session_id: str) -> Turn | None:
        """The turn that runs in a session, or the last one that ended there since the start."""
        return self._turns.get(session_id)

    def is_busy(self, session_id: str) -> bool:
        """Whether a reply is in the making in that session."""
        return session_id in self._tasks

    @property
    def busy(self) -> list[str]:
        """The sessions in which a reply is in the making."""
        return list(self._tasks)

    def provider_of(self, session: Session) -> Provider | None:
        """The provider of a session, or None if no such provider is configured (any more)."""
        return self.providers.get(session.provider or "")

    # -- turns

    def send(self, session: Session, text: str) -> Turn:
        """Add the user's message and ask for a reply. Only one reply at a time is made in a session."""
        self._refuse(session)
        message = session.add(Message(role=Role.USER, created=utc_now(), content=scrub(text)))
        if not session.title:
            session.title = title_from(text)
        self._listener.prompt_added(session, message)
        self._listener.session_changed(session)
        return self.answer(session)

    def answer(self, session: Session) -> Turn:
        """Ask for a reply to the session as it stands: after `send`, or to try again."""
        return self._ask(session, session.branch(), self._parameters(session))

    def again(self, session: Session, message: Message) -> Turn:
        """Ask for another version of a reply, or for a reply to a prompt; what is there stays."""
        at = message.parent if message.role is Role.ASSISTANT else message.id
        return self._ask(session, session.path_to(at), self._parameters(session))

    def carry_on(self, session: Session, message: Message) -> Turn:
        """Ask for the rest of a reply that was cut off: a new version, which begins with what is there.

        Raises `Failure` if the message is no reply, or has no text to go on from.
        """
        if message.role is not Role.ASSISTANT or not message.text.strip() or message.tool_calls:
            raise Failure(
                FailureKind.CONFIG,
                "There is nothing here to go on from",
                advice="Only a reply that has some text can be continued.",
            )
        parameters = self._parameters(session)
        parameters.prefix, parameters.n = message.text, None
        return self._ask(session, session.path_to(message.parent), parameters)

    def _ask(self, session: Session, messages: list[Message], parameters: Parameters) -> Turn:
        self._refuse(session)
        request = CompletionRequest(
            messages, parameters, self.settings.retries, self.settings.longest_wait_s
        )
        turn = Turn(session.id, new_id(), request, self._clock())
        self._turns[session.id] = turn
        task = asyncio.create_task(self._run(session, turn), name=f"turn {session.id}")
        self._tasks[session.id] = task
        self._alive.add(task)  # until its reply is saved, which is later than it leaves `_tasks`
        task.add_done_callback(self._alive.discard)
        self._listener.turn_changed(turn)
        return turn

    def _refuse(self, session: Session) -> None:
        """Raise `Failure` if nothing can be asked in that session now."""
        if session.is_newer:
            raise Failure(
                FailureKind.CONFIG,
                "A newer version of bise wrote this chat, so this one does not add to it",
                advice="Update bise, or begin a new chat.",
            )
        if session.id in self._tasks:
            raise Failure(
                FailureKind.CONFIG,
                "A reply is still coming in here",
                advice="Stop it with Esc, or wait for its end.",
            )

    def _parameters(self, session: Session) -> Parameters:
        provider = self.provider_of(session)
        model = session.parameters.model or (provider.model if provider else None)
        return session.parameters.model_copy(deep=True, update={"model": model})

    def stop(self, session_id: str) -> bool:
        """Stop the reply that is in the making; what is there is kept. False if there is none."""
        task = self._tasks.get(session_id)
        if task is None:
            return False
        _cancel(task)
        return True

    def hurry(self, session_id: str) -> bool:
        """Send a request that failed again now instead of waiting; False if nothing waits for that."""
        turn = self._turns.get(session_id)
        if turn is None or turn.state.is_over or turn.retrying is None:
            return False
        turn.retrying.skip()
        return True

    def interrupt(self) -> None:
        """Break off all turns as interrupted: the program is about to end."""
        self._stop_as = Ended.INTERRUPTED
        for task in self._tasks.values():
            _cancel(task)

    async def settled(self) -> None:
        """Wait until no reply is in the making and all are saved."""
        await asyncio.gather(*self._alive, return_exceptions=True)
        await self._saver.drain()

    async def keep(self) -> None:
        """Break off all turns as interrupted, and save what is there."""
        self.interrupt()
        await self.settled()
        await self._saver.close()

    async def close(self) -> None:
        """Break off all turns as interrupted, save what is there, and end what was started."""
        try:
            await self.keep()
        finally:
            await self._backends.aclose()

    async def _run(self, session: Session, turn: Turn) -> None:
        try:
            await self._saver.save(session)
            async with self._slots:
                await self._stream(session, turn)
        except asyncio.CancelledError:
            turn.stop(self._clock(), self._stop_as)
        except Failure as failure:
            turn.fail(failure, self._clock())
        except Exception as error:  # a mistake of ours; what has come is kept all the same
            log.exception("a turn broke")
            words = f"bise made a mistake ({type(error).__name__})"
            if not turn.state.is_over:
                turn.fail(
                    Failure(FailureKind.OURS, words, advice="The log has more."), self._clock()
                )
        finally:
            await self._settle(session, turn)

    async def _stream(self, session: Session, turn: Turn) -> None:
        turn.connect(self._clock())
        if self._journal is not None:
            unsaved = self._saver.unsaved(session)
            self._journals[session.id] = Journaling(self._journal, session, turn, unsaved)
        self._listener.turn_changed(turn)
        backend = await self._backends.backend(
            self._provider(session), lambda words: self._listener.turn_told(turn, words)
        )
        events = backend.stream(turn.request)
        try:
            async for event in events:
                self._receive(turn, event)
        finally:
            await events.aclose()
        if turn.state is not TurnState.DONE:
            raise Failure(FailureKind.TRUNCATED, "The reply ended without an end", retryable=True)

    def _provider(self, session: Session) -> Provider:
        provider = self.provider_of(session)
        if provider is None:
            raise Failure(
                FailureKind.CONFIG,
                f"No server named {session.provider!r} is configured",
                advice="Add it to the settings under [providers], or start a new chat.",
            )
        return provider

    def _receive(self, turn: Turn, event: ReplyEvent) -> None:
        before = turn.state
        now = self._clock()
        turn.receive(event, now)
        journal = self._journals.get(turn.session_id)
        if journal is not None:
            journal.take(event, now)
        if turn.state is not before and not turn.state.is_over:
            self._listener.turn_changed(turn)
        if isinstance(event, TextDelta | ThinkingDelta):
            self._listener.turn_grew(turn, event)
        elif isinstance(event, Retrying):
            self._listener.turn_changed(turn)

    async def _settle(self, session: Session, turn: Turn) -> None:
        """Keep what came of a turn: in memory at once, then on disk."""
        asked = turn.request.messages
        parent = asked[-1].id if asked else None
        kept = messages_of(turn, session.provider)
        for message in kept:
            message.parent = parent
            session.messages.append(message)
        if turn.state is TurnState.DONE and not kept:
            turn.failure = _nothing_came(turn)
        self._tasks.pop(session.id, None)
        journal = self._journals.pop(session.id, None)
        if journal is not None and kept:
            self._unsaved.setdefault(session.id, []).append(journal)
        try:
            self._listener.turn_changed(turn)
        finally:
            if kept:
                saved = await self._saver.save(session)
                if not saved and journal is not None:
                    await journal.unsaved(kept)
                self._listener.session_changed(session)
            elif journal is not None:
                await journal.saved()

    async def _saved(self, session: Session) -> None:
        """All of a session is on disk: the journals of its replies go."""
        for journal in self._unsaved.pop(session.id, []):
            await journal.saved()


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
