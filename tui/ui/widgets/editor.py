"""A dialog for a text of several lines, such as a system prompt or a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import clean
from tui.ui.keys import actions, keys_of
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.lines_area import LinesArea
from tui.ui.widgets.passing import own_action, passed_on, ran_own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.ui.widgets.line_edit import Check


class Editor(Dialog[str]):
    """Ends with the text when it is kept, with None when it is left.

    Enter begins a new line, so another key keeps the text: Ctrl+O, which arrives everywhere. Esc
    leaves if nothing has changed; else it asks once, and then y keeps, n throws away, Esc goes on.
    """

    PLACE = "editor"
    DEFAULT_CSS = """
    Editor > #editor { width: 100; max-width: 100%; height: 80%; min-height: 14; max-height: 100%; background: $surface; border: round $primary; padding: 0 1; }
    Editor EditorArea, Editor EditorArea:focus { height: 1fr; border: none; padding: 0; background: $background; scrollbar-size-vertical: 1; }
    Editor EditorArea .text-area--cursor-line { background: $background; }
    Editor #editor-foot { height: auto; max-height: 2; color: $text-muted; }
    Editor.-asks #editor-foot, Editor.-wrong #editor-foot { color: $warning; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []

    @property
    def area_type(self) -> type[EditorArea]:
        """What the text is edited in."""
        return EditorArea

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        check: Check = lambda _text: "",
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._title_words, self._text, self._check = title, text, check
        self._keymap = keymap or {}
        self._asks = False

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        with Vertical(id="editor"):
            yield Static(Content.styled(clean(self._title_words), "bold"))
            yield self.area_type(self._text, self._keymap)
            yield Static(id="editor-foot")

    def on_mount(self) -> None:
        """The text has the keys at once, its cursor at the end."""
        area = self.query_one(EditorArea)
        area.move_cursor(area.document.end)
        self.set_focus(area)
        self._foot()

    async def on_key(self, event: events.Key) -> None:
        """Keys that were there before the text was belong to it, which lets none of these through."""
        is_ours = event.key in {"enter", *actions(("editor",), self._keymap)}
        area = self.query_one(EditorArea)
        if event.is_printable or is_ours or own_action(area, event.key):
            await passed_on(self, event)

    @property
    def has_changed(self) -> bool:
        """Whether there is something to lose."""
        return self.query_one(EditorArea).text != self._text

    def action_keep(self) -> None:
        """End with the text, unless something is wrong with it."""
        text = self.query_one(EditorArea).text
        wrong = self._check(text)
        if wrong:
            self._say(wrong, "-wrong")
        else:
            self.dismiss(text)

    def action_leave(self) -> None:
        """End without the text; if it has changed, ask first."""
        if self.has_changed:
            self._asks = True
            self._say("Keep the text? y keeps it · n throws it away · Esc goes on", "-asks")
        else:
            self.dismiss(None)

    def takes(self, key: str) -> bool:
        """Whether a key is the answer to what was asked; all others go on with the text."""
        if not self._asks:
            return False
        self._asks = False
        self._foot()
        if key == "y":
            self.action_keep()
        elif key == "n":
            self.dismiss(None)
        return key in {"y", "n", "escape"}

    def _foot(self) -> None:
        keep, leave = (keys_of(f"editor.{what}", self._keymap) for what in ("keep", "leave"))
        self._say(f"{keep} keeps it · {leave} leaves", "")

    def _say(self, words: str, manner: str) -> None:
        self.query_one("#editor-foot", Static).update(Content(clean(words)))
        for name in ("-asks", "-wrong"):
            self.set_class(name == manner, name)


class EditorArea(LinesArea):
    """The text; keys of the dialog are run in their turn."""

    def __init__(self, text: str, keymap: Mapping[str, str]) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self._actions = actions(("editor",), keymap)

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        editor = self.screen
        taken = isinstance(editor, Editor) and editor.takes(event.key)
        action = None if taken else self._actions.get(event.key)
        if taken or action is not None or event.key in {"tab", "shift+tab"}:
            event.stop()
            event.prevent_default()
        if action is not None:
            await self.run_action(f"screen.{action}")
        elif not taken:
            await ran_own(self, event)
