"""Shows where a link leads, and opens it only after a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote, urlsplit

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import clean
from tui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult


class LinkScreen(Dialog[bool]):
    """Asks whether a link is to be opened; the target has been checked before."""

    BINDINGS: ClassVar = [
        ("y,enter", "dismiss(True)", "Open"),
        ("n,escape", "dismiss(False)", "Leave it"),
    ]

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def compose(self) -> ComposeResult:
        """The host on a line of its own: the rest of an address can imitate one."""
        parts = urlsplit(unquote(self._url))
        host = parts.hostname or parts.path
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Open this link?", "bold"))
            yield Static(Content.assemble((clean(host), "bold $accent")), classes="gap")
            yield Static(Content(clean(self._url)))
            yield Static(
                Content.styled("y or Enter opens it in the browser, Esc leaves it", "$text-muted"),
                classes="gap",
            )
