"""The editor of the system prompt: with the library, and with what is filled in for its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from tui.core.text import clean, one_line
from tui.ui.keys import actions, keys_of
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.editor import Editor, EditorArea

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from tui.core.prompts import Filling

    Pieces = list[tuple[str, Filling | None]]
    Fill = Callable[[str, str], Awaitable[tuple[Pieces, str]]]
    """Fills in a text, with a linked prompt before it; gives the pieces, and what is wrong with the link."""

SETTLED_S = 0.15
"""Seconds without a key after which the variables are filled in again."""

VARIABLES = "{{date}}, {{model}} and {{file:PATH}} are filled in when a request is made"


class SystemPromptEditor(Editor):
    """Ends with the text, and `linked` says which prompt of the library goes before it."""

    DEFAULT_CSS = """
    SystemPromptEditor #linked { height: 1; color: $accent; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
    SystemPromptEditor.-linked #linked { display: block; }
    SystemPromptEditor #fillings { height: auto; max-height: 5; border-top: solid $panel; }
    """

    def __init__(
        self,
        text: str,
        linked: str,
        *,
        fill: Fill,
        choose: Callable[[SystemPromptEditor], Awaitable[None]],
        external: Callable[[SystemPromptEditor], None],
        keymap: Mapping[str, str],
    ) -> None:
        super().__init__("System prompt", text, keymap=keymap)
        self.linked = linked
        """The prompt of the library that goes before the text; empty for none."""
        self._linked_before = linked
        self._fill = fill
        self._choose = choose
        self._external = external
        self._soon: Timer | None = None

    @property
    def area_type(self) -> type[EditorArea]:
        """One with the keys of this editor."""
        return PromptArea

    @property
    def area(self) -> EditorArea:
        """Where the text is edited."""
        return self.query_one(EditorArea)

    @property
    def has_changed(self) -> bool:
        """Whether there is something to lose."""
        return super().has_changed or self.linked != self._linked_before

    def compose(self) -> ComposeResult:
        """Title, linked prompt, text, what is filled in, keys."""
        with Vertical(id="editor"):
            yield Static(Content.styled("System prompt of this chat", "bold"))
            yield Static(id="linked")
            yield self.area_type(self._text, self._keymap)
            yield Static(id="fillings")
            yield Static(id="editor-foot")

    def on_mount(self) -> None:
        """The text has the keys at once; what is filled in comes a moment later."""
        super().on_mount()
        self.link(self.linked)

    def link(self, name: str) -> None:
        """Have a prompt of the library go before the text; none if the name is empty."""
        self.linked = name
        self.set_class(bool(name), "-linked")
        words = f"Linked: {one_line(name, 80)} (goes first, as its file is then)"
        self.query_one("#linked", Static).update(Content(words))
        self.renew()

    def insert(self, text: str) -> None:
        """Put a text in at the cursor."""
        self.area.insert(text)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """The variables may be others now."""
        event.stop()
        self.renew()

    def renew(self) -> None:
        """Fill the variables in again, soon."""
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(
            SETTLED_S, lambda: self.run_worker(self._filled_in(), group="fill")
        )

    async def _filled_in(self) -> None:
        pieces, wrong = await self._fill(self.area.text, self.linked)
        if not self.is_open:
            return
        lines = [Content.styled(clean(wrong), "$error")] if wrong else []
        fillings = [filling for _, filling in pieces if filling is not None]
        fillings.sort(key=lambda filling: filling.value is not None)
        lines += [_told(filling) for filling in fillings]
        words = lines or [Content.styled(VARIABLES, "$muted")]
        self.query_one("#fillings", Static).update(Content("\n").join(words))

    # -- keys

    async def action_library(self) -> None:
        """Choose from the library, to be linked or inserted."""
        await self._choose(self)

    async def action_filled(self) -> None:
        """Show the whole text as it would be sent now."""
        pieces, wrong = await self._fill(self.area.text, self.linked)
        if self.is_open:
            await self.app.push_screen(FilledScreen(pieces, wrong))

    def action_external(self) -> None:
        """Go on in `$EDITOR`."""
        self._external(self)

    def _foot(self) -> None:
        words = [
            f"{keys_of(command, self._keymap)} {what}"
            for command, what in (
                ("editor.keep", "keeps it"),
                ("editor.leave", "leaves"),
                ("system.library", "library"),
                ("system.filled", "as it is sent"),
                ("system.external", "$EDITOR"),
            )
        ]
        self._say(" · ".join(words), "")


class PromptArea(EditorArea):
    """The text."""

    def __init__(self, text: str, keymap: Mapping[str, str]) -> None:
        super().__init__(text, keymap)
        self._actions = actions(("editor", "system"), keymap)


class FilledScreen(Dialog[None]):
    """The system prompt as it would be sent now, what was filled in marked."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,q", "dismiss", "Close")]
    DEFAULT_CSS = """
    FilledScreen > #filled { width: 100; max-width: 100%; height: 80%; min-height: 14; max-height: 100%; background: $surface; border: round $primary; padding: 0 1; }
    FilledScreen #filled-text { height: auto; }
    FilledScreen #filled-foot { height: 1; color: $text-muted; }
    """

    def __init__(self, pieces: Pieces, wrong: str = "") -> None:
        super().__init__()
        self._pieces, self._wrong = pieces, wrong

    def compose(self) -> ComposeResult:
        """The text, and how to leave."""
        with Vertical(id="filled"):
            with VerticalScroll():
                if self._wrong:
                    yield Static(Content.styled(clean(self._wrong), "$error"))
                yield Static(_marked(self._pieces), id="filled-text")
            yield Static(Content("As it is sent now · ↑ ↓ scroll · Esc closes"), id="filled-foot")

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.set_focus(self.query_one(VerticalScroll))


def _marked(pieces: Pieces) -> Content:
    styled = [
        Content.styled(clean(text), "" if filling is None else _style_of(filling))
        for text, filling in pieces
    ]
    text = Content("").join(styled)
    return text if text.plain.strip() else Content.styled("There is no system prompt.", "$muted")


def _style_of(filling: Filling) -> str:
    return "$error bold" if filling.value is None else "$accent underline"


def _told(filling: Filling) -> Content:
    style = "$warning" if filling.value is None else "$muted"
    return Content.styled(one_line(filling.words, 200), "$error" if filling.is_fatal else style)
