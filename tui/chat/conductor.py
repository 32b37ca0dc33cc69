"""Runs conversations: sends prompts, asks for replies, saves what comes of them.

Several sessions may stream at once; beyond the limit turns wait in the order in which they came.
The conductor knows no widget, no file and no HTTP: it works on the ports of the core and tells a
`Listener` what happens.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.chat.asides import Asides
from tui.chat.changes import Changes, refuse_newer
from tui.chat.filling import Filling
from tui.chat.following import Following
from tui.chat.outbox import Outbox, Waiting
from tui.chat.saver import Saver
from tui.chat.shelf import KEPT, LOCAL_MAX_TOKENS, Shelf
from tui.chat.titling import Titling
from tui.chat.turns import Surroundings, Turns
from tui.chat.variant import Variant, before_reply, continuing
from tui.chat.watcher import Watchers
from tui.core.failure import Failure, FailureKind
from tui.core.forking import forked
from tui.core.message import Message, TextChunk, new_id, utc_now
from tui.core.session import title_from
from tui.core.text import scrub
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.chat.listener import Listener
    from tui.chat.recovery import Recovered
    from tui.core.message import AnyChunk, Content
    from tui.core.ports import (
        Backends,
        Clock,
        Drafts,
        Journal,
        ModelBook,
        SessionStore,
        Tokenizer,
        Watch,
    )
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.core.settings import Settings
    from tui.core.turn import Turn

__all__ = ["KEPT", "LOCAL_MAX_TOKENS", "Conductor", "Variant"]


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
        waiting: Drafts | None = None,
        watch: Watch | None = None,
        book: ModelBook | None = None,
        tokenizer: Tokenizer | None = None,
    ) -> None:
        """Without a journal, what has come of a reply is lost if the process is killed.

        `waiting` keeps the prompts that wait for the end of a reply. `watch` sees what other
        instances do; without it nothing of theirs is followed. `book` knows how much context models have,
        `tokenizer` counts what fills it.
        """
        self.settings = settings
        self.providers = providers
        self.watchers = Watchers()
        """Whoever wants to hear more than the listener joins here."""
        self._backends = backends
        self._listener = listener
        self._clock = clock
        self._saver = Saver(store, listener, self._saved)
        self.following = (
            None
            if watch is None
            else Following(
                watch, self._saver, self.watchers, lambda: self._shelf.sessions, self.recover
            )
        )
        """What other instances do in the sessions that are in memory."""
        around = Surroundings(
            backends,
            providers,
            self._saver,
            journal,
            listener,
            self.watchers,
            clock,
            self.following,
        )
        self.turns = Turns(settings.parallel, around)
        """What runs, and the line of those that wait."""
        self.changes = Changes(self._saver, self.turns, listener, self.watchers)
        """Edits of messages, branches and heads, with undo."""
        self._shelf = Shelf(store, self._saver, self.turns, journal)
        self.outbox = Outbox(
            self._send_waiting, self.opened, self.turns, self.watchers, drafts=waiting
        )
        """Prompts that wait for the end of a reply."""
        self.asides = Asides(backends, providers, settings, self.changes, self.watchers, clock)
        """Requests beside the conversations."""
        self.context = Filling(settings, providers, self.changes, self.asides, book, tokenizer)
        """How full each context is, and the ways out."""
        self._titling = Titling(
            settings, self.asides, self.changes, self.opened, self.watchers.title_failed
        )
        self.watchers.join(self._titling)

    async def _saved(self, session: Session) -> None:
        await self.turns.saved(session)

    # -- sessions

    def new_session(
        self, provider: str, model: str | None = None, session_id: str | None = None
    ) -> Session:
        """A new conversation. It has no file before its first message."""
        parameters = self.settings.parameters.model_copy(deep=True)
        if model is not None:
            parameters.model = model
        return self._shelf.new(provider, parameters, session_id)

    def opened(self, session_id: str) -> Session | None:
        """A conversation, if it is in memory."""
        return self._shelf.get(session_id)

    async def open(self, session_id: str) -> Session:
        """A conversation, read from its file if it is not open yet. Raises `Failure`.

        If another process was killed while it made a reply in here, that is kept and read too.
        """
        self._follow()
        session = await self._shelf.open(session_id)
        self.outbox.settle(session)
        return session

    async def recover(self, session_id: str | None = None) -> list[Recovered]:
        """Keep the replies that were in the making when a bise was killed, and tell of them.

        In one session, or in all.
        """
        self._follow()
        return await self._shelf.recover(session_id)

    def _follow(self) -> None:
        if self.following is not None:
            self.following.start()

    def fork(self, session: Session, message_id: str) -> Session:
        """A new session that begins with the branch up to a message, open at once. Raises `Failure`."""
        try:
            fork = forked(session, message_id)
        except KeyError:
            raise Failure(
                FailureKind.CONFIG, "There is no such message to go on from in a new chat"
            ) from None
        self._saver.save_soon(self._shelf.put(fork))
        self._listener.session_changed(fork)
        return fork

    async def continue_anew(self, session: Session) -> Session:
        """A new session that goes on from a summary of this one, saved and open. Raises `Failure`."""
        anew = await self.context.continue_anew(session, self._shelf.put)
        await self._saver.save(anew)
        self._listener.session_changed(anew)
        return anew

    async def put_away(self, session_id: str) -> None:
        """Stop what runs in a session, save it and let go of it, so that its file can be moved."""
        self.turns.stop(session_id)
        await self.turns.settled(session_id)
        await self.changes.settled()
        session = self._shelf.get(session_id)
        if session is not None and self._saver.is_saved(session):
            self._shelf.drop(session_id)

    def provider_of(self, session: Session) -> Provider | None:
        """The provider of a session, or None if no such provider is configured (any more)."""
        return self.providers.get(session.provider or "")

    async def written(self) -> None:
        """Wait until all that was said and changed so far is on disk, as far as it can be."""
        await self.changes.settled()
        await self._saver.drain()

    # -- what runs

    def turn(self, session_id: str) -> Turn | None:
        """The turn that runs in a session, or the last one that ended there since the start."""
        return next(iter(self.turns.of(session_id)), None)

    def is_busy(self, session_id: str) -> bool:
        """Whether a reply is in the making in that session."""
        return self.turns.is_busy(session_id)

    @property
    def busy(self) -> list[str]:
        """The sessions in which a reply is in the making."""
        return self.turns.busy

    # -- asking

    def send(self, session: Session, text: str, chunks: Sequence[AnyChunk] = ()) -> Turn:
        """Add the user's message and ask for a reply. Only one reply at a time is made in a session.

        `chunks` are images and documents that go with the text.
        """
        return self._send_waiting(session, Waiting(_content(text, chunks), new_id()))

    def send_or_wait(
        self, session: Session, text: str, chunks: Sequence[AnyChunk] = ()
    ) -> Turn | Waiting:
        """Send, or let it wait if a reply is still coming in there."""
        if self.turns.is_busy(session.id):
            return self.outbox.add(session.id, text, chunks)
        return self.send(session, text, chunks)

    def _send_waiting(self, session: Session, waiting: Waiting) -> Turn:
        self._refuse(session)
        self._say(session, waiting)
        return self.answer(session)

    def _say(self, session: Session, said: Waiting) -> None:
        message = Message(id=said.id, role=Role.USER, created=utc_now(), content=said.content)
        session.add(message)
        if not session.title:
            session.title = title_from(message.text)
        self._listener.prompt_added(session, message)
        self._listener.session_changed(session)

    def answer(self, session: Session) -> Turn:
        """Ask for a reply to the session as it stands: after `send`, or to try again."""
        turn = self._ask(session, session.branch(), [Variant(session.parameters)])
        if session.parameters.prefix_once:
            used = {"prefix": None, "prefix_once": None}
            self.changes.set_parameters(session, session.parameters.model_copy(update=used))
        return turn

    def again(self, session: Session, message: Message, variant: Variant | None = None) -> Turn:
        """Ask for another version of a reply, or for a reply to a prompt; what is there stays.

        With a `variant`, by other parameters or another server than the session's.
        """
        variants = [variant or Variant(session.parameters)]
        return self._ask(session, before_reply(session, message), variants)

    def carry_on(self, session: Session, message: Message) -> Turn:
        """Ask for the rest of a reply that was cut off: a new version, which begins with what is there.

        Raises `Failure` if the message is no reply, or has no text to go on from.
        """
        branch = session.path_to(message.parent)
        return self._ask(session, branch, [continuing(session, message)])

    def ask_otherwise(self, session: Session, message: Message, text: str) -> Turn | None:
        """Put a message of the user otherwise: a branch beside it, and a reply is asked for.

        Any other message begins a branch without a reply, and None is given.
        """
        self._refuse(session)
        self.changes.branch(session, message.id, text)
        return self.answer(session) if message.role is Role.USER else None

    def compare(
        self,
        session: Session,
        variants: Sequence[Variant],
        text: str | None = None,
        chunks: Sequence[AnyChunk] = (),
    ) -> list[Turn]:
        """Ask the same in several ways at once; the replies are versions of each other.

        With a `text`, that is said first. The reply by the first variant is the one that is shown.
        """
        self._refuse(session)
        if text is not None:
            self._say(session, Waiting(_content(text, chunks), new_id()))
        self._ask(session, session.branch(), variants)
        return self.turns.of(session.id)

    def compare_again(
        self, session: Session, message: Message, variants: Sequence[Variant]
    ) -> list[Turn]:
        """Ask for several other versions of a reply at once."""
        self._ask(session, before_reply(session, message), variants)
        return self.turns.of(session.id)

    def _ask(self, session: Session, branch: list[Message], variants: Sequence[Variant]) -> Turn:
        self._refuse(session)
        turns = [
            variant.turn(session, branch, self.settings, self.providers, self._clock())
            for variant in variants
        ]
        self.turns.begin(session, turns)
        return turns[0]

    def _refuse(self, session: Session) -> None:
        """Raise `Failure` if nothing can be asked in that session now."""
        refuse_newer(session)
        if self.following is not None:
            self.following.refuse(session.id)
        if self.turns.is_busy(session.id):
            raise Failure(
                FailureKind.CONFIG,
                "A reply is still coming in here",
                advice="Stop it with Esc, or wait for its end.",
            )

    # -- stopping

    def stop(self, session_id: str) -> bool:
        """Stop the replies that are in the making; what is there is kept. False if there are none."""
        return self.turns.stop(session_id)

    def hurry(self, session_id: str) -> bool:
        """Send a request that failed again now instead of waiting; False if nothing waits for that."""
        return self.turns.hurry(session_id)

    def interrupt(self) -> None:
        """Break off all turns as interrupted: the program is about to end."""
        self.turns.interrupt()

    async def settled(self) -> None:
        """Wait until no reply is in the making and all are saved."""
        await self.turns.settled()
        await self.changes.settled()
        await self.outbox.flush()
        await self._saver.drain()

    async def keep(self) -> None:
        """Break off all turns as interrupted, and save what is there."""
        self.interrupt()
        if self.following is not None:
            await self.following.close()
        await self._titling.close()
        await self.settled()
        await self.changes.close()
        await self._saver.close()

    async def save_again(self) -> list[Session]:
        """Try once more to save what could not be saved; gives the sessions of which something still can't."""
        await self._saver.try_again()
        return self.unsaved

    @property
    def unsaved(self) -> list[Session]:
        """The sessions of which something could not be saved."""
        return self._saver.failed

    async def close(self) -> None:
        """Break off all turns as interrupted, save what is there, and end what was started."""
        try:
            await self.keep()
        finally:
            await self._backends.aclose()


def _content(text: str, chunks: Sequence[AnyChunk]) -> Content:
    text = scrub(text)
    return [TextChunk(text=text), *chunks] if chunks else text
