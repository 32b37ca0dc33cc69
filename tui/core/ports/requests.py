"""Ports to requests as they go over the line, for looking at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tui.core.completion import CompletionRequest
    from tui.core.provider import Provider


class PrintedRequest(Protocol):
    """A request as it goes over the line, but for the key: in its place stands the name of a variable."""

    @property
    def url(self) -> str:
        """Where it goes."""
        ...

    @property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What was left out, translated or repaired, in words."""
        ...

    def as_form(self, name: str) -> str:
        """The request as text: `json`, `http`, `curl`, `python` or `typescript`."""
        ...

    def with_body(self, body: dict[str, Any], note: str = "") -> PrintedRequest:
        """The same with another body."""
        ...


class SentRequest(Protocol):
    """A request that was sent, and what came of it."""

    @property
    def printed(self) -> PrintedRequest:
        """What was sent."""
        ...

    @property
    def at(self) -> float:
        """When it was sent, in seconds since the epoch."""
        ...

    def lines(self) -> Iterable[tuple[float, str]]:
        """What came, line by line, each with the seconds from sending until then."""
        ...


class Inspector(Protocol):
    """Shows requests and what came of them."""

    def preview(self, request: CompletionRequest, provider: Provider) -> PrintedRequest:
        """The request as it would be sent now. Blocks on the disk; raises `Failure` if it can't be sent."""
        ...

    def sent(self, message_id: str) -> SentRequest | None:
        """What was sent for a reply of this run; None if that is not known any more."""
        ...

    def save(self, path: str, text: str) -> Path:
        """Write a text to a file that is not there yet. Blocks on the disk; raises `Failure`."""
        ...
