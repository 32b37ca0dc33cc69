"""`bise sessions rename | pin | unpin | tag | archive | restore | delete | purge | duplicate`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from tui.cli.numbers import Number
from tui.cli.sessions_naming import NOT_THROWN_AWAY, Cabinet, Named, for_each, status_of
from tui.cli.sessions_output import print_json, print_lines
from tui.cli.telling import DONE, WRONG_USE, tell
from tui.core.failure import Failure
from tui.core.words import Place
from tui.store.filing.filing import TomlFiling
from tui.store.filing.purging import DAYS, in_trash, purge_old
from tui.store.filing.purging import purge as purge_one

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERYWHERE = tuple(Place)
_name = click.argument("name")
_names = click.argument("names", metavar="NAME...", nargs=-1, required=True)


class _Filing(Cabinet):
    """The sessions, and what files them."""

    def __init__(self) -> None:
        super().__init__()
        self.filing = TomlFiling(self.places)

    def settled(self, name: str, among: Sequence[Place] = NOT_THROWN_AWAY) -> Named:
        """The chat that is meant, with what a killed bise left of a reply put into it. Raises `Failure`."""
        from tui.chat.recovery import recover
        from tui.store.state.journal import FileJournal

        chat = self.find(name, among)
        if recover(self.store, FileJournal(self.places), chat.id):
            tell(f"a reply that was cut off was put into {chat}")
        return chat


@click.command()
@_name
@click.argument("title")
@click.pass_context
def rename(context: click.Context, /, name: str, title: str) -> None:
    """Give a chat another TITLE."""
    cabinet = _Filing()
    context.exit(
        for_each(
            [name], lambda one: cabinet.filing.rename(cabinet.find(one, _EVERYWHERE).id, title)
        )
    )


@click.command()
@_names
@click.pass_context
def pin(context: click.Context, /, names: tuple[str, ...]) -> None:
    """Have chats stand first in the list."""
    cabinet = _Filing()
    context.exit(for_each(names, lambda one: cabinet.filing.pin(cabinet.find(one).id)))


@click.command()
@_names
@click.pass_context
def unpin(context: click.Context, /, names: tuple[str, ...]) -> None:
    """Have chats stand where their time puts them."""
    cabinet = _Filing()
    context.exit(for_each(names, lambda one: cabinet.filing.unpin(cabinet.find(one).id)))


@click.command()
@_name
@click.argument("tags", nargs=-1)
@click.option("--remove", "-r", "removed", multiple=True, metavar="TAG", help="Take a tag away.")
@click.option("--json", "as_json", is_flag=True, help="Print the tags as JSON.")
@click.pass_context
def tag(
    context: click.Context,
    /,
    name: str,
    tags: tuple[str, ...],
    removed: tuple[str, ...],
    as_json: bool,
) -> None:
    """File a chat under TAGS, and print those that it has then."""
    cabinet = _Filing()
    try:
        kept = cabinet.filing.tag(cabinet.find(name, _EVERYWHERE).id, tags, removed)
    except Failure as failure:
        context.exit(status_of(failure))
    context.exit(print_json(kept) if as_json else print_lines(kept))


@click.command()
@_names
@click.pass_context
def archive(context: click.Context, /, names: tuple[str, ...]) -> None:
    """Move chats to the archive: kept, searched, and out of the list."""
    cabinet = _Filing()

    def act(name: str) -> None:
        chat = cabinet.settled(name, [Place.OPEN])
        cabinet.filing.archive(chat.id)
        tell(f"archived {chat}")

    context.exit(for_each(names, act))


@click.command()
@_names
@click.pass_context
def restore(context: click.Context, /, names: tuple[str, ...]) -> None:
    """Bring chats back from the archive or the trash."""
    cabinet = _Filing()

    def act(name: str) -> None:
        chat = cabinet.settled(name, [Place.TRASH, Place.ARCHIVE])
        restored = cabinet.filing.restore(chat.id)
        tell(f"restored {chat.named}" + (f" as {restored}" if restored != chat.id else ""))

    context.exit(for_each(names, act))


@click.command()
@_names
@click.pass_context
def delete(context: click.Context, /, names: tuple[str, ...]) -> None:
    """Throw chats away; for 30 days they can be restored."""
    cabinet = _Filing()

    def act(name: str) -> None:
        chat = cabinet.settled(name)
        deleted = cabinet.filing.delete(chat.id)
        tell(f"deleted {chat}; to bring it back: bise sessions restore {deleted}")

    context.exit(for_each(names, act))


@click.command(short_help="Remove chats in the trash for good.")
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that lies in the trash.")
@click.option(
    "--older-than",
    type=Number(0),
    default=DAYS,
    show_default=True,
    metavar="DAYS",
    help="Without a NAME: what has lain there for so long.",
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the ids as JSON.")
@click.pass_context
def purge(
    context: click.Context,
    /,
    names: tuple[str, ...],
    everything: bool,
    older_than: float,
    yes: bool,
    as_json: bool,
) -> None:
    """Remove chats in the trash for good; with neither NAME nor --all those older than 30 days."""
    cabinet = _Filing()
    if names and everything:
        raise click.UsageError("give names or --all, not both")
    if not names and not everything:
        purged = purge_old(cabinet.places, time.time(), older_than)
        context.exit(_told(purged, as_json=as_json))
    try:
        ids = [cabinet.find(name, [Place.TRASH]).id for name in names] or in_trash(cabinet.places)
    except Failure as failure:
        context.exit(status_of(failure))
    if ids and not yes and not _confirmed(len(ids)):
        context.exit(WRONG_USE)
    purged = []

    def act(session_id: str) -> None:
        purge_one(cabinet.places, session_id)
        purged.append(session_id)

    status = for_each(ids, act)
    context.exit(max(status, _told(purged, as_json=as_json)))


def _confirmed(count: int) -> bool:
    chats = "a chat" if count == 1 else f"{count} chats"
    if not sys.stdin.isatty():
        tell(f"this removes {chats} for good; add --yes")
        return False
    return click.confirm(f"Remove {chats} for good?", err=True)


def _told(purged: Sequence[str], *, as_json: bool) -> int:
    if as_json:
        return print_json(list(purged))
    for session_id in purged:
        tell(f"removed {session_id} for good")
    return DONE


@click.command()
@_name
@click.option(
    "--json", "as_json", is_flag=True, help="Print an object with the copy's id and path."
)
@click.pass_context
def duplicate(context: click.Context, /, name: str, as_json: bool) -> None:
    """Make a copy of a chat, and print the copy's id."""
    cabinet = _Filing()
    try:
        copy = cabinet.filing.duplicate(cabinet.find(name, _EVERYWHERE).id)
    except Failure as failure:
        context.exit(status_of(failure))
    if as_json:
        context.exit(print_json({"id": copy, "path": str(cabinet.store.path_of(copy))}))
    context.exit(print_lines([copy]))
