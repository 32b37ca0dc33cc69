"""Changes the keys of one command by having the new ones pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import clean
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.passing import passed_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

_KEYS = "Enter: another key · a: one more · n: none · d: default · Esc: back"
_PRESS = "Press the key now; whatever it is, it is taken."


class Recorder(Dialog[None]):
    """Each change holds at once; what can't be had is told, and nothing has changed then."""

    def __init__(
        self,
        sentence: str,
        whose: str,
        *,
        now: Callable[[], str],
        present: Callable[[], list[str]],
        change: Callable[[Sequence[str] | None], str],
    ) -> None:
        """`now` gives the present keys for people, `present` by name; `change` gives what to mind, or raises."""
        super().__init__()
        self._sentence, self._whose = sentence, whose
        self._now, self._present, self._change = now, present, change
        self._recording = ""

    def compose(self) -> ComposeResult:
        """The command, its keys, what to mind, what can be done."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(clean(self._sentence), "bold"))
            yield Static(Content.styled(clean(self._whose), "$muted"))
            yield Static(id="keys-now", classes="gap")
            yield Static(id="keys-told")
            yield PressedField(classes="gap")

    def on_mount(self) -> None:
        """Keys come in at once."""
        self.set_focus(self.query_one(PressedField))
        self._tell("")

    async def on_key(self, event: events.Key) -> None:
        """Keys that were there before the field was belong to it."""
        await passed_on(self, event)

    def take_key(self, event: events.Key) -> bool:
        """A key to be recorded, or one that says what to do; whether it was either."""
        if self._recording:
            self._record(name_of(event))
            return True
        match event.key:
            case "enter" | "a":
                self._recording = "add" if event.key == "a" else "replace"
                self._tell("", _PRESS)
            case "n":
                self._put([])
            case "d":
                self._put(None)
            case "escape":
                self.dismiss(None)
            case _:
                return False
        return True

    def _record(self, key: str) -> None:
        before = self._present() if self._recording == "add" else []
        self._recording = ""
        self._put(list(dict.fromkeys([*before, key])))

    def _put(self, keys: Sequence[str] | None) -> None:
        try:
            self._tell(self._change(keys))
        except ValueError as trouble:
            self._tell(str(trouble), is_wrong=True)

    def _tell(self, words: str, foot: str = _KEYS, *, is_wrong: bool = False) -> None:
        self.query_one("#keys-now", Static).update(Content(f"Keys: {self._now()}"))
        told = Content.styled(clean(words), "$error" if is_wrong else "$warning")
        self.query_one("#keys-told", Static).update(told)
        style = "$accent bold" if foot == _PRESS else "$muted"
        self.query_one(PressedField).update(Content.styled(foot, style))


class PressedField(Static, can_focus=True):
    """Where keys come in, each in its turn."""

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        recorder = self.screen
        if isinstance(recorder, Recorder) and recorder.take_key(event):
            event.stop()
            event.prevent_default()


def name_of(event: events.Key) -> str:
    """A key's name as the settings have it: its character where that is plain, such as `?` or `G`."""
    character = event.character or ""
    plain = len(character) == 1 and "!" <= character <= "~" and character not in ",+"
    return character if plain and "+" not in event.key else event.key
