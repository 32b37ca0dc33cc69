"""The line at the bottom of a chat in which is typed what is to be found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.ui.keys import actions, bindings
from tui.ui.widgets.passing import passed_on, ran_own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.ui.widgets.transcript.finding import Tally


class FindBar(Horizontal):
    """A field, and beside it which of how many hits the reader is at."""

    DEFAULT_CSS = """
    FindBar { height: 1; padding: 0 2; background: $panel; }
    FindBar > #find-sign { width: 2; color: $primary; text-style: bold; }
    FindBar > FindField, FindBar > FindField:focus {
        width: 1fr; height: 1; padding: 0; border: none; background: $panel;
    }
    FindBar > #find-tally { width: auto; min-width: 12; padding-left: 2; text-align: right; color: $foreground 70%; }
    FindBar.-nothing > #find-tally { color: $error; }
    """

    class Changed(Message):
        """Another text is to be found."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The sign, the field, the tally."""
        yield Static(Content("/"), id="find-sign")
        yield FindField(self._keymap)
        yield Static(id="find-tally")

    @property
    def field(self) -> FindField:
        """Where the text is typed."""
        return self.query_one(FindField)

    def begin(self) -> None:
        """Show the line, empty, and take the keys."""
        self.display = True
        with self.prevent(Input.Changed):
            self.field.value = ""
        self.tell(None)
        self.screen.set_focus(self.field)

    def tell(self, tally: Tally | None) -> None:
        """Show at which hit the reader is; None if nothing is looked for."""
        words = "" if tally is None else words_of(tally)
        self.set_class(tally is not None and not tally.total, "-nothing")
        self.query_one("#find-tally", Static).update(Content(words))


class FindField(Input):
    """The field. Its keys, and those that work everywhere, are run in the order in which they come."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("find")]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._actions = actions(("find", "chat"), keymap)

    async def _on_key(self, event: events.Key) -> None:
        if not await passed_on(self, event):
            await ran_own(self, event, self._actions)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        self.post_message(FindBar.Changed(event.value))

    async def action_keep(self) -> None:
        """Have the screen close the line and stay."""
        await self.run_action("screen.keep_find")

    async def action_next(self) -> None:
        """Have the screen go to the next hit."""
        await self.run_action("screen.step_find(1)")

    async def action_previous(self) -> None:
        """Have the screen go to the hit before."""
        await self.run_action("screen.step_find(-1)")


def words_of(tally: Tally) -> str:
    """Which hit it is, and whether the search went on from an end of the chat."""
    if not tally.total:
        return "not found"
    wrapped = f"from the {tally.wrapped}: " if tally.wrapped else ""
    return f"{wrapped}{tally.number} of {tally.total}"
