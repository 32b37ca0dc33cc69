"""What is on the screen of all the chats: shows one, remembers how the others were left.

It does no I/O. What happens in conversations comes to it through `tui.ui.hearing`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from tui.core.text import one_line
from tui.core.words import Place, Role, TurnState
from tui.ui.entries import foot_of_turn, notice, unknown_prices
from tui.ui.hooks import Hooks
from tui.ui.listed import Listed
from tui.ui.marks import Marks
from tui.ui.notices import greeting, still_true
from tui.ui.showing import shown_branch, shown_entries
from tui.ui.status import status_of
from tui.ui.view import Views
from tui.ui.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.chat.conductor import Conductor
    from tui.chat.drafting import Drafting
    from tui.core.elsewhere import ReplyElsewhere
    from tui.core.failure import Failure
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.desk import Desk
    from tui.ui.entries import PricesOf
    from tui.ui.furniture import Widgets
    from tui.ui.unseen import Unseen
    from tui.ui.view import View
    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.place import Place as ReadersPlace
    from tui.ui.widgets.transcript.widget import Transcript


class Stage:
    """The open chat, and how the others were left."""

    def __init__(self, widgets: Widgets, keymap: Mapping[str, str]) -> None:
        self.listed = Listed()
        self.chats = self.listed.places[Place.OPEN]
        self.session: Session | None = None
        """The open conversation; None before the first, and when its file can't be read."""
        self.shown = ""
        """The id of the chat on the screen."""
        self.before = ""
        """The id of the chat that was there before it."""
        self.is_opening = False
        """Whether that chat is still being read: the prompt is its own already, the transcript is not."""
        self.warning = ""
        """The sentence above the composer."""
        self.more_below = False
        """Whether more has come below what the reader looks at."""
        self.widgets = widgets
        self.keymap = keymap
        self.hooks = Hooks()
        self.status_parts: list[Callable[[Session], str]] = []
        """What features tell in the status line of the open chat; called often, empty for nothing."""
        self.head_parts: list[Callable[[Session], Entry | None]] = []
        """What features put above the messages of the open chat."""
        self.views = Views()
        self.beside: dict[str, Transcript] = {}
        """By the id of a reply in the making: where else it is shown as it comes."""
        widgets.sidebar.rows_for = self.listed.rows
        self.unsaved: set[str] = set()
        """The chats of which something could not be saved."""
        self._marks = Marks(
            self.chats,
            self.views,
            widgets.sidebar,
            self.turn,
            self.reply_elsewhere,
            self.unsaved,
        )
        self._next_place: ReadersPlace | None = None
        self._conductor: Conductor | None = None
        self._drafting: Drafting | None = None
        self._keeps: Callable[[str], bool] = lambda _chat_id: True
        self.prices_of: PricesOf = unknown_prices
        """What a provider's model costs, as far as is known."""

    def begin(self, desk: Desk) -> None:
        """The services are loaded."""
        self._conductor = desk.conductor
        self._drafting = desk.drafting
        self._keeps = desk.keeps
        self._marks.unseen = desk.unseen
        if desk.bench.book is not None:
            self.prices_of = desk.bench.book.prices
        desk.conductor.watchers.join(Watching(self))
        for draft in desk.drafts:
            self.views.of(draft.chat_id).draft = draft.text
        self.hooks.desk_opened.tell(desk)

    # -- showing a chat

    def show(self, session: Session) -> None:
        """Put a conversation on the screen as it was left."""
        typed = "" if self.shown else self.widgets.composer.text  # before anything was open
        if self.shown == session.id:
            self._note(session.id)
        self._leave(session.id)
        self.session, self.is_opening = session, False
        view = self.views.of(session.id)
        self.views.seen(session.id)
        self.unseen.looked(session.id)
        self.greet(session)
        self._fill(session, view)
        if _was_sent(view.draft, session):
            view.draft = ""
            self._stir(session.id)
        self._take_draft(view, typed)
        self.settle_mark(session.id)
        self.show_head(session)
        self.list_chats()
        self.tick()
        self.hooks.chat_shown.tell(session)

    def open_soon(self, chat_id: str) -> None:
        """A chat is being read that is to be shown next: what is typed from now on is its own."""
        if self.shown == chat_id:
            return
        self._leave(chat_id)
        self.session, self.is_opening = None, True
        self._take_draft(self.views.of(chat_id))
        self._show_listed_title(chat_id)
        self.list_chats()

    def _take_draft(self, view: View, typed: str = "") -> None:
        composer = self.widgets.composer
        composer.take("\n".join(filter(None, (view.draft, typed))))
        if view.cursor is not None and not typed:
            composer.move_cursor(view.cursor)

    def _show_listed_title(self, chat_id: str) -> None:
        chat = self.listed.find(chat_id)
        title = one_line(chat.title if chat is not None else chat_id, 200)
        self.widgets.title.update(Content(title), layout=False)

    def show_again(self) -> None:
        """Show the open chat's messages anew: some were changed, removed, or another branch is shown.

        The reader stays at the same place, or comes to the one that was asked for by `go_next_to`; the
        composer keeps its text.
        """
        if self.session is not None:
            view = self.views.of(self.session.id)
            view.place = self._next_place or self.widgets.transcript.place()
            self._next_place = None
            view.notices = still_true(view.notices, self.session, self.keymap)
            self._fill(self.session, view)
            self.show_head(self.session)
            self.tick()

    def go_next_to(self, place: ReadersPlace) -> None:
        """Bring the reader to that place when the open chat is next shown anew."""
        self._next_place = place

    def _fill(self, session: Session, view: View) -> None:
        running, elsewhere = self.running(session.id), self.reply_elsewhere(session.id)
        turn = self.shown_turn(session.id)
        entries = shown_entries(session, turn, running, elsewhere, view, self.prices_of)
        heads = [entry for part in self.head_parts if (entry := part(session)) is not None]
        self.widgets.transcript.show([*heads, *entries], view.place)

    def show_broken(self, chat_id: str, failure: Failure) -> None:
        """Say why a chat can't be shown."""
        self._leave(chat_id)
        self.session, self.is_opening = None, False
        self.widgets.transcript.show([notice("broken", failure.sentence, "error")])
        self._take_draft(self.views.of(chat_id))
        self._show_listed_title(chat_id)
        self.list_chats()

    def _leave(self, next_id: str) -> None:
        left = self.shown
        if left and left != next_id:
            self.hooks.chat_left.tell(left)
            self._note(left)
        self.shown = next_id
        if left and left != next_id:
            self.before = left
            self.settle_mark(left)
            self._stir(left)

    def _note(self, chat_id: str) -> None:
        """Note how the chat on the screen stands, for when it is shown again."""
        view = self.views.of(chat_id)
        if not self.is_opening:
            view.place = self.widgets.transcript.place()
        view.draft = self.widgets.composer.text
        view.cursor = self.widgets.composer.cursor_location

    def greet(self, session: Session) -> None:
        """Say what bise itself has to say of a chat, if nothing of it is said or coming yet."""
        view, turn = self.views.of(session.id), self.turn(session.id)
        is_coming = self.reply_elsewhere(session.id) is not None
        if not view.notices and not is_coming and (turn is None or turn.state.is_over):
            view.notices += greeting(session, self.keymap)

    def clear_notices(self, session_id: str) -> None:
        """Take out of a chat what bise itself said in it."""
        view = self.views.of(session_id)
        if session_id == self.shown:
            for entry in view.notices:
                self.widgets.transcript.discard(entry.id)
        view.notices.clear()

    # -- drafts

    def typed(self) -> None:
        """What is in the composer has changed."""
        self._stir(self.shown)
        self.hooks.typed.tell(self.widgets.composer.text)

    def _stir(self, chat_id: str) -> None:
        if self._drafting is not None and chat_id:
            self._drafting.stir(chat_id, partial(self._draft, chat_id))

    def _draft(self, chat_id: str) -> str:
        if chat_id == self.shown:
            return self.widgets.composer.text
        return self.views.of(chat_id).draft

    # -- around the transcript

    def chosen(self, *roles: Role) -> Message | None:
        """The chosen message if it is of such a role, else the last of such a role in the open chat."""
        branch = self.shown_branch()
        chosen = self.widgets.transcript.place().selected
        fitting = [message for message in branch if message.role in roles]
        return next((m for m in fitting if m.id == chosen), fitting[-1] if fitting else None)

    def show_head(self, session: Session) -> None:
        """Bring the title of the open chat up to date."""
        title = one_line(session.title, 200) or "New chat"
        self.widgets.title.update(Content(title), layout=False)
        provider = self._conductor.provider_of(session) if self._conductor else None
        self.widgets.label.display = provider is not None and provider.is_local

    def list_chats(self) -> None:
        """Bring the list on the left up to date."""
        self.widgets.sidebar.show(self.shown)

    def settle_mark(self, chat_id: str) -> None:
        """Bring a chat's mark up to date."""
        self._marks.settle(chat_id, self.shown)

    def settle_all_marks(self) -> None:
        """Mark the listed chats in which something is waiting to be sent, or came unseen."""
        self._marks.settle_all(self.shown)

    @property
    def unseen(self) -> Unseen:
        """What came in chats since somebody looked at them."""
        return self._marks.unseen

    def warn(self, words: str) -> None:
        """Show a sentence above the composer until it is taken back with an empty one."""
        self.warning = words
        self.widgets.banner.update(Content(words))
        self.widgets.banner.display = bool(words)

    def parameters_changed(self, session: Session) -> None:
        """A session's parameters are others now."""
        if session.id == self.shown:
            self.show_head(session)
            self.tick()
        self.hooks.parameters_changed.tell(session)

    def tick(self) -> None:
        """Bring the status line, and the countdown to another try, up to date."""
        if self.session is None or self._conductor is None:
            return
        session = self.session
        provider = self._conductor.provider_of(session)
        model = session.parameters.model or (provider.model if provider else None)
        others = [self.turn(busy) for busy in self._conductor.busy if busy != session.id]
        elsewhere = sum(1 for one in others if one is None or one.state is not TurnState.QUEUED)
        turn = self.turn(session.id)
        now = time.monotonic()
        if turn is not None and turn.retrying is not None and not turn.state.is_over:
            self.widgets.transcript.amend(turn.message_id, foot=foot_of_turn(turn, now=now))
        status = status_of(session, model, turn, now, elsewhere)
        if not status.doing and self.reply_elsewhere(session.id) is not None:
            status = replace(status, doing="answering in another window")
        more = tuple(words for part in self.status_parts if (words := part(session)))
        self.widgets.status.tell(
            replace(status, below=self.more_below, kept=self._keeps(session.id), more=more)
        )
        self.hooks.ticked.tell(now)

    def turn(self, session_id: str) -> Turn | None:
        """The turn of a chat that runs, or the last one that did since the start."""
        return self._conductor.turn(session_id) if self._conductor is not None else None

    def running(self, session_id: str) -> list[Turn]:
        """The turns of a chat that are not over."""
        return self._conductor.turns.running(session_id) if self._conductor is not None else []

    def shown_turn(self, session_id: str) -> Turn | None:
        """The same, unless another branch of the chat is shown than the one that its reply ends."""
        turn = self.turn(session_id)
        return turn if turn is not None and turn.is_shown else None

    def shown_branch(self) -> list[Message]:
        """The messages of the open chat that are on the screen."""
        if self.session is None:
            return []
        session_id = self.session.id
        elsewhere = self.reply_elsewhere(session_id)
        return shown_branch(self.session, self.shown_turn(session_id), elsewhere)

    def reply_elsewhere(self, session_id: str) -> ReplyElsewhere | None:
        """The reply that another instance makes in a chat, if there is one."""
        following = self._conductor.following if self._conductor is not None else None
        return following.reply(session_id) if following is not None else None


def _was_sent(draft: str, session: Session) -> bool:
    """Whether a draft is what was said last: the program ended before it was cleared."""
    said = [message.text for message in session.branch()[-2:] if message.role is Role.USER]
    return bool(draft) and draft in said
