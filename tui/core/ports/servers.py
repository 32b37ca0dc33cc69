"""Ports to servers, and to what is known of their models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tui.core.checks import Report
    from tui.core.completion import CompletionRequest
    from tui.core.costs import Prices
    from tui.core.events import ReplyEvent
    from tui.core.models import ModelCard, ModelList
    from tui.core.provider import Provider


class Backend(Protocol):
    """One server that completes chats."""

    def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        """The events of one reply, in the order of `core.events`.

        Closing or cancelling the iteration closes the connection at once.
        Raises `Failure` when the reply fails; its `reply` holds what had arrived.
        """
        ...

    async def models(self) -> list[ModelCard]:
        """The models on offer for chats; raises `Failure`."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


class Backends(Protocol):
    """Finds the backend of a provider, starting what has to be started."""

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> Backend:
        """The backend of a provider; `told` hears in words what is going on meanwhile.

        Raises `Failure` if it can't be had (no key, no embedded model, plain http).
        """
        ...

    async def aclose(self) -> None:
        """Close all backends and end what was started."""
        ...


class Catalogue(Protocol):
    """The models to choose from."""

    def kept(self, provider: Provider) -> ModelList | None:
        """What the server offered when it was last asked; None if it never was. Blocks on the disk."""
        ...

    async def fetch(self, provider: Provider) -> ModelList:
        """What the server offers now; it is kept. Raises `Failure` if it can't be had."""
        ...


class ModelBook(Protocol):
    """What is known of models: by the user, else their servers' lists as last seen, else this program.

    Blocks on the disk when it is asked for a provider for the first time; quick then.
    """

    def card(self, provider: str | None, model: str | None) -> ModelCard | None:
        """The model of a provider, by their names; None if nothing is known of it."""
        ...

    def prices(self, provider: str | None, model: str | None) -> Prices:
        """What it costs, as far as is known."""
        ...

    def renew(self) -> None:
        """A server's list was fetched anew, or the settings were changed: read them again."""
        ...


class Tokenizer(Protocol):
    """Counts tokens exactly, where the user has installed what that takes."""

    def load(self) -> bool:
        """Get ready, which may take seconds: call it in a thread. Whether it can count now."""
        ...

    def count(self, text: str) -> int:
        """The tokens of a text; an estimate as long as it is not ready."""
        ...


class ProviderShelf(Protocol):
    """Keeps the servers. What blocks does so on the disk, and raises `Failure`."""

    async def check(self, provider: Provider, key: str | None = None) -> Report:
        """Ask a server for its models and tell how far that went; by another key than the kept one, if given."""
        ...

    def key_words(self, provider: Provider) -> str:
        """Where a server's key comes from, in words; never the key. Blocks."""
        ...

    def save(self, before: Provider | None, provider: Provider, key: str | None = None) -> None:
        """Save a server, new if there was none before, and its key: an empty one is forgotten. Blocks."""
        ...

    def remove(self, name: str) -> None:
        """Take a server and its kept key out; one that comes with the program is as it came again. Blocks."""
        ...

    def restore(self, name: str) -> None:
        """Put back a server that was removed since the start, and its key. Blocks."""
        ...
