"""One line to be filled in, anywhere on the screen: checked when it is taken, what is wrong below it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.core.text import clean
from tui.ui.widgets.passing import passed_on, ran_own

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

Check = Callable[[str], str]
"""What is wrong with a text, in a sentence; nothing if it will do."""


class LineEdit(Vertical):
    """Enter gives the line to `taken` once nothing is wrong with it, Esc calls `left`.

    Both are called at once, so that keys behind find done what they do; they may be async.
    """

    DEFAULT_CSS = """
    LineEdit { height: auto; }
    LineEdit > .wrong { color: $error; height: auto; display: none; }
    LineEdit > LineField, LineEdit > LineField:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        taken: Callable[[str], object],
        left: Callable[[], object],
        check: Check = lambda _text: "",
        placeholder: str = "",
    ) -> None:
        super().__init__()
        self._first, self._placeholder = value, placeholder
        self._taken, self._left, self._check = taken, left, check

    def compose(self) -> ComposeResult:
        """The field, and a line for what is wrong."""
        yield LineField(self._first, self._placeholder)
        yield Static(classes="wrong")

    @property
    def field(self) -> LineField:
        """Where is typed: it is what gets the focus."""
        return self.query_one(LineField)

    def begin(self, value: str) -> None:
        """Put another line in, and take the keys."""
        self.field.value = _shown(value)
        self.field.cursor_position = len(self.field.value)
        self.complain("")
        self.screen.set_focus(self.field)

    def complain(self, words: str) -> None:
        """Tell what is wrong; nothing any more if it is empty."""
        wrong = self.query_one(".wrong", Static)
        wrong.update(Content(clean(words)))
        wrong.display = bool(words)

    async def take(self) -> None:
        """Take the line, or say what is wrong with it."""
        text = self.field.value
        wrong = self._check(text)
        self.complain(wrong)
        if not wrong:
            await _done(self._taken(text))

    async def leave(self) -> None:
        """Leave it."""
        self.complain("")
        await _done(self._left())

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is perhaps mended."""
        event.stop()
        self.complain("")


class LineField(Input):
    """The line. Its keys are taken in their turn, before those behind them."""

    def __init__(self, value: str, placeholder: str) -> None:
        super().__init__(
            _shown(value), placeholder=placeholder, compact=True, select_on_focus=False
        )
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        edit = self.parent
        if isinstance(edit, LineEdit) and event.key in {"enter", "escape"}:
            event.stop()
            event.prevent_default()
            await (edit.take() if event.key == "enter" else edit.leave())
        else:
            await ran_own(self, event)


def _shown(value: str) -> str:
    return clean(value).replace("\n", " ")


async def _done(result: object) -> None:
    if inspect.isawaitable(result):
        await result
