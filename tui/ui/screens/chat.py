"""The main screen: list of chats, transcript, composer, status line.

Wishes come up from the widgets as messages and become calls of the conductor; what happens in
conversations goes from the conductor to the `Stage`, and from there down to the widgets.
"""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.failure import Failure
from tui.core.text import one_line
from tui.core.words import Role
from tui.ui.keys import bindings
from tui.ui.look import palette_of
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.reading import ReadingScreen
from tui.ui.screens.start import StartScreen
from tui.ui.stage import Stage, Widgets
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.status import StatusLine
from tui.ui.widgets.transcript.messages import CopyRequested, LinkChosen, TailChanged
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.theme import Theme
    from textual.widget import Widget

    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.desk import Desk, OpenDesk

FIRST_ROWS = 100
"""So many chats are listed at once; the rest is read after the first frames."""

REST_AFTER_S = 1.0
"""Seconds to wait before the rest of a long list is read, so that nobody's first keys wait for it."""

NARROW = 100
"""Columns below which the list of chats hides itself."""

TALL = 30
"""Rows from which there is room for air."""

SMALLEST = (60, 16)
"""Columns and rows below which the screen says that it is too small."""

LOCAL_LABEL = "This model runs on this computer, for trying out; facts are often wrong"


class ChatScreen(ReadingScreen):
    """Chats on the left, the open one on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chat")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide")]  # noqa: RUF012 (as in Screen)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (TALL, "-tall")]  # noqa: RUF012

    def __init__(
        self, open_desk: OpenDesk, keymap: Mapping[str, str], problems: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._problems = problems
        self.desk: Desk | None = None
        """The services, once they are loaded."""
        self._open_desk = open_desk
        self._keymap = keymap
        self._early = ""
        """The prompt that was sent before the services were loaded."""
        self._blank: Session | None = None
        """The chat that was begun last; as long as nothing was said in it, it is the new chat."""
        self._wanted = ""
        """The chat that was asked for last: opening one may take longer than asking for another."""

    def compose(self) -> ComposeResult:
        """The layout of the whole screen."""
        with Horizontal(id="body"):
            yield Sidebar()
            with Vertical(id="conversation"):
                yield Static(Content("New chat"), id="title")
                yield Static(Content(LOCAL_LABEL), id="label")
                yield Transcript(self._keymap)
                yield Static(id="banner")
                yield Composer(self._keymap)
        yield StatusLine()
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show the empty screen first, then load what is behind it."""
        self.stage = Stage(
            Widgets(
                sidebar=self.query_one(Sidebar),
                title=self.query_one("#title", Static),
                label=self.query_one("#label", Static),
                transcript=self.query_one(Transcript),
                banner=self.query_one("#banner", Static),
                composer=self.query_one(Composer),
                status=self.query_one(StatusLine),
            ),
            self._keymap,
        )
        self._dress(None)
        self.app.theme_changed_signal.subscribe(self, self._dress)
        self.set_focus(self.query_one(Composer))
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._load)

    def _dress(self, _theme: Theme | None) -> None:
        self.query_one(Transcript).palette = palette_of(self.app)

    def _tick(self) -> None:
        if self.desk is not None and self.desk.conductor.busy:
            self.stage.tick()

    def on_resize(self, event: events.Resize) -> None:
        """Say so if the terminal is too small to work in."""
        width, height = SMALLEST
        small = event.size.width < width or event.size.height < height
        self.set_class(small, "-too-small")
        if small:
            words = f"bise needs {width}×{height}; this terminal has {event.size.width}×{event.size.height}. Ctrl+Q quits."
            self.query_one("#too-small", Static).update(Content(words))

    # -- loading

    @work(group="load")
    async def _load(self) -> None:
        try:
            desk = await asyncio.to_thread(self._open_desk, self.stage)
        except Failure as failure:
            self.stage.warn(failure.sentence)
            return
        self.desk = desk
        self.stage.begin(desk)
        cut = await desk.conductor.recover()
        words = [
            *self._problems,
            *desk.problems,
            *(f"A reply that was cut off is kept in “{c.title}”." for c in cut),
        ]
        if words:
            more = f" (and {len(words) - 1} more)" if len(words) > 1 else ""
            self.stage.warn(one_line(words[0]) + more)
        await self._list(desk, FIRST_ROWS)
        if desk.open_session is not None:
            self._wanted = desk.open_session
            await self._open(desk, desk.open_session)
        elif not self._wanted:  # a chat may have been chosen from the list meanwhile
            self._begin_chat(desk)
        if self._early and self.stage.shown:
            self._send(desk, self._early)
        gc.freeze()  # what is imported stays: the collector need not look at it again, which takes 30 ms
        if not self.stage.listed_all:
            self.set_timer(REST_AFTER_S, partial(self._list_rest, desk))

    @work(group="list")
    async def _list_rest(self, desk: Desk) -> None:
        await self._list(desk, None)

    async def _list(self, desk: Desk, limit: int | None) -> None:
        try:
            listing = await asyncio.to_thread(desk.store.listing, limit)
        except Failure as failure:
            self.stage.warn(failure.sentence)
            return
        self.stage.listed_all = limit is None or len(listing.headers) < limit
        self.stage.chats.extend(listing.headers)
        self.stage.list_chats()
        self.stage.mark_drafts()
        for problem in listing.problems[:1]:
            self.stage.warn(str(problem))

    @work(group="start")
    async def _first_start(self, desk: Desk) -> None:
        provider = await self.app.push_screen_wait(StartScreen(desk.setup))
        if provider is not None:
            desk.conductor.providers[provider.name] = provider
            desk.provider = provider.name
            self._begin_chat(desk)
            if self._early:
                self._send(desk, self._early)

    # -- chats

    def _begin_chat(self, desk: Desk) -> None:
        if desk.provider is None:
            self._first_start(desk)
            return
        session = self._blank
        if session is None or session.messages or session.provider != desk.provider:
            unsent = [draft.chat_id for draft in desk.drafts if not draft.has_chat]
            taken_up = unsent[-1] if unsent and session is None else None
            session = desk.conductor.new_session(desk.provider, desk.model, taken_up)
        self._blank = session
        self._wanted = session.id
        self.stage.show(session)
        self.set_focus(self.query_one(Composer))

    async def _open(self, desk: Desk, chat_id: str) -> None:
        try:
            session = await desk.conductor.open(chat_id)
        except Failure as failure:
            if self._wanted == chat_id:
                self.stage.show_broken(chat_id, failure)
            return
        if self._wanted == chat_id and session is not self.stage.session:
            self.stage.show(session)

    def open_chat(self, chat_id: str) -> None:
        """Put a chat on the screen, reading its file if need be."""
        if self.desk is None:
            return
        self._wanted = chat_id
        known = self.desk.conductor.opened(chat_id)
        if known is not None:
            self.stage.show(known)  # at once, so that keys that are there already go to it
        self._open_meanwhile(self.desk, chat_id)

    @work(group="open")
    async def _open_meanwhile(self, desk: Desk, chat_id: str) -> None:
        await self._open(desk, chat_id)

    def action_new_chat(self) -> None:
        """Begin a new chat; one in which nothing was said yet will do, with its draft."""
        if self.desk is not None:
            self._begin_chat(self.desk)

    def action_previous_chat(self) -> None:
        """Open the chat above in the list."""
        self._step(-1)

    def action_next_chat(self) -> None:
        """Open the chat below in the list."""
        self._step(1)

    def _step(self, step: int) -> None:
        chat = self.stage.chats.neighbour(self._wanted, step)  # which is perhaps still being read
        if chat is not None:
            self.open_chat(chat.id)

    def action_back(self) -> None:
        """Open the chat that was open before this one."""
        if self.stage.before:
            self.open_chat(self.stage.before)

    @on(Sidebar.Chosen)
    def _chosen(self, event: Sidebar.Chosen) -> None:
        self.remove_class("-sidebar-over")
        self.open_chat(event.chat_id)
        self.set_focus(self.query_one(Composer))

    # -- prompts and replies

    def action_send(self) -> None:
        """Send what is in the composer, or else hurry or repeat what waits for its reply."""
        text = self.query_one(Composer).text
        if self.desk is None or not self.stage.shown:
            self._early = text  # it is sent when there is somebody to send it to
            if self.desk is not None and self.desk.provider is None:
                self._first_start(self.desk)
        else:
            self._send(self.desk, text)

    def _send(self, desk: Desk, text: str) -> None:
        self._early = ""
        session, conductor = self.stage.session, desk.conductor
        if session is None:
            self.app.bell()
            return
        try:
            if text.strip():
                conductor.send(session, text)
                composer = self.query_one(Composer)
                composer.take(composer.text.removeprefix(text))  # what came after Enter stays
            elif not conductor.hurry(session.id) and session.unanswered is not None:
                conductor.answer(session)
        except Failure as failure:
            self.notify(failure.sentence, markup=False, severity="warning")

    @on(Composer.Changed)
    def _typed(self) -> None:
        self.stage.typed()

    def action_carry_on(self) -> None:
        """Have the chosen reply continued, or else the last one."""
        message = self.stage.chosen(Role.ASSISTANT)
        if self.desk is not None and message is not None:
            self._ask(self.desk.conductor.carry_on, message)

    def action_again(self) -> None:
        """Have the chosen reply made anew, or the chosen prompt answered; else the last one."""
        message = self.stage.chosen(Role.ASSISTANT, Role.USER)
        if self.desk is not None and message is not None:
            self._ask(self.desk.conductor.again, message)

    def _ask(self, ask: Callable[[Session, Message], Turn], message: Message) -> None:
        session = self.stage.session
        if session is None:
            return
        behind = len(session.branch()) - 1 - session.branch().index(message)
        try:
            ask(session, message)
        except Failure as failure:
            self.notify(failure.sentence, markup=False, severity="warning")
            return
        if behind > (message.role is Role.USER):
            words = f"What followed it ({behind} messages) stays in the chat's file"
            self.notify(words, markup=False)

    def action_home(self) -> None:
        """One step home: close the list over the transcript, go to the composer, stop the reply."""
        if self.leave_reading():
            return
        composer = self.query_one(Composer)
        if self.has_class("-sidebar-over"):
            self.remove_class("-sidebar-over")
            self.set_focus(composer)
        elif self.focused is not composer:
            self.set_focus(composer)
        elif not self.action_stop():
            self.stage.warn("")

    def action_stop(self) -> bool:
        """Stop the reply of the open chat; False if there is none."""
        return self.desk is not None and self.desk.conductor.stop(self.stage.shown)

    async def action_copy_or_clear(self) -> None:
        """Copy what is selected; else clear the composer; else quit if pressed twice."""
        composer = self.query_one(Composer)
        selected = composer.selected_text or self.get_selected_text()
        if selected:
            self._copy(selected, "selection")
        elif composer.text:
            composer.clear()
        else:
            await self.run_action("app.quit_if_twice")

    # -- parts of the screen

    def action_next_part(self) -> None:
        """Focus: composer → transcript → list of chats."""
        self._focus_part(1)

    def action_previous_part(self) -> None:
        """The same, the other way round."""
        self._focus_part(-1)

    def _focus_part(self, step: int) -> None:
        # `set_focus` takes hold at once, `focus` later: keys that are there already go where they belong
        parts: list[Widget] = [self.query_one(Composer), self.query_one(Transcript)]
        sidebar = self.query_one(Sidebar)
        if sidebar.display:
            parts.append(sidebar)
        at = parts.index(self.focused) if self.focused in parts else 0
        self.set_focus(parts[(at + step) % len(parts)])

    def action_toggle_sidebar(self) -> None:
        """Show or hide the list of chats: beside the transcript if there is room, else over it."""
        name = "-sidebar-over" if self.has_class("-narrow") else "-sidebar-off"
        self.toggle_class(name)
        if self.has_class("-sidebar-over"):
            self.set_focus(self.query_one(Sidebar))
        elif self.focused is self.query_one(Sidebar):
            self.set_focus(self.query_one(Composer))

    def action_help(self) -> None:
        """Show the keys, those of the focused part first."""
        places: dict[type, str] = {Transcript: "transcript", Sidebar: "sidebar"}
        where = self.reading_place() or places.get(type(self.focused), "composer")
        self.app.push_screen(HelpScreen(where, self._keymap))

    @on(CopyRequested)
    def _copy_requested(self, event: CopyRequested) -> None:
        self._copy(event.text, event.what)

    def _copy(self, text: str, what: str) -> None:
        self.app.copy_to_clipboard(text)
        self.notify(f"The {what} was sent to the terminal's clipboard", markup=False, timeout=2)

    @on(TailChanged)
    def _tail_changed(self, event: TailChanged) -> None:
        self.stage.more_below = event.more
        self.stage.tick()

    @on(LinkChosen)
    def _link_chosen(self, event: LinkChosen) -> None:
        self.app.open_url(event.url)
