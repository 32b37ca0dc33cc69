"""`bise sessions validate | repair`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.sessions_naming import Cabinet, status_of
from tui.cli.sessions_output import print_json, print_lines
from tui.cli.telling import DONE, FAILED, tell
from tui.core.failure import Failure
from tui.core.words import Place
from tui.store.sessions.checking import check
from tui.store.sessions.repairing import repair as repair_one
from tui.store.sessions.whereabouts import SUFFIX, folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.cli.sessions_naming import Named
    from tui.store.places import Places
    from tui.store.sessions.checking import Finding


@click.command(short_help="Check chats or files: what is wrong, and where.")
@click.argument("names", metavar="[NAME|FILE...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All chats, wherever they are filed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--schema", is_flag=True, help="Print where the JSON Schema of the files lies.")
@click.pass_context
def validate(
    context: click.Context,
    /,
    names: tuple[str, ...],
    everything: bool,
    as_json: bool,
    schema: bool,
) -> None:
    """Check chats or FILES: what is wrong, on which line, and what to do. The status is then 1."""
    if schema:
        from tui.store.sessions.schema import PATH

        context.exit(print_lines([str(PATH)]))
    if everything == bool(names):
        raise click.UsageError("give chats or files, or --all")
    cabinet = Cabinet()
    findings: list[Finding] = []
    statuses = [DONE]
    for name in names or [str(path) for path in _all_files(cabinet.places)]:
        try:
            findings += check(cabinet.places, _file(cabinet, name))
        except Failure as failure:
            statuses.append(status_of(failure))
    if as_json:
        statuses.append(print_json([asdict(finding) for finding in findings]))
    else:
        statuses.append(print_lines(map(str, findings)))
    if findings:
        statuses.append(FAILED)
    context.exit(max(statuses))


def _file(cabinet: Cabinet, name: str) -> Path:
    """The file that is meant: one that is there, or that of a chat. Raises `Failure`."""
    path = Path(name)
    if name.endswith(SUFFIX) or path.is_absolute():
        return path
    return cabinet.path_of(cabinet.find(name, tuple(Place)))


def _all_files(places: Places) -> Iterator[Path]:
    for place in Place:
        folder = folder_of(places, place)
        if folder.is_dir():
            found = folder.glob(f"*{SUFFIX}")
            yield from sorted(path for path in found if not path.name.startswith("."))


@click.command(short_help="Mend damaged chats, after a copy.")
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are damaged.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def repair(
    context: click.Context, /, names: tuple[str, ...], everything: bool, as_json: bool
) -> None:
    """Mend damaged chats: what can be read is written anew, and the file as it was is kept."""
    if everything == bool(names):
        raise click.UsageError("give chats, or --all")
    cabinet = Cabinet()
    reports, statuses = [], [DONE]
    for name in names or [header.id for header in cabinet.headers(Place)]:
        try:
            chat = cabinet.find(name, tuple(Place))
            done = repair_one(cabinet.places, chat.id)
        except Failure as failure:
            statuses.append(status_of(failure))
            continue
        reports.append({"id": chat.id, "done": done.done, "copy": str(done.copy or "") or None})
        if not as_json and (done.copy or not everything):
            _tell(chat, done.done, done.copy)
    statuses.append(print_json(reports) if as_json else DONE)
    context.exit(max(statuses))


def _tell(chat: Named, done: Sequence[str], copy: Path | None) -> None:
    if copy is None:
        tell(f"{chat} is well")
        return
    for words in done:
        tell(f"{chat.id}: {words}")
    tell(f"mended {chat}; the file as it was is {copy}")
