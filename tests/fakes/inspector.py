"""Shows requests as the program does, of servers that do not exist; what was sent is what a test says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tui.core.completion import CompletionRequest
from tui.core.provider import Provider
from tui.wire.printed import Printed


class FakeSent:
    """A request that was sent, with what came."""

    at = 0.0

    def __init__(self, printed: Printed) -> None:
        self.printed = printed
        self.came: list[tuple[float, str]] = []

    def lines(self) -> Iterable[tuple[float, str]]:
        return self.came


class FakeInspector:
    """Fills in `core.ports.Inspector`."""

    def __init__(self) -> None:
        self.known: dict[str, FakeSent] = {}
        self.saved: dict[str, str] = {}

    def preview(self, request: CompletionRequest, provider: Provider) -> Printed:
        return Printed.of(request, provider, "SOME_KEY")

    def sent(self, message_id: str) -> FakeSent | None:
        return self.known.get(message_id)

    def save(self, path: str, text: str) -> Path:
        self.saved[path] = text
        return Path(path)
