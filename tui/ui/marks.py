"""How each chat in the list stands: answering, unread, failed, a draft waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import TurnState
from tui.ui.chats import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.turn import Turn
    from tui.ui.chats import ChatList
    from tui.ui.view import Views
    from tui.ui.widgets.sidebar import Sidebar


class Marks:
    """Keeps the marks of the list right."""

    def __init__(
        self,
        chats: ChatList,
        views: Views,
        sidebar: Sidebar,
        turn_of: Callable[[str], Turn | None],
        elsewhere: Callable[[str], object | None],
    ) -> None:
        """`elsewhere` gives the reply that another instance makes in a chat, if there is one."""
        self._chats = chats
        self._views = views
        self._sidebar = sidebar
        self._turn_of = turn_of
        self._elsewhere = elsewhere

    def settle(self, chat_id: str, shown: str) -> None:
        """Work out a chat's mark anew; `shown` is the chat on the screen."""
        chat = self._chats.get(chat_id)
        if chat is None or chat.mark is Mark.BROKEN:
            return
        before, chat.mark = chat.mark, self._mark(chat_id, chat.mark, is_shown=chat_id == shown)
        if chat.mark is not before:
            self._sidebar.renew(chat_id)

    def settle_drafts(self, shown: str) -> None:
        """Mark the listed chats in which something is waiting to be sent, or was cut off."""
        for chat_id in self._views.with_marks():
            self.settle(chat_id, shown)

    def _mark(self, chat_id: str, before: Mark, *, is_shown: bool) -> Mark:
        turn = self._turn_of(chat_id)
        if turn is not None and not turn.state.is_over:
            return Mark.WAITING if turn.state is TurnState.QUEUED else Mark.STREAMING
        if self._elsewhere(chat_id) is not None:
            return Mark.STREAMING
        if turn is not None and turn.failure is not None:
            return Mark.FAILED
        if is_shown:
            return Mark.NONE
        if self._views.of(chat_id).was_cut:
            return Mark.INTERRUPTED
        if before in {Mark.STREAMING, Mark.WAITING, Mark.UNREAD}:
            return Mark.UNREAD
        return Mark.DRAFT if self._views.of(chat_id).draft.strip() else Mark.NONE
