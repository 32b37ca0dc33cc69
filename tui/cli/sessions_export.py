"""`bise sessions export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.exporting import Exporter, Form, Task, save
from tui.cli.sessions_naming import NOT_THROWN_AWAY, Cabinet, status_of
from tui.cli.telling import DONE, output_lost, tell
from tui.core.failure import Failure, FailureKind
from tui.core.text import clean
from tui.core.words import Place
from tui.store.export.chosen import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(short_help="Write chats as Markdown, JSON, TOML or HTML.")
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All chats but those in the trash.")
@click.option(
    "--as",
    "form",
    type=click.Choice([str(form) for form in Form]),
    help="What to write; the ending of the file decides unless given, and md without one.",
)
@click.option("--output", "-o", metavar="PATH", help="A file, or a folder for one file each.")
@click.option("--branches", is_flag=True, help="All branches and versions, not only what is shown.")
@click.option("--shown", is_flag=True, help="Only what is shown, in JSON and TOML too.")
@click.option(
    "--files",
    type=click.Choice(["beside", "inside"]),
    help="Where images and documents go; inside unless the form is md or toml and there is a PATH.",
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.pass_context
def export(
    context: click.Context,
    /,
    names: tuple[str, ...],
    everything: bool,
    form: str | None,
    output: str | None,
    branches: bool,
    shown: bool,
    files: str | None,
    force: bool,
) -> None:
    """Write chats to a file, a folder or standard output.

    Markdown and HTML have what is shown, JSON and TOML everything, unless told otherwise. JSON and TOML
    can be imported again.
    """
    if everything == bool(names):
        raise click.UsageError("give chats, or --all")
    if branches and shown:
        raise click.UsageError("give --branches or --shown, not both")
    target = Path(output) if output and output != "-" else None
    cabinet = Cabinet()
    try:
        task = _task(target, form, files, branches=branches, shown=shown)
        exporter = Exporter(cabinet.places, cabinet.store, task)
        ids = _ids(cabinet, names)
        status = _write(exporter, ids, target, task.form, force=force)
    except Failure as failure:
        context.exit(status_of(failure))
    for note in exporter.notes:
        tell(note)
    context.exit(status)


def _task(
    target: Path | None, form: str | None, files: str | None, *, branches: bool, shown: bool
) -> Task:
    ending = "" if target is None or target.is_dir() else target.suffix
    wanted = Form(form) if form else Form.of_ending(ending, "--as md")
    usual = Task.usual(wanted, to_file=target is not None)
    if files == "beside" and usual.inline:
        raise click.UsageError("files can be put beside md and toml with --output only")
    scope = Scope.ALL if branches else Scope.SHOWN if shown else usual.scope
    return Task(wanted, scope, usual.inline or files == "inside")


def _ids(cabinet: Cabinet, names: Sequence[str]) -> list[str]:
    """The chats that are meant, the oldest first if all are. Raises `Failure` if there are none."""
    if names:
        return list(dict.fromkeys(cabinet.find(name, tuple(Place)).id for name in names))
    ids = sorted(header.id for header in cabinet.headers(NOT_THROWN_AWAY))
    if not ids:
        raise Failure(FailureKind.CONFIG, "There are no chats")
    return ids


def _write(
    exporter: Exporter, ids: Sequence[str], target: Path | None, form: Form, *, force: bool
) -> int:
    """Write all of it; gives the exit status. Raises `Failure`."""
    if target is None:
        return _print(exporter.text(ids, None))
    if not (target.is_dir() or (len(ids) > 1 and not target.suffix)):
        save(target, exporter.text(ids, target.absolute().parent), force=force)
        return DONE
    statuses = [DONE]
    for session_id in ids:
        try:
            text = exporter.text([session_id], target)
            save(target / f"{session_id}.{form}", text, force=force)
        except Failure as failure:
            statuses.append(status_of(failure))
    return max(statuses)


def _print(text: str) -> int:
    """On a terminal harmless, in a pipe as it is."""
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")  # type: ignore[union-attr]  # a TextIOWrapper
    try:
        sys.stdout.write(clean(text) if sys.stdout.isatty() else text)
        sys.stdout.flush()
    except OSError as error:
        return output_lost(error)
    return DONE
