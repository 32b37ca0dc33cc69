"""The options that say which server is meant; the full screen and `bise ask` share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.core.words import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    local: bool = False
    provider: str | None = None
    model: str | None = None
    base_url: str | None = None
    kind: Kind | None = None
    session: str | None = None
    ephemeral: bool = False
    """Whether nothing of what is said is to touch the disk."""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Wanted:
        """From click's options. Raises `UsageError` for options that exclude each other."""
        kind = options.get("kind")
        wanted = cls(
            local=bool(options.get("local")),
            provider=options.get("provider"),
            model=options.get("model"),
            base_url=options.get("base_url"),
            kind=Kind(kind) if kind else None,
            session=options.get("session"),
            ephemeral=bool(options.get("ephemeral")),
        )
        ways = [wanted.local, wanted.provider is not None, wanted.base_url is not None]
        if sum(ways) > 1:
            raise click.UsageError("--local, --provider and --base-url exclude each other")
        if wanted.kind is not None and wanted.base_url is None:
            raise click.UsageError("--kind goes with --base-url")
        if wanted.base_url is not None and not wanted.base_url.strip():
            raise click.UsageError(
                "--base-url is empty; it takes an address, such as https://api.example.com/v1"
            )
        if wanted.ephemeral and wanted.session is not None:
            raise click.UsageError("--ephemeral begins a new chat, so it goes without --session")
        return wanted


def server_options(command: F) -> F:
    """Adds the options to a command."""
    session = click.option(
        "--session", metavar="ID", help="Go on with this chat; a part of its title will do."
    )
    return provider_options(session(command))


def provider_options(command: F) -> F:
    """Adds those that do not concern a chat."""
    for option in reversed(
        [
            click.option("--local", is_flag=True, help="Use the embedded model; fetch it first if need be (93 MB)."),
            click.option("--provider", metavar="NAME", help="A server from the settings."),
            click.option("--model", metavar="ID", help="The model to use."),
            click.option("--base-url", metavar="URL", help="A server for this run only; its key is BISE_API_KEY, if set."),
            click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="What that server speaks; openai unless given."),
        ]
    ):  # fmt: skip
        command = option(command)
    return command
