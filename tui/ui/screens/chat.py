"""The main screen: list of chats, transcript, composer, pane, status line.

It lays them out and passes on what they wish; what is then done stands in `tui.ui.features`. What
happens in conversations goes from the conductor to `Hearing`, and from there down to the widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.ui.features.all import EARLY, late
from tui.ui.features.chats import Chats
from tui.ui.features.context import Context
from tui.ui.features.loading import Loading
from tui.ui.features.registry import Features
from tui.ui.features.replies import Replies
from tui.ui.furniture import Widgets
from tui.ui.keys import bindings
from tui.ui.look import palette_of
from tui.ui.remembered import Remembered
from tui.ui.screens.reading import ReadingScreen
from tui.ui.stage import Stage
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.hints import Hints
from tui.ui.widgets.pane import Pane
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.status import StatusLine
from tui.ui.widgets.transcript.messages import (
    CopyRequested,
    EntrySelected,
    LinkChosen,
    TailChanged,
)
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.theme import Theme

    from tui.ui.desk import Desk
    from tui.ui.launch import Launch

NARROW = 100
"""Columns below which the list of chats hides itself."""

TALL = 30
"""Rows from which there is room for air."""

SMALLEST = (60, 16)
"""Columns and rows below which the screen says that it is too small."""

LOCAL_LABEL = "This model runs on this computer, for trying out; facts are often wrong"


def _classes_at(size: Size) -> tuple[str, str]:
    """The classes that the breakpoints give to a screen of that size."""
    return (
        "-wide" if size.width >= NARROW else "-narrow",
        "-tall" if size.height >= TALL else "-low",
    )


class ChatScreen(ReadingScreen):
    """Chats on the left, the open one beside them, on the right what is worked with."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chat")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide")]  # noqa: RUF012 (as in Screen)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (TALL, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "Composer"

    ctx: Context
    """What the features work with; there from the moment when the screen is mounted."""

    def __init__(self, launch: Launch, size: Size, problems: Sequence[str] = ()) -> None:
        """`size` is the terminal's: with its classes from the start, the screen is styled once."""
        super().__init__(launch.keymap, " ".join(_classes_at(size)))
        self._launch = launch
        self.problems = problems
        """What was found wrong before the screen was there, in words."""

    def compose(self) -> ComposeResult:
        """The layout of the whole screen."""
        with Horizontal(id="body"):
            yield Sidebar(self._launch.keymap)
            with Vertical(id="conversation"):
                yield Static(Content("New chat"), id="title")
                yield Static(Content(LOCAL_LABEL), id="label")
                yield Transcript(self._launch.keymap)
                yield Static(id="banner")
                yield Hints()
                yield Composer(self._launch.keymap)
            yield Pane(lambda: self.set_focus(self.query_one(Composer)))
        yield StatusLine()
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show the empty screen first, then load what is behind it."""
        launch = self._launch
        widgets = Widgets(
            sidebar=self.query_one(Sidebar),
            title=self.query_one("#title", Static),
            label=self.query_one("#label", Static),
            transcript=self.query_one(Transcript),
            banner=self.query_one("#banner", Static),
            composer=self.query_one(Composer),
            status=self.query_one(StatusLine),
        )
        widgets.transcript.wraps_code = launch.wraps_code
        self.stage = Stage(widgets, launch.keymap)
        remembered = Remembered(launch.memory, launch.remembered)
        self.ctx = Context(
            self, self.stage, launch, self.query_one(Pane), self.query_one(Hints), remembered
        )
        self.features = self.ctx.features = Features(self.ctx, late)
        self.features.add(EARLY)
        self._dress(None)
        self.app.theme_changed_signal.subscribe(self, self._dress)
        self._beat = self.set_interval(1.0, self._tick, pause=True)
        self.stage.hooks.turn_changed.add(lambda _turn: self._beat.resume())
        self.call_after_refresh(self._load)

    def _load(self) -> None:
        from tui.ui.hearing import Hearing  # not on the way to the first frame

        self.features.one(Loading).load(Hearing(self.stage))

    @property
    def desk(self) -> Desk | None:
        """The services, once they are loaded."""
        return self.ctx.desk

    # -- routing

    async def action_do(self, command_id: str, argument: str = "") -> None:
        """Do a command, whoever does it."""
        await self.features.do(command_id, argument)

    async def action_home(self) -> None:
        """One step home. It has a name of its own, by which the transcript knows its keys."""
        await self.features.do("chat.home")

    async def action_send(self) -> None:
        """Send what is in the composer."""
        await self.features.one(Replies).send()

    @on(Sidebar.Chosen)
    def _chosen(self, event: Sidebar.Chosen) -> None:
        self.remove_class("-sidebar-over")
        self.features.one(Chats).open(event.chat_id)
        self.set_focus(self.query_one(Composer))

    @on(Composer.Changed)
    def _typed(self) -> None:
        self.stage.typed()

    @on(CopyRequested)
    def _copy_requested(self, event: CopyRequested) -> None:
        self.copy(event.text, event.what)

    def copy(self, text: str, what: str) -> None:
        """Put a text on the clipboard of the terminal, and say so."""
        self.app.copy_to_clipboard(text)
        self.notify(f"The {what} was sent to the terminal's clipboard", markup=False, timeout=2)

    @on(TailChanged)
    def _tail_changed(self, event: TailChanged) -> None:
        self.stage.more_below = event.more
        self.stage.tick()

    @on(EntrySelected)
    def _entry_selected(self, event: EntrySelected) -> None:
        self.stage.hooks.entry_chosen.tell(event.entry_id)

    @on(LinkChosen)
    def _link_chosen(self, event: LinkChosen) -> None:
        self.app.open_url(event.url)

    # -- the screen itself

    def _dress(self, _theme: Theme | None) -> None:
        self.query_one(Transcript).palette = palette_of(self.app)

    def _tick(self) -> None:
        if self.desk is not None and self.desk.conductor.busy:
            self.stage.tick()
        else:
            self._beat.pause()  # until a turn begins: at rest nothing is computed

    def on_resize(self, event: events.Resize) -> None:
        """Say so if the terminal is too small to work in."""
        width, height = SMALLEST
        small = event.size.width < width or event.size.height < height
        self.set_class(small, "-too-small")
        if small:
            words = f"bise needs {width}×{height}; this terminal has {event.size.width}×{event.size.height}. Ctrl+Q quits."
            self.query_one("#too-small", Static).update(Content(words))
        self.stage.hooks.resized.tell(event.size.width)
