"""Where the next prompt is written."""

from __future__ import annotations

import time
from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from tui.core.text import clean
from tui.ui.keys import actions, bindings
from tui.ui.widgets.composer_folds import HUGE, Folds, is_long, plain_breaks
from tui.ui.widgets.lines_area import LinesArea
from tui.ui.widgets.passing import passed_on, ran_own

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from rich.text import Text
    from textual import events
    from textual.binding import BindingType
    from textual.document._document import EditResult, Location
    from textual.document._edit import Edit

    KeyTaker = Callable[[str], bool | Awaitable[bool]]

PASTE_PAUSE = 0.05
"""Seconds after a paste in which Enter does not send: an escape inside a paste can press Enter."""


class Composer(LinesArea):
    """A text of several lines that grows to a third of the screen; Enter sends it.

    Long pastes are shown as tokens, which are edited as if they were one letter; `text` is always
    the whole text.
    """

    DEFAULT_CSS = """
    Composer {
        height: auto; min-height: 3; max-height: 33vh;
        border: round $border; padding: 0 1;
        background: $background; scrollbar-size-vertical: 1;
        border-title-align: right; border-title-color: $foreground 70%; border-subtitle-color: $foreground 70%;
        &:focus { border: round $primary; background: $background; }
        & .text-area--cursor-line { background: $background; }
        & .composer--token { color: $accent; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"composer--token"}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("composer")]
    PLACE = "composer"

    def __init__(self, keymap: Mapping[str, str] | None = None) -> None:
        self._folds = Folds()
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder="Ask something · Enter sends, Ctrl+J begins a new line",
        )
        self.cursor_blink = False
        self._pasted_at = 0.0
        self._actions = actions(("composer", "chat"), keymap or {})
        self.key_takers: list[KeyTaker] = []
        """Asked in turn for every key, by its name, before its action is run; True means it is taken.

        Keys that come behind wait for the answer.
        """
        self.walker: Callable[[int], bool] = lambda _step: False
        """Shows the prompt so many further back, forth if negative; False if there is none."""

    # -- the text

    @property
    def text(self) -> str:
        """The whole text."""
        return self._folds.whole(self.document.text)

    @text.setter
    def text(self, text: str) -> None:
        self.load_text(self._folds.begin(text))

    @property
    def shown_text(self) -> str:
        """The text as it stands here, with tokens for long pastes."""
        return self.document.text

    def take(self, text: str) -> None:
        """Put a draft in, its cursor at the end."""
        self.text = text
        self.move_cursor(self.document.end)

    def put(self, text: str) -> None:
        """Put another text in the place of this one, which Ctrl+Z brings back; the cursor goes to its end."""
        shown = self._folds.shown(text)
        result = self.replace(
            shown, self.document.start, self.document.end, maintain_selection_offset=False
        )
        self.move_cursor(result.end_location)

    def get_line(self, line_index: int) -> Text:
        """A line, with its tokens and the files that it names marked."""
        line = super().get_line(line_index)
        spans = [(start, end) for start, end, _ in self._folds.tokens(line.plain)]
        if "@" in line.plain:
            from tui.core.mentions import mentions_in  # not on the way to the first frame

            spans += [(one.start, one.end) for one in mentions_in(line.plain)]
        if spans:
            style = self.get_component_rich_style("composer--token", partial=True)
            for start, end in spans:
                line.stylize(style, start, end)
        return line

    # -- tokens

    def edit(self, edit: Edit) -> EditResult:
        """Edit the text; a token goes as a whole or not at all."""
        start, end = self._around(edit.top, 0), self._around(edit.bottom, 1)
        if edit.top == edit.bottom:
            start = end
        if (start, end) != (edit.top, edit.bottom):
            edit = replace(edit, from_location=start, to_location=end)
        return super().edit(edit)

    def _around(self, location: Location, side: int) -> Location:
        """The location, or if it is inside a token that one's beginning (0) or end (1)."""
        row, column = location
        if row >= self.document.line_count:  # deleting at the very end asks for what is behind it
            return location
        for start, end, _ in self._folds.tokens(self.document.get_line(row)):
            if start < column < end:
                return row, (start, end)[side]
        return location

    def unfold(self) -> None:
        """Put the paste at the cursor in full, or else all of them. Raises `ValueError` if there is none."""
        row, column = self.cursor_location
        found = [
            (at, start, end, text)
            for at in range(self.document.line_count)
            for start, end, text in self._folds.tokens(self.document.get_line(at))
        ]
        here = [one for one in found if one[0] == row and one[1] <= column <= one[2]]
        if not found:
            raise ValueError("There is no folded paste in the prompt")
        if any(len(text) > HUGE for *_, text in here or found):
            raise ValueError("That paste is too long to be shown here; $EDITOR can show it")
        for at, start, end, text in reversed(here or found):
            self._folds.forget(text)
            self.replace(text, (at, start), (at, end), maintain_selection_offset=not here)

    # -- the frame

    def tell_files(self, words: str) -> None:
        """Tell in the frame above which files go with the prompt."""
        self._tell("_border_title", words)

    def tell_size(self, words: str) -> None:
        """Tell in the frame below how much the prompt is."""
        self._tell("_border_subtitle", words)

    def _tell(self, where: str, words: str) -> None:
        content = Content(clean(words)) if words else None
        if getattr(self, where) != content:  # the public way takes markup
            setattr(self, where, content)
            self.refresh()

    # -- keys

    async def _on_key(self, event: events.Key) -> None:
        """Run our own keys in the order in which they come; TextArea's handler takes the rest."""
        if await passed_on(self, event):
            return
        for takes in self.key_takers:
            taken = takes(event.key)
            if (await taken) if isawaitable(taken) else taken:
                event.stop()
                event.prevent_default()
                return
        await ran_own(self, event, self._actions)

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert it, folded if it is long; TextArea's handler is left out."""
        event.stop()
        event.prevent_default()
        self._pasted_at = time.monotonic()
        text = plain_breaks(event.text)
        start, end = self.selection
        result = self.replace(
            self._folds.fold(text) if is_long(text) else text,
            start,
            end,
            maintain_selection_offset=False,
        )
        self.move_cursor(result.end_location)

    async def action_send(self) -> None:
        """Have the screen send what is here: at once, so that keys behind Enter find it sent."""
        if time.monotonic() - self._pasted_at >= PASTE_PAUSE:
            await self.run_action("screen.send")

    def action_older(self) -> None:
        """In the top line, show the prompt that was sent before; else go up."""
        is_top = self.navigator.is_first_wrapped_line(self.cursor_location)
        if not (is_top and self.walker(1)):
            self.action_cursor_up()

    def action_newer(self) -> None:
        """In the bottom line, go back towards what was typed; else go down."""
        is_bottom = self.navigator.is_last_wrapped_line(self.cursor_location)
        if not (is_bottom and self.walker(-1)):
            self.action_cursor_down()

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")
