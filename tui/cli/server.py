"""Opens the one server that a command speaks to, and runs the command on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tui.cli.log import log_to
from tui.cli.parts import Parts
from tui.cli.telling import FAILED, INTERRUPTED, WRONG_USE, tell
from tui.core.failure import Failure, FailureKind
from tui.store.places import Places
from tui.wire.client import Client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.cli.options import Wanted
    from tui.core.provider import Provider

T = TypeVar("T")


class Opened(NamedTuple):
    """The parts, and the provider that is meant."""

    parts: Parts
    provider: Provider


def open_parts(wanted: Wanted) -> Opened | int:
    """What a command works with, or its exit status if that can't be had; it was told why."""
    places = Places.from_environment()
    log_to(places.log_file)
    try:
        parts = Parts.of(wanted, places)
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE
    for problem in parts.problems:
        tell(problem)
    if parts.provider is None:
        tell("there is no server: set MISTRAL_API_KEY, or use --base-url, or run: bise")
        return WRONG_USE
    return Opened(parts, parts.providers[parts.provider])


async def with_client(opened: Opened, use: Callable[[Client], Awaitable[T]]) -> T:
    """Use the provider's client, and close it. Raises `Failure`."""
    try:
        backend = await opened.parts.servers.backend(opened.provider, tell)
        if not isinstance(backend, Client):
            raise Failure(
                FailureKind.CONFIG,
                "The embedded model can only chat",
                advice="Name another server, by --provider or --base-url.",
            )
        return await use(backend)
    finally:
        await opened.parts.servers.aclose()


def run(work: Callable[[], Awaitable[int]]) -> int:
    """Run a command's work and give its exit status; a failure is told."""

    async def whole() -> int:
        return await work()

    try:
        return asyncio.run(whole())
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE if failure.kind is FailureKind.CONFIG else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
