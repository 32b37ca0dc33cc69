"""Small dialogs: a yes or no, and one line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import clean
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.line_edit import LineEdit
from tui.ui.widgets.passing import own_action, passed_on

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.ui.widgets.line_edit import Check


class Confirm(Dialog[bool]):
    """Asks for a yes: y or Enter gives True, n or Esc False. With `careful`, Enter gives False."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "Yes"),
        Binding("n,escape", "dismiss(False)", "No"),
        Binding("enter", "answer", "The answer that is offered"),
    ]

    def __init__(self, question: str, details: str = "", *, careful: bool = False) -> None:
        super().__init__()
        self._question, self._details, self._careful = question, details, careful

    def compose(self) -> ComposeResult:
        """The question, and how to answer it."""
        yes, no = ("y", "n, Enter or Esc") if self._careful else ("y or Enter", "n or Esc")
        with Vertical(classes="dialog"):
            yield Static(Content.styled(clean(self._question), "bold"))
            if self._details:
                yield Static(Content(clean(self._details)), classes="gap")
            yield Static(Content.styled(f"{yes}: yes · {no}: no", "$text-muted"), classes="gap")

    def action_answer(self) -> None:
        """Give the answer that Enter stands for."""
        self.dismiss(not self._careful)


class Ask(Dialog[str]):
    """Asks for one line: Enter gives it once nothing is wrong with it, Esc gives None."""

    def __init__(
        self,
        question: str,
        value: str = "",
        *,
        placeholder: str = "",
        check: Check = lambda _text: "",
    ) -> None:
        super().__init__()
        self.is_secret = False
        """Whether what is typed is not to be seen; to be set before it is shown."""
        self._question = question
        self._edit = LineEdit(
            value, taken=self._end, left=self._end, check=check, placeholder=placeholder
        )

    def compose(self) -> ComposeResult:
        """Question, field, what is wrong, keys."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(clean(self._question), "bold"))
            with Vertical(classes="gap short"):
                yield self._edit
            words = Content.styled("Enter takes it · Esc leaves", "$text-muted")
            yield Static(words, classes="gap")

    def on_mount(self) -> None:
        """The field has the keys at once."""
        self._edit.field.password = self.is_secret
        self.set_focus(self._edit.field)

    async def on_key(self, event: events.Key) -> None:
        """Keys that were there before the field was belong to it, which lets none of these through."""
        is_ours = event.is_printable or event.key in {"enter", "escape"}
        if is_ours or own_action(self._edit.field, event.key):
            await passed_on(self, event)

    def _end(self, text: str | None = None) -> None:
        self.dismiss(text)
