"""What parts of a face may want to hear of conversations, beside what every face must (`listener`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.chat.taking import Taken
    from tui.core.elsewhere import ReplyElsewhere
    from tui.core.failure import Failure
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.core.words import Place


class Watcher:
    """Hears on the event loop what happens; each method does nothing until it is overridden."""

    def branch_changed(self, session: Session) -> None:
        """Another branch is shown, or messages were edited, put in, removed, restored or excluded."""

    def header_changed(self, session: Session) -> None:
        """The title, provider, parameters or the like have changed."""

    def waiting_changed(self, session_id: str) -> None:
        """The prompts that wait in a session for the end of a reply are others, or in another order."""

    def turn_ended(self, turn: Turn) -> None:
        """A turn is over, and what came of it is part of the session."""

    def line_changed(self) -> None:
        """The turns that wait for one of the places to stream are others, or in another order."""

    def grown_elsewhere(self, session: Session, taken: Taken) -> None:
        """Another instance or program has changed the session's file; the session holds it already.

        What both changed at once stands in `taken.problems`, a sentence each, to be shown.
        `header_changed` and `branch_changed` are told next, as far as they fit.
        """

    def reply_elsewhere(self, reply: ReplyElsewhere) -> None:
        """A reply that another instance makes has begun, has grown, or is over."""

    def filed_elsewhere(self, session: Session, place: Place | None) -> None:
        """The file of a session in memory was moved, by this program or another.

        It lies in the archive, in the trash or among the open ones now; None if it is gone for good.
        What is said in it further is saved all the same: in the archive where it lies, from the trash
        it comes back, and one that is gone is written anew.
        """

    def folder_changed(self) -> None:
        """Sessions were made, moved or removed, perhaps by another instance: the list may be old."""

    def asides_changed(self) -> None:
        """A request beside a conversation, such as for a title, has begun or is over."""

    def title_failed(self, failure: Failure) -> None:
        """No title could be had from a model."""


class Watchers(Watcher):
    """Tells all that have joined, in the order in which they came."""

    def __init__(self) -> None:
        self._all: list[Watcher] = []

    def join(self, watcher: Watcher) -> None:
        """Tell this one too from now on."""
        self._all.append(watcher)

    def leave(self, watcher: Watcher) -> None:
        """Tell this one no more."""
        self._all.remove(watcher)

    def branch_changed(self, session: Session) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.branch_changed(session)

    def header_changed(self, session: Session) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.header_changed(session)

    def waiting_changed(self, session_id: str) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.waiting_changed(session_id)

    def turn_ended(self, turn: Turn) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.turn_ended(turn)

    def line_changed(self) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.line_changed()

    def grown_elsewhere(self, session: Session, taken: Taken) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.grown_elsewhere(session, taken)

    def reply_elsewhere(self, reply: ReplyElsewhere) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.reply_elsewhere(reply)

    def filed_elsewhere(self, session: Session, place: Place | None) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.filed_elsewhere(session, place)

    def folder_changed(self) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.folder_changed()

    def asides_changed(self) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.asides_changed()

    def title_failed(self, failure: Failure) -> None:
        """Tell all."""
        for watcher in list(self._all):
            watcher.title_failed(failure)
