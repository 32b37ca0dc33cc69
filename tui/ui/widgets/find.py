"""The line at the bottom of a chat in which is typed what is to be found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.ui.keys import bindings

if TYPE_CHECKING:
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

    class Stepped(Message):
        """The reader wants to go to the next hit (`step` 1) or to the one before (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Kept(Message):
        """The reader stays at the hit."""

    def compose(self) -> ComposeResult:
        """The sign, the field, the tally."""
        yield Static(Content("/"), id="find-sign")
        yield FindField(compact=True, select_on_focus=False)
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
        self.field.focus()

    def take(self, key: events.Key) -> None:
        """Take a key that was pressed before the field was there."""
        self.field.post_message(events.Key(key.key, key.character))  # that one was stopped

    def tell(self, tally: Tally | None) -> None:
        """Show at which hit the reader is; None if nothing is looked for."""
        words = "" if tally is None else words_of(tally)
        self.set_class(tally is not None and not tally.total, "-nothing")
        self.query_one("#find-tally", Static).update(Content(words))


class FindField(Input):
    """The field; its keys are those of `find`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("find")]

    def on_mount(self) -> None:
        """Nothing blinks."""
        self.cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        self.post_message(FindBar.Changed(event.value))

    def action_keep(self) -> None:
        """Close the line and stay."""
        self.post_message(FindBar.Kept())

    def action_next(self) -> None:
        """Go to the next hit."""
        self.post_message(FindBar.Stepped(1))

    def action_previous(self) -> None:
        """Go to the hit before."""
        self.post_message(FindBar.Stepped(-1))


def words_of(tally: Tally) -> str:
    """Which hit it is, and whether the search went on from an end of the chat."""
    if not tally.total:
        return "not found"
    wrapped = f"from the {tally.wrapped}: " if tally.wrapped else ""
    return f"{wrapped}{tally.number} of {tally.total}"
