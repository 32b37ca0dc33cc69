"""Hears what happens in conversations and has it shown: the screen's `tui.chat.listener.Listener`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.core.events import TextDelta, ThinkingDelta
from tui.core.words import TurnState
from tui.ui.entries import entry_of, entry_of_turn, foot_of_turn
from tui.ui.notices import last_words
from tui.ui.showing import Versions

if TYPE_CHECKING:
    from tui.core.events import ReplyEvent
    from tui.core.failure import Failure
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.stage import Stage
    from tui.ui.view import View
    from tui.ui.widgets.transcript.widget import Transcript


class Hearing:
    """Passes facts on to the transcript, to the list, and to the features' hooks."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._transcript = stage.widgets.transcript
        self._hooks = stage.hooks

    def turn_changed(self, turn: Turn) -> None:
        """A turn has gone on: adapt its entry, its chat's mark and the status line."""
        stage = self._stage
        view = stage.views.of(turn.session_id)
        if turn.state is TurnState.QUEUED:
            stage.clear_notices(turn.session_id)
            if stage.session is not None and self._is_on_screen(turn):
                self._begin(turn, stage.session)
        elif turn.state.is_over:
            view.told = ""
            self._end(turn, view)
        elif self._is_on_screen(turn):
            self._transcript.amend(turn.message_id, foot=foot_of_turn(turn, view.told))
        stage.settle_mark(turn.session_id)
        stage.tick()
        self._hooks.turn_changed.tell(turn)
        if turn.state.is_over:
            self._hooks.turn_ended.tell(turn)

    def turn_grew(self, turn: Turn, event: ReplyEvent) -> None:
        """A delta: only the transcripts that show it care, and only as far as it is in view."""
        beside = self._stage.beside.get(turn.message_id)
        if beside is not None:
            _grow(beside, turn, event)
        if self._is_on_screen(turn):
            _grow(self._transcript, turn, event)

    def turn_told(self, turn: Turn, words: str) -> None:
        """Something slow goes on before the request leaves."""
        self._stage.views.of(turn.session_id).told = words
        if self._is_on_screen(turn):
            self._transcript.amend(turn.message_id, foot=foot_of_turn(turn, words))

    def prompt_added(self, session: Session, message: Message) -> None:
        """The user has said something."""
        if session.id == self._stage.shown:
            self._stage.clear_notices(session.id)
            self._transcript.add(entry_of(message, self._version(session, message.id)))

    def session_changed(self, session: Session) -> None:
        """A session has a new message or title: it goes to the top of the list."""
        stage = self._stage
        stage.chats.touch(session.id, session.title, time.time())
        if session.id == stage.shown:
            stage.show_head(session)
        stage.list_chats()
        stage.tick()
        self._hooks.session_changed.tell(session)

    def save_failed(self, session: Session, failure: Failure) -> None:
        """Say so until it is saved."""
        self._stage.unsaved.add(session.id)
        self._stage.settle_mark(session.id)
        self._stage.warn(f"Not saved: {failure.sentence} It is kept in memory and tried again.")

    def save_recovered(self, session: Session) -> None:
        """Take the warning back."""
        self._stage.unsaved.discard(session.id)
        self._stage.settle_mark(session.id)
        if not self._stage.unsaved:
            self._stage.warn("")

    # -- the beginning and the end of a turn

    def _is_on_screen(self, turn: Turn) -> bool:
        """Whether its entry stands in the transcript: not if another branch of the chat is shown."""
        return turn.session_id == self._stage.shown and turn.is_shown

    def _begin(self, turn: Turn, session: Session) -> None:
        if _leaves_branch(session, turn):
            self._stage.show_again()
        else:
            self._transcript.add(entry_of_turn(turn, self._version(session, turn.message_id)))
        self._transcript.go_to_tail()

    def _end(self, turn: Turn, view: View) -> None:
        notices = last_words(turn, self._stage.keymap)
        view.notices.extend(notices)
        session = self._stage.session
        if not self._is_on_screen(turn) or session is None:
            return
        message = next((m for m in session.messages if m.id == turn.message_id), None)
        if message is None and not _leaves_branch(session, turn):
            self._transcript.discard(turn.message_id)
        elif message is None or not message.is_there or not self._transcript.has(message.id):
            self._stage.show_again()  # the chat may have been shown anew just before its end
            return
        else:
            entry = entry_of(message, self._version(session, message.id), self._stage.prices_of)
            body = entry.body if entry.body != turn.text else None
            self._transcript.amend(
                entry.id, head=entry.head, foot=entry.foot, body=body, tone=entry.tone, live=False
            )
        for words in notices:
            self._transcript.add(words)
        self._transcript.flush()

    def _version(self, session: Session, message_id: str) -> str:
        """Which of how many versions a message is, for its head."""
        return Versions(session.tree, self._stage.running(session.id)).place(message_id)


def _grow(transcript: Transcript, turn: Turn, event: ReplyEvent) -> None:
    if isinstance(event, TextDelta):
        transcript.append_text(turn.message_id, event.text)
    elif isinstance(event, ThinkingDelta):
        transcript.append_thinking(turn.message_id, event.text)


def _leaves_branch(session: Session, turn: Turn) -> bool:
    """Whether a turn makes another version of something that is there already."""
    return (session.leaf.id if session.leaf is not None else None) != turn.parent
