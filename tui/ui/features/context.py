"""What features work with: the services, the parts of the screen, and the ways to the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget
    from textual.worker import Worker

    from tui.ui.desk import Desk
    from tui.ui.features.registry import Features
    from tui.ui.hooks import Hooks
    from tui.ui.keymap import Keymap
    from tui.ui.launch import Launch
    from tui.ui.remembered import Remembered
    from tui.ui.screens.chat import ChatScreen
    from tui.ui.stage import Stage
    from tui.ui.widgets.composer import Composer
    from tui.ui.widgets.hints import Hints
    from tui.ui.widgets.pane import Pane
    from tui.ui.widgets.rowlist import Row
    from tui.ui.widgets.sidebar import Sidebar
    from tui.ui.widgets.transcript.widget import Transcript

Answer = TypeVar("Answer")

if TYPE_CHECKING:
    Answered = Callable[[Answer | None], None] | Callable[[Answer | None], Awaitable[None]]

NOTE_S = 3.0
"""How long a note stays, in seconds."""


@dataclass
class Context:
    """One for all features."""

    screen: ChatScreen
    stage: Stage
    launch: Launch
    pane: Pane
    hints: Hints
    remembered: Remembered
    """How the interface was left, across runs."""
    features: Features = field(init=False)
    """All features: `ctx.features.one(Chats).open(chat_id)`, `await ctx.features.do("chat.new")`."""
    desk: Desk | None = None
    """The services; None until they are loaded."""
    prompt_takers: list[Callable[[str], Awaitable[bool]]] = field(default_factory=list)
    """Asked in turn before a prompt is sent; the first that gives True has taken care of it."""
    home_steps: list[Callable[[], bool]] = field(default_factory=list)
    """Asked in turn when Esc is pressed, before all else; the first that gives True has done a step."""
    palette_rows: list[Callable[[str], Iterable[Row[Callable[[], object]]]]] = field(
        default_factory=list
    )
    """Further rows for the palette, by what is typed; a row's value is called when it is chosen."""

    parting: list[Callable[[], None]] = field(default_factory=list)
    """Called when the program is about to leave the terminal."""

    def part(self) -> None:
        """The terminal is about to be left."""
        for leave in self.parting:
            leave()

    # -- shorthands

    @property
    def app(self) -> App[object]:
        """The application."""
        return self.screen.app

    @property
    def hooks(self) -> Hooks:
        """Where to hear what goes on."""
        return self.stage.hooks

    @property
    def keymap(self) -> Keymap:
        """The keys that the user has moved."""
        return self.launch.keymap

    @property
    def composer(self) -> Composer:
        """Where prompts are written."""
        return self.stage.widgets.composer

    @property
    def transcript(self) -> Transcript:
        """Where the open chat is shown."""
        return self.stage.widgets.transcript

    @property
    def sidebar(self) -> Sidebar:
        """The list of chats."""
        return self.stage.widgets.sidebar

    def need_desk(self) -> Desk:
        """The services. Raises `Failure` as long as they are not loaded."""
        from tui.core.failure import FailureKind

        if self.desk is None:
            raise Failure(FailureKind.CONFIG, "This is not loaded yet", advice="Try it again.")
        return self.desk

    # -- ways to the user

    def note(self, words: str) -> None:
        """Tell something in passing."""
        self.screen.notify(words, markup=False, timeout=NOTE_S)

    def complain(self, trouble: Failure | ValueError | str) -> None:
        """Tell that something could not be done."""
        words = trouble.sentence if isinstance(trouble, Failure) else str(trouble)
        self.screen.notify(words, markup=False, severity="warning")

    async def push(
        self,
        screen: Screen[Answer],
        answered: Answered[Answer] | None = None,
    ) -> None:
        """Put a dialog over the screen; when this returns it has the keys. Its answer comes by callback."""
        await self.app.push_screen(screen, answered)

    async def ask(self, screen: Screen[Answer]) -> Answer | None:
        """Put a dialog over the screen and wait for its answer. Only from within `work`."""
        return await self.app.push_screen_wait(screen)

    def work(
        self, work: Coroutine[object, object, None], *, group: str, exclusive: bool = False
    ) -> Worker[None]:
        """Do something in the background. With `exclusive`, what runs in the same group is cancelled."""
        return self.screen.run_worker(work, group=group, exclusive=exclusive)

    def focus(self, widget: Widget) -> None:
        """Give a part of the screen the keys, at once: those that are there already go to it.

        The list of chats lies over the others only as long as it has the keys.
        """
        if widget is not self.sidebar:
            self.screen.remove_class("-sidebar-over")
        self.screen.set_focus(widget)
