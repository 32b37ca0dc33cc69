"""The form of one server: its settings in rows, and what a look at it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.failure import Failure
from tui.core.hosts import with_scheme
from tui.core.text import one_line
from tui.core.words import Kind
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.ask import Ask, Confirm
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.rowlist import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual import events
    from textual.app import ComposeResult

    from tui.core.checks import Report
    from tui.core.provider import Provider

GUESS = "guess"
"""In the place of a kind: ask the server."""

_KINDS = [GUESS, *Kind]
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKS_LIKE_KEY = re.compile(r"sk-|[A-Za-z0-9_-]{28,}")
_HEADER = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\t -~]*)")
_PRIVATE = re.compile(r"auth|key|token|secret|cookie|pass", re.IGNORECASE)
_NAME = re.compile(r"[^\x00-\x1f\x7f/]{1,80}")
_WITH_PASSWORD = re.compile(r"//[^/@]*@")
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the form."""

    name: str
    """The setting's name; `key` for the key that is kept in a file of its own."""
    title: str
    help: str


FIELDS = (
    Field("name", "Name", "by which chats know it; it can't be changed later"),
    Field("base_url", "URL", "such as https://api.example.com/v1 or localhost:8080"),
    Field("kind", "Kind", "the dialect that it speaks; Enter or ← → change it, “guess” asks the server"),
    Field("model", "Model", "that new chats with it ask; after a look at the server there is a list"),
    Field("api_key_env", "Key from variable", "the name of the environment variable that holds the key"),
    Field("api_key_cmd", "Key from command", "a command that prints the key, such as: pass show mistral"),
    Field("key", "Key in a file", "kept in a file that only you can read; an empty one is forgotten"),
    Field("headers", "Headers", "sent with every request: Name: value, several with ; between them"),
    Field("proxy", "Proxy", "such as proxy:3128; empty: as the environment says"),
    Field("ca_file", "CA file", "a PEM file of certificate authorities to trust besides the usual ones"),
    Field("client_cert", "Client certificate", "a PEM file by which this client proves who it is"),
    Field("client_key", "Key of certificate", "a PEM file; empty: it stands in the same file as the certificate"),
    Field("allow_http", "Plain http", "whether it may be spoken to without TLS though it is another computer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acts:
    """What the form has done for it."""

    check: Callable[[Provider, str | None], Awaitable[Report]]
    save: Callable[[Provider | None, Provider, str | None], Awaitable[None]]
    """Raises `Failure`."""
    choose_model: Callable[[list[str], Callable[[str | None], None]], Awaitable[None]]


class ProviderScreen(Dialog[str]):
    """Ends with the server's name if it was saved, else with None."""

    DEFAULT_CSS = """
    ProviderScreen > #server { width: 100; max-width: 100%; height: 90%; min-height: 14; max-height: 100%; background: $surface; border: round $primary; padding: 0 1; }
    ProviderScreen FormRows { height: 1fr; min-height: 5; }
    ProviderScreen #server-help { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    ProviderScreen #server-report { height: auto; max-height: 9; border-top: solid $panel; }
    ProviderScreen #server-foot { height: auto; max-height: 2; color: $text-muted; }
    """

    def __init__(
        self,
        before: Provider | None,
        key_words: str,
        acts: Acts,
        *,
        taken_names: frozenset[str] = frozenset(),
    ) -> None:
        """`before` is None for a new server; `key_words` tell where its key comes from."""
        super().__init__()
        self._before, self._key_words, self._acts = before, key_words, acts
        self._taken_names = taken_names
        self._values: dict[str, Any] = {"kind": GUESS, "headers": {}}
        if before is not None:
            self._values = {f.name: getattr(before, f.name, None) for f in FIELDS}
        self._first = dict(self._values)
        self._key: str | None = None
        self._models: list[str] = []
        self._is_busy = False

    def compose(self) -> ComposeResult:
        """Title, rows, help for the row, what the server said, keys."""
        title = "A new server" if self._before is None else f"Server {self._before.name}"
        with Vertical(id="server"):
            yield Static(Content.styled(one_line(title, 90), "bold"))
            yield FormRows()
            yield Static(id="server-help")
            yield Static(id="server-report")
            words = "Enter changes · Ctrl+T looks at the server · Ctrl+O saves · Esc leaves"
            yield Static(Content(words), id="server-foot")

    def on_mount(self) -> None:
        """The rows have the keys at once."""
        self.set_focus(self._rows)
        self.query_one("#server-report").display = False
        self._list()

    @property
    def _rows(self) -> FormRows:
        return self.query_one(FormRows)

    def _list(self) -> None:
        rows = [Row(f, f.title, self._shown(f)) for f in FIELDS]
        self._rows.show(rows, at=self._rows.at)

    def _shown(self, field: Field) -> str:
        value = self._values.get(field.name)
        match field.name:
            case "key":
                typed = {None: self._key_words, "": "is forgotten when this is saved"}
                return typed.get(self._key, "typed, not saved yet")
            case "headers":
                return "; ".join(
                    f"{name}: {HIDDEN if _PRIVATE.search(name) else text}"
                    for name, text in (value or {}).items()
                )
            case "allow_http":
                return "allowed" if value else "refused"
            case "proxy":
                return _WITH_PASSWORD.sub(f"//{HIDDEN}@", value or "")
            case _:
                return str(value or "")

    def on_row_list_moved(self) -> None:
        """Tell what the row is about."""
        self.query_one("#server-help", Static).update(Content(FIELDS[self._rows.at].help))

    def on_row_list_clicked(self) -> None:
        """Change what was clicked."""
        self.run_worker(self._change())

    # -- keys

    async def on_key(self, event: events.Key) -> None:
        """Keys that were there before the rows were belong to them."""
        await passed_on(self, event)

    async def take_key(self, key: str) -> bool:
        """Do what a key does; whether it is one of ours."""
        rows = self._rows
        match key:
            case "down" | "tab":
                rows.go(rows.at + 1)
            case "up" | "shift+tab":
                rows.go(rows.at - 1)
            case "home" | "end":
                rows.go(0 if key == "home" else len(FIELDS) - 1)
            case "left" | "right":
                self._step(1 if key == "right" else -1)
            case "enter" | "space":
                await self._change()
            case "ctrl+t":
                self.run_worker(self._look(), group="server", exclusive=True)
            case "ctrl+o":
                self.run_worker(self._save(), group="server", exclusive=True)
            case "escape":
                await self._leave()
            case _:
                return False
        return True

    def _step(self, by: int) -> None:
        if FIELDS[self._rows.at].name == "kind":
            at = _KINDS.index(self._values["kind"])
            self._put("kind", _KINDS[(at + by) % len(_KINDS)])

    async def _change(self) -> None:
        field = FIELDS[self._rows.at]
        match field.name:
            case "kind":
                self._step(1)
            case "allow_http":
                self._put("allow_http", not self._values.get("allow_http"))
            case "name" if self._before is not None:
                self._tell("Chats know it by that name, so it stays; add another server instead.")
            case "model" if self._models:
                await self._acts.choose_model(self._models, self._model_chosen)
            case _:
                await self._ask(field)

    def _model_chosen(self, model: str | None) -> None:
        if model is not None:
            self._put("model", model)

    async def _ask(self, field: Field) -> None:
        value = self._values.get(field.name)
        text = "" if field.name == "key" or value is None else str(value)
        if field.name == "headers":
            text = "; ".join(f"{name}: {one}" for name, one in (value or {}).items())

        def taken(answer: str | None) -> None:
            if answer is not None:
                self._take(field, answer.strip())

        question = f"{field.title}: {field.help}"
        ask = Ask(question, text, check=lambda typed: self.wrong(field.name, typed.strip()))
        ask.is_secret = field.name == "key"
        await self.app.push_screen(ask, taken)

    def wrong(self, name: str, typed: str) -> str:
        """What is wrong with what was typed for a setting; nothing if it will do."""
        match name:
            case "name" if not _NAME.fullmatch(typed):
                return "It needs a name, without slashes."
            case "name" if typed in self._taken_names:
                return "There is a server of that name."
            case "api_key_env" if _LOOKS_LIKE_KEY.match(typed):
                return "That looks like a key. Here goes the name of the variable that holds it."
            case "api_key_env" if typed and not _VARIABLE.fullmatch(typed):
                return "That is no name of a variable."
            case "key" if typed and (
                not typed.isascii() or not typed.isprintable() or " " in typed
            ):
                return "It holds characters that no key has."
            case "headers":
                try:
                    _headers(typed)
                except ValueError as trouble:
                    return str(trouble)
        return ""

    def _take(self, field: Field, typed: str) -> None:
        if field.name == "key":
            self._key = typed
            self._list()
        elif field.name == "headers":
            self._put("headers", _headers(typed))
        else:
            typed = with_scheme(typed) if field.name == "base_url" else typed
            self._put(field.name, typed or None)
            if field.name == "base_url" and not self._values.get("name"):
                self._put("name", _name_of(typed, self._taken_names))

    def _put(self, name: str, value: Any) -> None:
        self._values[name] = value
        self._list()

    async def _leave(self) -> None:
        if self._values == self._first and self._key is None:
            self.dismiss(None)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        await self.app.push_screen(Confirm("Leave without saving?", careful=True), answered)

    # -- looking at the server, saving

    def provider(self) -> Provider:
        """What the form says. Raises `ValueError` with a sentence if something is missing."""
        from tui.core.provider import Provider

        values = {name: value for name, value in self._values.items() if value is not None}
        values.pop("key", None)
        if not values.get("name"):
            raise ValueError("It needs a name.")
        if not values.get("base_url") and self._before is None:
            raise ValueError("It needs a URL.")
        if values["kind"] == GUESS:
            values["kind"] = Kind.OPENAI
        kept = self._before.model_dump() if self._before is not None else {}
        cleared = {name: None for name, value in self._values.items() if value is None}
        cleared.pop("key", None)
        return Provider.model_validate({**kept, **cleared, **values})

    async def _look(self) -> Report | None:
        try:
            provider = self.provider()
        except ValueError as trouble:
            self._tell(str(trouble))
            return None
        self._tell("asking …")
        report = await self._acts.check(provider, self._key or None)
        self._models = [card.id for card in report.cards]
        if self._values["kind"] == GUESS and report.kind is not None:
            self._put("kind", report.kind)
        if len(self._models) == 1 and not self._values.get("model"):
            self._put("model", self._models[0])
        self._show(report)
        return report

    def _show(self, report: Report) -> None:
        marks = {True: ("✓", "$success"), False: ("✗", "$error"), None: ("?", "$warning")}
        lines = [
            Content.assemble(
                (f"{marks[step.is_right][0]} ", marks[step.is_right][1]),
                (f"{step.name:<11}", "bold"),
                one_line(step.words, 400),
            )
            for step in report.steps
        ]
        if report.kind is not None:
            seems = f"It seems to speak the dialect of {report.kind}"
            if self._values["kind"] != report.kind:
                seems += f"; {self._values['kind']} is set"
            lines.append(Content.styled(seems, "$text-muted"))
        self._tell(Content("\n").join(lines))

    def _tell(self, words: str | Content) -> None:
        if not self.is_open:
            return
        report = self.query_one("#server-report", Static)
        report.update(words if isinstance(words, Content) else Content(one_line(words, 500)))
        report.display = True

    async def _save(self) -> None:
        try:
            if self._values["kind"] == GUESS and await self._look() is None:
                return
            provider = self.provider()
            await self._acts.save(self._before, provider, self._key)
        except ValueError as trouble:
            self._tell(str(trouble))
        except Failure as failure:
            self._tell(failure.sentence)
        else:
            self.dismiss(provider.name)


class FormRows(RowList, can_focus=True):
    """The rows; keys are taken in their turn."""

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        screen = self.screen
        if isinstance(screen, ProviderScreen) and await screen.take_key(event.key):
            event.stop()
            event.prevent_default()


def _headers(text: str) -> Mapping[str, str]:
    """Headers as they are typed. Raises `ValueError` with a sentence."""
    headers = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = _HEADER.fullmatch(part)
        if found is None:
            raise ValueError(f"“{part[:40]}” is no header; write Name: value")
        headers[found[1]] = found[2]
    return headers


def _name_of(url: str, taken: frozenset[str]) -> str | None:
    """A name for a server, from its address."""
    host = re.sub(r"^\w+://", "", url).partition("/")[0].partition(":")[0]
    names = [host, *(f"{host}-{number}" for number in range(2, 100))]
    return next((name for name in names if _NAME.fullmatch(name) and name not in taken), None)
