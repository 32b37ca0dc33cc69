"""Brings the screen in line with what changes behind it: branches, heads, waiting prompts, other windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.chat.watcher import Watcher
from tui.core.text import one_line
from tui.core.words import Place
from tui.ui.entries import elsewhere_entry
from tui.ui.showing import comes_behind

if TYPE_CHECKING:
    from tui.chat.taking import Taken
    from tui.core.elsewhere import ReplyElsewhere
    from tui.core.failure import Failure
    from tui.core.session import Session
    from tui.ui.stage import Stage

_FILED = {
    Place.OPEN: "",
    Place.ARCHIVE: "This chat was put into the archive. It can go on all the same.",
    Place.TRASH: "This chat was moved to the trash. What is said now brings it back.",
    None: "This chat was deleted for good. What is said now makes its file anew.",
}


class Watching(Watcher):
    """The screen's own watcher."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._transcript = stage.widgets.transcript
        self._seen: dict[str, tuple[int, int]] = {}
        """Of replies elsewhere: how many characters of thinking and text were told."""

    def branch_changed(self, session: Session) -> None:
        """Show the open chat anew, at the same place."""
        if session is self._stage.session:
            self._stage.show_again()
            self._stage.hooks.branch_changed.tell(session)

    def header_changed(self, session: Session) -> None:
        """Bring title, status line and list up to date."""
        stage = self._stage
        stage.chats.renew(session.id, title=session.title, pinned=session.pinned, tags=session.tags)
        stage.list_chats()
        if session is stage.session:
            stage.show_head(session)
            stage.tick()

    def waiting_changed(self, session_id: str) -> None:
        """Show what waits in the open chat."""
        self._stage.hooks.waiting_changed.tell(session_id)

    def line_changed(self) -> None:
        """Count anew how many wait for a place to stream."""
        self._stage.tick()
        self._stage.hooks.line_changed.tell(None)

    def asides_changed(self) -> None:
        """Tell in the status line what is asked for beside the chat."""
        self._stage.tick()
        self._stage.hooks.asides_changed.tell(None)

    def title_failed(self, failure: Failure) -> None:
        """Pass it on."""
        self._stage.hooks.title_failed.tell(failure)

    # -- other instances

    def grown_elsewhere(self, session: Session, taken: Taken) -> None:
        """Say so if both have changed the same."""
        if taken.problems and session is self._stage.session:
            self._stage.warn(one_line(str(taken.problems[0]), 300))

    def reply_elsewhere(self, reply: ReplyElsewhere) -> None:
        """Show a reply that another instance makes as it comes, in the chat that is open."""
        stage = self._stage
        stage.settle_mark(reply.session_id)
        stage.clear_notices(reply.session_id)
        stage.tick()
        thought, said = self._seen.pop(reply.message_id, (0, 0))
        if not reply.is_over:
            self._seen[reply.message_id] = len(reply.thinking), len(reply.text)
        session = stage.session
        if session is None or session.id != reply.session_id:
            return
        if reply.is_over:
            self._end(session, reply)
        else:
            self._grow(session, reply, thought, said)

    def filed_elsewhere(self, session: Session, place: Place | None) -> None:
        """Say so if it is the open chat."""
        if session is self._stage.session:
            self._stage.warn(_FILED[place])

    def _grow(self, session: Session, reply: ReplyElsewhere, thought: int, said: int) -> None:
        transcript = self._transcript
        if transcript.has(reply.message_id):
            transcript.append_thinking(reply.message_id, reply.thinking[thought:])
            transcript.append_text(reply.message_id, reply.text[said:])
        elif comes_behind(reply, session.branch()):
            transcript.add(elsewhere_entry(reply))
        elif comes_behind(reply, self._stage.shown_branch()):  # it is another version
            self._stage.show_again()

    def _end(self, session: Session, reply: ReplyElsewhere) -> None:
        if reply.was_cut:
            self._stage.greet(session)
        there = any(message.id == reply.message_id for message in session.messages)
        if there or self._transcript.has(reply.message_id):
            self._stage.show_again()
