"""`bise sessions list | search | show | path`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tui.cli.numbers import Whole
from tui.cli.sessions_naming import Cabinet, status_of
from tui.cli.sessions_output import header_object, header_row, print_json, print_lines
from tui.core.failure import Failure
from tui.core.words import Place

if TYPE_CHECKING:
    from tui.core.session import Session

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command("list")
@click.option("--archive", "where", flag_value="archive", help="What is in the archive.")
@click.option("--trash", "where", flag_value="trash", help="What was thrown away.")
@click.option("--all", "where", flag_value="all", help="All of it.")
@click.option("--tag", "-t", "tags", multiple=True, metavar="TAG", help="Only what has this tag.")
@click.option("--pinned", is_flag=True, help="Only what is pinned.")
@click.option("--limit", "-n", type=Whole(0), metavar="N", help="At most so many.")
@_as_json
@click.pass_context
def list_sessions(
    context: click.Context,
    /,
    where: str | None,
    tags: tuple[str, ...],
    pinned: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List the chats, pinned ones first, then by their last change."""
    cabinet = Cabinet()
    places = tuple(Place) if where == "all" else (Place(where or ""),)
    wanted = {tag.lstrip("#").casefold() for tag in tags}
    filtered = bool(wanted or pinned)
    found = [
        header
        for header in cabinet.headers(places, None if filtered else limit)
        if wanted <= {tag.casefold() for tag in header.tags} and (header.pinned or not pinned)
    ]
    found.sort(key=lambda header: (not header.pinned, -header.changed))
    found = found[:limit]
    if as_json:
        context.exit(
            print_json([header_object(header, cabinet.path_of(header)) for header in found])
        )
    context.exit(print_lines(map(header_row, found)))


@click.command(short_help="Print a chat.")
@click.argument("name")
@click.option(
    "--width", type=Whole(20, 1000), metavar="N", help="Columns; the terminal's unless given."
)
@click.option("--theme", metavar="NAME", help="The colours; those of the settings unless given.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Whether to write colours.",
)
@_as_json
@click.pass_context
def show(
    context: click.Context,
    /,
    name: str,
    width: int | None,
    theme: str | None,
    color: str,
    as_json: bool,
) -> None:
    """Print a chat as bise shows it; with --json its head and all messages of all branches."""
    cabinet = Cabinet()
    try:
        chat = cabinet.find(name, tuple(Place))
        if as_json:
            context.exit(print_json(_session_object(cabinet.store.load(chat.id))))
    except Failure as failure:
        context.exit(status_of(failure))
    from tui.cli.show import show as show_command

    context.invoke(show_command, file=None, session=chat.id, width=width, theme=theme, color=color)


def _session_object(session: Session) -> dict[str, object]:
    head = session.model_dump(mode="json", by_alias=True, exclude_none=True)
    messages = [message.model_dump(mode="json", exclude_none=True) for message in session.messages]
    return {**head, "messages": messages, "problems": [str(one) for one in session.problems]}


@click.command()
@click.argument("name", required=False)
@_as_json
@click.pass_context
def path(context: click.Context, /, name: str | None, as_json: bool) -> None:
    """Print where a chat's file lies; without NAME the folder of all."""
    cabinet = Cabinet()
    try:
        where = (
            cabinet.path_of(cabinet.find(name, tuple(Place))) if name else cabinet.places.sessions
        )
    except Failure as failure:
        context.exit(status_of(failure))
    if as_json:
        context.exit(print_json({"path": str(where)}))
    if sys.stdout.isatty():
        context.exit(print_lines([str(where)]))
    click.echo(str(where))
