"""Small dialogs: a yes or no, and one line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.core.text import clean
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.passing import passed_on

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

Check = Callable[[str], str]
"""What is wrong with a text, in a sentence; nothing if it will do."""


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

    DEFAULT_CSS = """
    Ask #ask-error { color: $error; height: auto; display: none; }
    Ask AskField, Ask AskField:focus { border: none; height: 1; padding: 0 1; background: $panel; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(
        self,
        question: str,
        value: str = "",
        *,
        placeholder: str = "",
        check: Check = lambda _text: "",
    ) -> None:
        super().__init__()
        self._question, self._check = question, check
        self._value, self._placeholder = value, placeholder

    def compose(self) -> ComposeResult:
        """Question, field, what is wrong, keys."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(clean(self._question), "bold"))
            yield AskField(self._placeholder, self._value)
            yield Static(id="ask-error")
            yield Static(
                Content.styled("Enter takes it · Esc leaves", "$text-muted"), classes="gap"
            )

    def on_mount(self) -> None:
        """The field has the keys at once."""
        self.set_focus(self.query_one(AskField))

    def on_key(self, event: events.Key) -> None:
        """Keys that were there before the field was belong to it, which lets none of these through."""
        if event.is_printable or event.key == "enter":
            passed_on(self, event)

    def on_input_changed(self) -> None:
        """What was wrong is perhaps mended."""
        self._say("")

    def action_entered(self) -> None:
        """Take the line, or say what is wrong with it."""
        text = self.query_one(AskField).value
        wrong = self._check(text)
        if wrong:
            self._say(wrong)
        else:
            self.dismiss(text)

    def _say(self, words: str) -> None:
        error = self.query_one("#ask-error", Static)
        error.update(Content(clean(words)))
        error.display = bool(words)


class AskField(Input):
    """The line. Enter is taken in its turn, before the keys behind it."""

    def __init__(self, placeholder: str, value: str) -> None:
        super().__init__(
            clean(value).replace("\n", " "),
            placeholder=placeholder,
            compact=True,
            select_on_focus=False,
        )
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if not passed_on(self, event) and event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.run_action("screen.entered")
