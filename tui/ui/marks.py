"""How each chat in the list stands: answering, unread, failed, not saved, a draft waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import Ended, News, TurnState
from tui.ui.chats import Mark
from tui.ui.unseen import Unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from tui.core.turn import Turn
    from tui.ui.chats import ChatList
    from tui.ui.view import Views
    from tui.ui.widgets.sidebar import Sidebar


_OF_NEWS = {News.CAME: Mark.UNREAD, News.FAILED: Mark.FAILED, News.CUT: Mark.INTERRUPTED}


class Marks:
    """Keeps the marks of the list right."""

    def __init__(
        self,
        chats: ChatList,
        views: Views,
        sidebar: Sidebar,
        turn_of: Callable[[str], Turn | None],
        elsewhere: Callable[[str], object | None],
        unsaved: Container[str],
    ) -> None:
        """`elsewhere` gives the reply that another instance makes in a chat, if there is one.

        `unsaved` are the chats of which something could not be saved.
        """
        self._unsaved = unsaved
        self._chats = chats
        self._views = views
        self._sidebar = sidebar
        self._turn_of = turn_of
        self._elsewhere = elsewhere
        self.unseen = Unseen()
        """What came in chats since somebody looked at them."""

    def settle(self, chat_id: str, shown: str) -> None:
        """Work out a chat's mark anew; `shown` is the chat on the screen."""
        chat = self._chats.get(chat_id)
        before = Mark.NONE if chat is None else chat.mark
        self.unseen.note(chat_id, self._news(chat_id, before, is_shown=chat_id == shown))
        if chat is None or chat.mark is Mark.BROKEN:
            return
        chat.mark = self._mark(chat_id, is_shown=chat_id == shown)
        if chat.mark is not before:
            self._sidebar.renew(chat_id)

    def settle_all(self, shown: str) -> None:
        """Mark the listed chats in which something is waiting to be sent, or came unseen."""
        for chat_id in {*self._views.with_drafts(), *self.unseen.chats}:
            self.settle(chat_id, shown)

    def _news(self, chat_id: str, before: Mark, *, is_shown: bool) -> News | None:
        """What is new in a chat: what just came in it, or else what nobody has looked at yet."""
        has_ended = before in {Mark.STREAMING, Mark.WAITING} and not self._is_busy(chat_id)
        came = self._turn_of(chat_id) if has_ended else None  # others take note of their own
        if came is not None and came.stopped_as is Ended.INTERRUPTED:
            return News.CUT  # the program ends: who looks at it now sees it again next time
        if is_shown:
            return None
        if came is not None:
            return News.FAILED if came.failure is not None else News.CAME
        return self.unseen.of(chat_id)

    def _is_busy(self, chat_id: str) -> bool:
        turn = self._turn_of(chat_id)
        return (turn is not None and not turn.state.is_over) or self._elsewhere(chat_id) is not None

    def _mark(self, chat_id: str, *, is_shown: bool) -> Mark:
        turn = self._turn_of(chat_id)
        if self._is_busy(chat_id):
            is_queued = turn is not None and turn.state is TurnState.QUEUED
            return Mark.WAITING if is_queued else Mark.STREAMING
        if chat_id in self._unsaved:
            return Mark.UNSAVED
        if turn is not None and turn.failure is not None:
            return Mark.FAILED
        news = self.unseen.of(chat_id)
        if news is not None:
            return _OF_NEWS[news]
        has_draft = bool(self._views.of(chat_id).draft.strip()) and not is_shown
        return Mark.DRAFT if has_draft else Mark.NONE
