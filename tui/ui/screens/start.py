"""The first start: three ways to somebody who answers, and no dead end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.core.failure import Failure
from tui.core.text import clean
from tui.core.words import Kind

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from textual.app import ComposeResult

    from tui.core.ports import Setup
    from tui.core.provider import Provider

WELCOME = "Welcome to bise. Who shall answer?"
KINDS = ", ".join(kind.value for kind in Kind)


class StartScreen(ModalScreen["Provider | None"]):
    """Offers a Mistral key, the embedded model, or another server; ends with the provider that works."""

    BINDINGS: ClassVar = [
        ("1", "way('mistral')", "A Mistral key"),
        ("2", "way('local')", "The embedded model"),
        ("3", "way('server')", "Another server"),
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
            yield Static(self._choice(), id="choice", classes="gap")
            yield Input(
                placeholder="Mistral API key (typed unseen), then Enter",
                password=True,
                id="key",
                classes="way mistral",
            )
            yield Input(
                placeholder="URL, such as http://localhost:11434/v1", id="url", classes="way server"
            )
            yield Input(placeholder=f"Kind: {KINDS}", id="kind", classes="way server")
            yield Input(
                placeholder="Key, if it wants one (typed unseen), then Enter",
                password=True,
                id="server-key",
                classes="way server",
            )
            yield Static(id="doing", classes="gap")
            yield Static(id="failure", classes="gap")

    def _choice(self) -> Content:
        return Content.assemble(
            ("1", "bold $accent"), "  A Mistral API key: the best models, an account is needed\n",
            ("2", "bold $accent"), f"  The embedded model: no account, nothing leaves this computer\n     {clean(self._setup.model_facts)}\n",
            ("3", "bold $accent"), "  Another server: Ollama, llama.cpp, vLLM, OpenAI, … by its URL\n\n",
            ("Esc goes back, Ctrl+Q quits", "$text-muted"),
        )  # fmt: skip

    def action_way(self, way: str) -> None:
        """Go one of the three ways; a number typed into a field does not get here."""
        self._way = way
        self._say("")
        for field in self.query(".way"):
            field.display = field.has_class(way)
        if way == "local":
            self._begin(self._setup.fetch_model(self._progress), "Fetching the embedded model …")
        else:
            self.set_focus(self.query_one("#key" if way == "mistral" else "#url", Input))

    def action_back(self) -> None:
        """Give up what is going on; from the choice itself, leave."""
        running = [worker for worker in self.workers if worker.group == "way"]
        self.workers.cancel_group(self, "way")
        if self._way:
            self._to_choice("Given up." if running else "")
        else:
            self.dismiss(None)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.input.id == "key":
            key = event.value.strip()
            if key:
                self._begin(self._setup.try_key(key), "Asking Mistral for its models …")
        elif event.input.id == "server-key":
            self._try_server()
        else:
            self.focus_next()

    def _try_server(self) -> None:
        url, kind, key = (
            self.query_one(f"#{name}", Input).value.strip()
            for name in ("url", "kind", "server-key")
        )
        kind = kind.lower() or Kind.OPENAI
        if kind not in set(Kind):
            self._say(f"There is no kind {kind!r}. Choose one of {KINDS}.")
            self.set_focus(self.query_one("#kind", Input))
        elif not url:
            self._say("Type the server's URL, such as http://localhost:11434/v1.")
            self.set_focus(self.query_one("#url", Input))
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
