"""The first start: three ways to somebody who answers, and no dead end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.core.failure import Failure
from tui.core.text import clean
from tui.core.words import Kind
from tui.ui.widgets.passing import passed_on, ran_own

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from textual import events
    from textual.app import ComposeResult

    from tui.core.ports import Setup
    from tui.core.provider import Provider

WELCOME = "Welcome to bise. Who shall answer?"
WAYS = {"1": "mistral", "2": "local", "3": "server"}
KINDS = ", ".join(kind.value for kind in Kind)


class Field(Input):
    """A line to be filled in. Enter is taken in its turn, before the keys behind it."""

    def __init__(self, placeholder: str, *, id: str, classes: str, password: bool = False) -> None:
        super().__init__(placeholder=placeholder, id=id, classes=classes, password=password)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if not await passed_on(self, event):
            await ran_own(self, event, {"enter": "screen.entered"})


class StartScreen(ModalScreen["Provider | None"]):
    """Offers a Mistral key, the embedded model, or another server; ends with the provider that works."""

    BINDINGS: ClassVar = [
        ("escape", "back", "Back"),
        ("ctrl+q", "app.leave", "Quit"),
    ]
    AUTO_FOCUS = ""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._setup = setup
        self._way = ""

    def compose(self) -> ComposeResult:
        """The choice, the fields of each way, and a line for what happens."""
        with VerticalScroll(classes="dialog", id="start", can_focus=False):
            yield Static(Content.styled(WELCOME, "bold"), id="welcome")
            yield from self._choice()
            yield Field(
                placeholder="Mistral API key (typed unseen), then Enter",
                password=True,
                id="key",
                classes="way mistral",
            )
            yield Field(
                placeholder="URL, such as http://localhost:11434/v1", id="url", classes="way server"
            )
            yield Field(placeholder=f"Kind: {KINDS}", id="kind", classes="way server")
            yield Field(
                placeholder="Key, if it wants one (typed unseen), then Enter",
                password=True,
                id="server-key",
                classes="way server",
            )
            yield Static(id="doing", classes="gap")
            yield Static(id="failure", classes="gap")

    def _choice(self) -> ComposeResult:
        first = _way_on("1", "A Mistral API key: the best models, an account is needed")
        second = _way_on("2", "The embedded model: no account, nothing leaves this computer")
        third = _way_on("3", "Another server: Ollama, llama.cpp, vLLM, OpenAI, … by its URL")
        yield Static(Content("\n").join([first, second]), classes="gap")
        yield Static(Content(clean(self._setup.model_facts)), classes="facts")
        yield Static(third)
        yield Static(Content.styled("Esc goes back, Ctrl+Q quits", "$text-muted"), classes="gap")

    async def on_key(self, event: events.Key) -> None:
        """Choose a way by its number; what is typed behind it belongs to the way's first field."""
        if self._way:
            if event.is_printable or event.key == "enter":  # a field lets none of these through
                await passed_on(self, event)
        elif event.key in WAYS:
            event.stop()
            self.action_way(WAYS[event.key])

    def action_way(self, way: str) -> None:
        """Go one of the three ways."""
        self._way = way
        self._say("")
        for field in self.query(".way"):
            field.display = field.has_class(way)
        if way == "local":
            self._begin(self._setup.fetch_model(self._progress), "Fetching the embedded model …")
        else:
            self.set_focus(self.query_one("#key" if way == "mistral" else "#url", Field))

    def action_back(self) -> None:
        """Give up what is going on; from the choice itself, leave."""
        running = [worker for worker in self.workers if worker.group == "way"]
        self.workers.cancel_group(self, "way")
        if self._way:
            self._to_choice("Given up." if running else "")
        else:
            self.dismiss(None)

    def action_entered(self) -> None:
        """A field is filled in: go on to the next one, or begin."""
        field = self.focused
        if not isinstance(field, Field):
            return
        if field.id == "key":
            if field.value.strip():
                self._begin(
                    self._setup.try_key(field.value.strip()), "Asking Mistral for its models …"
                )
        elif field.id == "server-key":
            self._try_server()
        else:
            self.set_focus(self.query_one("#kind" if field.id == "url" else "#server-key", Field))

    def _try_server(self) -> None:
        url, kind, key = (
            self.query_one(f"#{name}", Field).value.strip()
            for name in ("url", "kind", "server-key")
        )
        kind = kind.lower() or Kind.OPENAI
        if kind not in set(Kind):
            self._say(f"There is no kind {kind!r}. Choose one of {KINDS}.")
            self.set_focus(self.query_one("#kind", Field))
        elif not url:
            self._say("Type the server's URL, such as http://localhost:11434/v1.")
            self.set_focus(self.query_one("#url", Field))
        else:
            self._begin(
                self._setup.try_server(url, Kind(kind), key, ""),
                f"Asking {clean(url)} for its models …",
            )

    @work(group="way", exclusive=True, exit_on_error=False)
    async def _begin(self, way: Awaitable[Provider], words: str) -> None:
        self._say("")
        self._tell(words)
        try:
            provider = await way
        except Failure as failure:
            self._to_choice(failure.sentence)
        else:
            self.dismiss(provider)

    def _progress(self, done: int, total: int) -> None:
        self._tell(
            f"Fetching the embedded model: {done / 1e6:.0f} of {total / 1e6:.0f} MB · Esc gives up"
        )

    def _to_choice(self, words: str) -> None:
        """Back to the choice with a sentence of what happened; what was typed stays in its field."""
        self._way = ""
        self._tell("")
        self._say(words)
        for field in self.query(".way"):
            field.display = False
        self.set_focus(None)

    def _tell(self, words: str) -> None:
        self.query_one("#doing", Static).update(Content(words))

    def _say(self, words: str) -> None:
        self.query_one("#failure", Static).update(Content(clean(words)))


def _way_on(key: str, words: str) -> Content:
    return Content.assemble((key, "bold $accent"), f"  {words}")
