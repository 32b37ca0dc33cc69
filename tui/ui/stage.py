"""What is on the screen of all the chats: shows one, remembers how the others were left.

It hears what happens in conversations (`tui.chat.listener.Listener`) and tells the widgets, as
plain data. It does no I/O.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from tui.core.events import TextDelta, ThinkingDelta
from tui.core.text import one_line
from tui.core.words import Ended, Role, TurnState
from tui.ui.chats import ChatList, Mark
from tui.ui.entries import (
    entries_of,
    entry_of,
    entry_of_turn,
    failure_entry,
    foot_of_turn,
    notice,
)
from tui.ui.keys import KEYS, shown
from tui.ui.status import status_of
from tui.ui.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widgets import Static

    from tui.chat.conductor import Conductor
    from tui.chat.drafting import Drafting
    from tui.core.events import ReplyEvent
    from tui.core.failure import Failure
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.desk import Desk
    from tui.ui.widgets.composer import Composer
    from tui.ui.widgets.sidebar import Sidebar
    from tui.ui.widgets.status import StatusLine
    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.widget import Transcript


@dataclass(frozen=True)
class Widgets:
    """The widgets that show a chat."""

    sidebar: Sidebar
    title: Static
    label: Static
    transcript: Transcript
    banner: Static
    composer: Composer
    status: StatusLine


class Stage:
    """The open chat, and how the others were left."""

    def __init__(self, widgets: Widgets, keymap: Mapping[str, str]) -> None:
        self.chats = ChatList()
        self.session: Session | None = None
        """The open conversation; None before the first, and when its file can't be read."""
        self.shown = ""
        """The id of the chat on the screen."""
        self.before = ""
        """The id of the chat that was there before it."""
        self.more_below = False
        """Whether more has come below what the reader looks at."""
        self.listed_all = False
        """Whether the list holds every session on disk."""
        self._widgets = widgets
        self._keymap = keymap
        self._conductor: Conductor | None = None
        self._drafting: Drafting | None = None
        self._views: dict[str, View] = {}
        self._unsaved: set[str] = set()

    def begin(self, desk: Desk) -> None:
        """The services are loaded."""
        self._conductor = desk.conductor
        self._drafting = desk.drafting
        for draft in desk.drafts:
            self._view(draft.chat_id).draft = draft.text

    # -- showing a chat

    def show(self, session: Session) -> None:
        """Put a conversation on the screen as it was left."""
        typed = "" if self.shown else self._widgets.composer.text  # before anything was open
        if self.shown == session.id:
            self._note(session.id)
        self._leave(session.id)
        self.session = session
        view = self._view(session.id)
        turn = self._turn(session.id)
        self._greet(session, view, turn)
        entries = entries_of(_branch(session, turn), turn, view.notices)
        if turn is not None and not turn.state.is_over and view.told:
            entries[-1 - len(view.notices)].foot = foot_of_turn(turn, view.told)
        self._widgets.transcript.show(entries, view.place)
        if _was_sent(view.draft, session):
            view.draft = ""
            self._stir(session.id)
        self._widgets.composer.take("\n".join(filter(None, (view.draft, typed))))
        self._settle_mark(session.id)
        self._show_head(session)
        self.list_chats()
        self.tick()

    def show_broken(self, chat_id: str, failure: Failure) -> None:
        """Say why a chat can't be shown."""
        self._leave(chat_id)
        self.session = None
        self._widgets.transcript.show([notice("broken", failure.sentence, "error")])
        self._widgets.composer.take(self._view(chat_id).draft)
        chat = self.chats.get(chat_id)
        self._widgets.title.update(
            Content(one_line(chat.title if chat else chat_id, 200)), layout=False
        )
        self.list_chats()

    def _leave(self, next_id: str) -> None:
        left, self.shown = self.shown, next_id
        if left and left != next_id:
            self._note(left)
            self.before = left
            self._settle_mark(left)
            self._stir(left)

    def _note(self, chat_id: str) -> None:
        """Note how the chat on the screen stands, for when it is shown again."""
        view = self._view(chat_id)
        view.place = self._widgets.transcript.place()
        view.draft = self._widgets.composer.text

    # -- drafts

    def typed(self) -> None:
        """What is in the composer has changed."""
        self._stir(self.shown)

    def _stir(self, chat_id: str) -> None:
        if self._drafting is not None and chat_id:
            self._drafting.stir(chat_id, partial(self._draft, chat_id))

    def _draft(self, chat_id: str) -> str:
        return self._widgets.composer.text if chat_id == self.shown else self._view(chat_id).draft

    def mark_drafts(self) -> None:
        """Mark the listed chats in which something is waiting to be sent."""
        for chat_id, view in self._views.items():
            if view.draft:
                self._settle_mark(chat_id)

    # -- what is said when a chat is shown

    def _greet(self, session: Session, view: View, turn: Turn | None) -> None:
        """Notices that a chat shows when it is opened for the first time since the start."""
        if view.notices or (turn is not None and not turn.state.is_over):
            return
        for number, problem in enumerate(session.problems):
            view.notices.append(notice(f"problem-{number}", str(problem), "warning"))
        if session.unanswered is not None:
            words = "This prompt has no reply yet. Enter on an empty prompt sends it."
            view.notices.append(notice("unanswered", words))
        elif session.leaf is not None and session.leaf.ended in {Ended.INTERRUPTED, Ended.ERROR}:
            view.notices.append(notice("cut", f"This reply was cut off. {self._way_on}"))

    @property
    def _way_on(self) -> str:
        """How a reply that was cut off is taken up again, in a sentence."""
        keys = {key.id: shown(self._keymap.get(key.id, key.keys)) for key in KEYS}
        to, on, anew = (keys[i] for i in ("chat.focus", "transcript.continue", "transcript.again"))
        return f"{to} goes to it, then {on} has it continued, {anew} has it made anew."

    def chosen(self, *roles: Role) -> Message | None:
        """The chosen message if it is of such a role, else the last of such a role in the open chat."""
        branch = self.session.branch() if self.session is not None else []
        chosen = self._widgets.transcript.place().selected
        fitting = [message for message in branch if message.role in roles]
        return next((m for m in fitting if m.id == chosen), fitting[-1] if fitting else None)

    def _show_head(self, session: Session) -> None:
        title = one_line(session.title, 200) or "New chat"
        self._widgets.title.update(Content(title), layout=False)
        provider = self._conductor.provider_of(session) if self._conductor else None
        label = self._widgets.label
        label.display = provider is not None and provider.is_local

    def list_chats(self) -> None:
        """Bring the list on the left up to date."""
        self._widgets.sidebar.show(self.chats.chats, self.shown, complete=self.listed_all)

    def warn(self, words: str) -> None:
        """Show a sentence above the composer until it is taken back with an empty one."""
        self._widgets.banner.update(Content(words))
        self._widgets.banner.display = bool(words)

    def tick(self) -> None:
        """Bring the status line, and the countdown to another try, up to date."""
        if self.session is None or self._conductor is None:
            return
        session = self.session
        provider = self._conductor.provider_of(session)
        model = session.parameters.model or (provider.model if provider else None)
        elsewhere = sum(1 for busy in self._conductor.busy if busy != session.id)
        turn = self._turn(session.id)
        now = time.monotonic()
        if turn is not None and turn.retrying is not None and not turn.state.is_over:
            self._widgets.transcript.amend(turn.message_id, foot=foot_of_turn(turn, now=now))
        status = status_of(session, model, turn, now, elsewhere)
        self._widgets.status.tell(replace(status, below=self.more_below))

    # -- what happens in conversations (Listener)

    def turn_changed(self, turn: Turn) -> None:
        """A turn has gone on: adapt its entry, its chat's mark and the status line."""
        view = self._view(turn.session_id)
        if turn.state is TurnState.QUEUED:
            self._clear_notices(turn.session_id)
            if self.session is not None and turn.session_id == self.shown:
                if _leaves_branch(self.session, turn):
                    self._widgets.transcript.show(entries_of(turn.request.messages, turn, ()))
                else:
                    self._widgets.transcript.add(entry_of_turn(turn))
                self._widgets.transcript.go_to_tail()
        elif turn.state.is_over:
            view.told = ""
            self._end(turn, view)
        elif turn.session_id == self.shown:
            self._widgets.transcript.amend(turn.message_id, foot=foot_of_turn(turn, view.told))
        self._settle_mark(turn.session_id)
        self.tick()

    def turn_grew(self, turn: Turn, event: ReplyEvent) -> None:
        """A delta: only the transcript that shows it cares, and only as far as it is in view."""
        if turn.session_id != self.shown:
            return
        if isinstance(event, TextDelta):
            self._widgets.transcript.append_text(turn.message_id, event.text)
        elif isinstance(event, ThinkingDelta):
            self._widgets.transcript.append_thinking(turn.message_id, event.text)

    def turn_told(self, turn: Turn, words: str) -> None:
        """Something slow goes on before the request leaves."""
        self._view(turn.session_id).told = words
        if turn.session_id == self.shown:
            self._widgets.transcript.amend(turn.message_id, foot=foot_of_turn(turn, words))

    def prompt_added(self, session: Session, message: Message) -> None:
        """The user has said something."""
        if session.id == self.shown:
            self._clear_notices(session.id)
            self._widgets.transcript.add(entry_of(message))

    def session_changed(self, session: Session) -> None:
        """A session has a new message or title: it goes to the top of the list."""
        self.chats.touch(session.id, session.title, time.time())
        if session.id == self.shown:
            self._show_head(session)
        self.list_chats()
        self.tick()

    def save_failed(self, session: Session, failure: Failure) -> None:
        """Say so until it is saved."""
        self._unsaved.add(session.id)
        self.warn(f"Not saved: {failure.sentence} It is kept in memory and tried again.")

    def save_recovered(self, session: Session) -> None:
        """Take the warning back."""
        self._unsaved.discard(session.id)
        if not self._unsaved:
            self.warn("")

    # -- the end of a turn

    def _end(self, turn: Turn, view: View) -> None:
        notices = self._last_words(turn)
        view.notices.extend(notices)
        if turn.session_id != self.shown or self.session is None:
            return
        transcript = self._widgets.transcript
        message = next((m for m in self.session.messages if m.id == turn.message_id), None)
        if message is None and _leaves_branch(self.session, turn):
            transcript.show(entries_of(self.session.branch(), None, ()))
        elif message is None:
            transcript.discard(turn.message_id)
        else:
            entry = entry_of(message)
            body = entry.body if entry.body != turn.text else None
            transcript.amend(
                entry.id, head=entry.head, foot=entry.foot, body=body, tone=entry.tone, live=False
            )
        for words in notices:
            transcript.add(words)
        transcript.flush()

    def _last_words(self, turn: Turn) -> list[Entry]:
        if turn.failure is not None:
            way_on = self._way_on if _has_some(turn) else "Enter on an empty prompt sends it again."
            return [failure_entry(turn.message_id, turn.failure, way_on)]
        if turn.request.parameters.prefix and turn.reply is not None and not turn.reply.prefix:
            words = "This server can't be given the beginning of a reply: it was made anew."
            return [notice(f"no-prefix-{turn.message_id}", words)]
        if turn.state is TurnState.STOPPED and not _has_some(turn):
            words = "Stopped before anything came. Enter on an empty prompt sends it again."
            return [notice(f"stopped-{turn.message_id}", words)]
        return []

    def _clear_notices(self, session_id: str) -> None:
        view = self._view(session_id)
        if session_id == self.shown:
            for entry in view.notices:
                self._widgets.transcript.discard(entry.id)
        view.notices.clear()

    def _settle_mark(self, chat_id: str) -> None:
        chat = self.chats.get(chat_id)
        if chat is None or chat.mark is Mark.BROKEN:
            return
        before, chat.mark = chat.mark, self._mark(chat_id, chat.mark)
        if chat.mark is not before:
            self._widgets.sidebar.renew(chat_id)

    def _mark(self, chat_id: str, before: Mark) -> Mark:
        turn = self._turn(chat_id)
        if turn is not None and not turn.state.is_over:
            return Mark.WAITING if turn.state is TurnState.QUEUED else Mark.STREAMING
        if turn is not None and turn.failure is not None:
            return Mark.FAILED
        if chat_id == self.shown:
            return Mark.NONE
        if before in {Mark.STREAMING, Mark.WAITING, Mark.UNREAD}:
            return Mark.UNREAD
        return Mark.DRAFT if self._view(chat_id).draft.strip() else Mark.NONE

    def _turn(self, session_id: str) -> Turn | None:
        return self._conductor.turn(session_id) if self._conductor is not None else None

    def _view(self, chat_id: str) -> View:
        return self._views.setdefault(chat_id, View())


def _branch(session: Session, turn: Turn | None) -> list[Message]:
    """The messages to show: those that a reply in the making answers, else the newest branch."""
    if turn is not None and not turn.state.is_over:
        return turn.request.messages
    return session.branch()


def _leaves_branch(session: Session, turn: Turn) -> bool:
    """Whether a turn makes another version of something that is there already."""
    asked = turn.request.messages
    return session.leaf is not (asked[-1] if asked else None)


def _has_some(turn: Turn) -> bool:
    """Whether anything of the reply has come, beside the beginning that was given."""
    given = turn.request.parameters.prefix or ""
    return bool(turn.thinking or (turn.text.rstrip() != given.rstrip() and turn.text))


def _was_sent(draft: str, session: Session) -> bool:
    """Whether a draft is what was said last: the program ended before it was cleared."""
    said = [message.text for message in session.branch()[-2:] if message.role is Role.USER]
    return bool(draft) and draft in said
