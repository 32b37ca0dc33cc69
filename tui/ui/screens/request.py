"""A request as it goes to its server, in several forms, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.nesting import read_json
from tui.core.text import clean, one_line
from tui.ui.keys import actions, keys_of
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.text_sheet import TextSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.core.ports import PrintedRequest, SentRequest

FORMS = {
    "json": ("JSON", "json"),
    "http": ("HTTP", "http"),
    "curl": ("curl", "sh"),
    "python": ("Python", "py"),
    "typescript": ("TypeScript", "ts"),
}
"""The forms of a request: what they are called, and how files with them end."""

CAME = "came"
"""In the place of a form: what came of the request."""

LOOK_EVERY_S = 1.0
"""How often is looked for what has come meanwhile, in seconds."""

BY_HAND = "changed by hand: this is sent once, as it stands here"


@dataclass(frozen=True, slots=True)
class Sending:
    """The request is to be sent."""

    body: dict[str, Any] | None
    """As it was changed by hand; None if it was not."""


@dataclass(frozen=True, slots=True)
class Doings:
    """What the screen has others do for it."""

    copy: Callable[[str, str], None]
    """A text, and what it is."""
    save: Callable[[RequestScreen, str, str], None]
    """A text, and the file name that is proposed."""
    edit_outside: Callable[[RequestScreen, str], None]
    """A text, to be given back by `RequestScreen.put`."""


class RequestScreen(Dialog[Sending]):
    """Ends with `Sending` if the request is to be sent, else with None."""

    PLACE = "request"
    DEFAULT_CSS = """
    RequestScreen > #request { width: 100%; max-width: 130; height: 100%; background: $surface; border: round $primary; padding: 0 1; }
    RequestScreen #request-title, RequestScreen #request-forms { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    RequestScreen #request-notes { height: auto; max-height: 5; color: $warning; }
    RequestScreen Sheet { border-top: solid $panel; }
    RequestScreen #request-foot { height: auto; max-height: 2; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        title: str,
        printed: PrintedRequest,
        doings: Doings,
        *,
        sent: SentRequest | None = None,
        sends: str = "sends it",
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        """`sends` says what Enter does; empty if it does nothing."""
        super().__init__()
        self._title_words, self._printed, self._doings = title, printed, doings
        self._sent, self._sends = sent, sends
        self._keymap = keymap or {}
        self._actions = actions(("request",), self._keymap)
        self._forms = [*FORMS, CAME] if sent is not None else [*FORMS]
        self._form = self._forms[0]
        self._body: dict[str, Any] | None = None
        self._texts: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Title, forms, what was changed on the way, the text, keys."""
        with Vertical(id="request"):
            yield Static(id="request-title")
            yield Static(id="request-forms")
            yield Static(id="request-notes")
            yield Sheet()
            yield Static(id="request-foot")

    def on_mount(self) -> None:
        """The text has the keys at once."""
        self.set_focus(self._sheet)
        self.set_interval(LOOK_EVERY_S, self._look)
        self._show()

    @property
    def _sheet(self) -> Sheet:
        return self.query_one(Sheet)

    def _show(self) -> None:
        title = f"{self._title_words} · {one_line(self._printed.url, 200)}"
        self.query_one("#request-title", Static).update(Content.styled(clean(title), "bold"))
        names = [(form, FORMS[form][0] if form in FORMS else "what came") for form in self._forms]
        self.query_one("#request-forms", Static).update(
            Content("  ").join(
                Content.styled(f"{at} {name}", "reverse" if form == self._form else "$text-muted")
                for at, (form, name) in enumerate(names, 1)
            )
        )
        notes = "\n".join(f"• {one_line(note, 300)}" for note in self._printed.notes)
        self.query_one("#request-notes", Static).update(Content(notes))
        self.query_one("#request-notes", Static).display = bool(notes)
        self.query_one("#request-foot", Static).update(Content(self._foot()))
        self._sheet.show(self.text)

    def _foot(self) -> str:
        ways = {
            "send": self._sends,
            "copy": "copies",
            "save": "saves",
            "edit": "edits",
            "edit_outside": "$EDITOR",
            "next": "next form",
            "leave": "leaves",
        }
        words = [
            f"{keys.split()[0]} {does}"
            for name, does in ways.items()
            if does and (keys := keys_of(f"request.{name}", self._keymap))
        ]
        return " · ".join(words)

    @property
    def text(self) -> str:
        """The request in the form that is shown, or what came of it."""
        if self._form == CAME:
            lines = self._sent.lines() if self._sent is not None else ()
            return "\n".join(f"{seconds:9.3f}  {text}" for seconds, text in lines)
        if self._form not in self._texts:
            self._texts[self._form] = self._printed.as_form(self._form)
        return self._texts[self._form]

    def _look(self) -> None:
        if self._form == CAME:
            self._sheet.show(self.text, stay=True)

    def put(self, text: str) -> str:
        """Take what was written by hand in place of the request; gives what is wrong with it."""
        try:
            body = read_body(text)
        except ValueError as trouble:
            return str(trouble)
        if body != self._printed.body:
            note = BY_HAND if self._body is None else ""
            self._body = body
            self._printed = self._printed.with_body(body, note)
            self._texts.clear()
            self._form = "json"
            self._show()
        return ""

    async def edit(self, text: str) -> None:
        """Have the request written by hand in a dialog."""
        from tui.ui.widgets.editor import Editor

        def check(text: str) -> str:
            try:
                read_body(text)
            except ValueError as trouble:
                return str(trouble)
            return ""

        def kept(text: str | None) -> None:
            if text is not None:
                self.put(text)

        title = "The request's JSON, to be sent once as it stands here"
        await self.app.push_screen(Editor(title, text, check=check, keymap=self._keymap), kept)

    # -- keys

    def action_of(self, key: str) -> str | None:
        """What a key does here; digits choose a form."""
        if key.isdecimal() and 0 < int(key) <= len(self._forms):
            return f"form({int(key) - 1})"
        return self._actions.get(key)

    def action_form(self, at: int) -> None:
        """Show a form by its place."""
        self._form = self._forms[at % len(self._forms)]
        self._show()

    def action_turn(self, step: int) -> None:
        """Show the next form, or the one before."""
        self.action_form(self._forms.index(self._form) + step)

    def action_rows(self, step: int) -> None:
        """Scroll by rows."""
        self._sheet.go(step)

    def action_pages(self, step: int) -> None:
        """Scroll by pages."""
        self._sheet.page(step)

    def action_copy(self) -> None:
        """Copy what is shown."""
        what = FORMS[self._form][0] if self._form in FORMS else "record"
        self._doings.copy(self.text, what)

    def action_save(self) -> None:
        """Save what is shown to a file."""
        ending = FORMS[self._form][1] if self._form in FORMS else "txt"
        self._doings.save(self, self.text, f"request.{ending}")

    async def action_edit(self) -> None:
        """Have the JSON changed by hand."""
        await self.edit(self._printed.as_form("json").rstrip())

    def action_edit_outside(self) -> None:
        """The same with the user's own editor."""
        self._doings.edit_outside(self, self._printed.as_form("json"))

    def action_send(self) -> None:
        """End, and have it sent."""
        if self._sends:
            self.dismiss(Sending(self._body))

    def action_leave(self) -> None:
        """End."""
        self.dismiss(None)


class Sheet(TextSheet):
    """The text; keys are taken in their turn."""

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        screen = self.screen
        action = screen.action_of(event.key) if isinstance(screen, RequestScreen) else None
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(f"screen.{action}")


def read_body(text: str) -> dict[str, Any]:
    """The request that was written. Raises `ValueError` with a sentence."""
    try:
        body = read_json(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"Line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("It is nested too deeply") from None
    if not isinstance(body, dict):
        raise ValueError("A request is a JSON object: { … }")
    return body


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}")
