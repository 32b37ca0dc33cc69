"""`bise sessions export`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.sessions_naming import NOT_THROWN_AWAY, Cabinet, status_of
from tui.cli.telling import DONE, FAILED, tell
from tui.core.failure import Failure, FailureKind
from tui.core.text import clean
from tui.core.words import Place
from tui.store import atomic
from tui.store.disk import cause_of, disk_failure
from tui.store.export.attached import inlined, put_beside
from tui.store.export.chosen import Scope, chosen, kept, part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.message import Message
    from tui.core.session import Session


class Form(StrEnum):
    """What can be written, by the ending of the file."""

    MARKDOWN = "md"
    JSON = "json"
    TOML = "toml"
    HTML = "html"


_ENDINGS = {"markdown": Form.MARKDOWN, "htm": Form.HTML, **{str(form): form for form in Form}}


@dataclass(frozen=True, slots=True)
class _Task:
    """How to write."""

    form: Form
    scope: Scope
    inline: bool
    """Whether attached files go into the text; else they are put beside it."""


@click.command(short_help="Write chats as Markdown, JSON, TOML or HTML.")
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All chats but those in the trash.")
@click.option(
    "--as",
    "form",
    type=click.Choice([str(form) for form in Form]),
    help="What to write; the ending of the file decides unless given, else it is md.",
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
    task = _task(target, form, files, branches=branches, shown=shown)
    cabinet = Cabinet()
    try:
        sessions = _sessions(cabinet, names)
        if not sessions:
            raise Failure(FailureKind.CONFIG, "There are no chats")
        notes = _written(cabinet, sessions, target, task, force=force)
    except Failure as failure:
        context.exit(status_of(failure))
    for note in notes:
        tell(note)
    context.exit(DONE)


def _task(
    target: Path | None, form: str | None, files: str | None, *, branches: bool, shown: bool
) -> _Task:
    ending = target.suffix[1:].lower() if target is not None else ""
    wanted = Form(form) if form else _ENDINGS.get(ending, Form.MARKDOWN)
    whole = branches or (wanted in {Form.JSON, Form.TOML} and not shown)
    may_be_beside = target is not None and wanted in {Form.MARKDOWN, Form.TOML}
    if files == "beside" and not may_be_beside:
        raise click.UsageError("files can be put beside md and toml with --output only")
    return _Task(
        wanted, Scope.ALL if whole else Scope.SHOWN, not may_be_beside or files == "inside"
    )


def _sessions(cabinet: Cabinet, names: Sequence[str]) -> list[Session]:
    """The sessions that are meant; those that can't be read are told if all are wanted."""
    if names:
        ids = dict.fromkeys(cabinet.find(name, tuple(Place)).id for name in names)
        return [cabinet.store.load(session_id) for session_id in ids]
    found = []
    for header in sorted(cabinet.headers(NOT_THROWN_AWAY), key=lambda header: header.id):
        try:
            found.append(cabinet.store.load(header.id))
        except Failure as failure:
            tell(failure.sentence)
    return found


def _written(
    cabinet: Cabinet, sessions: list[Session], target: Path | None, task: _Task, *, force: bool
) -> list[str]:
    """Write all of it; gives what is missing, in words. Raises `Failure`."""
    is_folder = target is not None and (
        target.is_dir() or (len(sessions) > 1 and not target.suffix)
    )
    if target is not None and is_folder:
        notes: list[str] = []
        for session in sessions:
            notes += _written(
                cabinet, [session], target / f"{session.id}.{task.form}", task, force=force
            )
        return notes
    if task.form is Form.TOML and len(sessions) > 1:
        raise Failure(
            FailureKind.CONFIG,
            "Several chats can't be in one TOML file",
            advice="Name a folder with --output.",
        )
    notes = []
    ready = [_ready(cabinet, session, target, task, notes) for session in sessions]
    text = _text(ready, task)
    if target is None:
        _print(text)
    else:
        _save(target, text, force=force)
    return notes


def _ready(
    cabinet: Cabinet, session: Session, target: Path | None, task: _Task, notes: list[str]
) -> Session:
    """The session with its files put into it, or beside it."""
    if task.inline:
        session, missing = inlined(cabinet.places, session)
    else:
        folder = target.absolute().parent if target is not None else Path.cwd()
        missing = put_beside(cabinet.places, kept(session, task.scope), folder)
    notes += [note for note in missing if note not in notes]
    return session


def _text(sessions: Sequence[Session], task: _Task) -> str:
    if task.form is Form.JSON:
        from tui.store.export.json_form import json_object, json_text

        return json_text([json_object(session, task.scope) for session in sessions])
    if task.form is Form.TOML:
        from tui.store.session_toml import session_text

        return session_text(part_of(sessions[0], kept(sessions[0], task.scope)))
    parts: list[tuple[Session, list[Message]]] = [
        (session, chosen(session, task.scope)) for session in sessions
    ]
    if task.form is Form.HTML:
        from tui.paint.page import page

        return page(parts)
    from tui.store.export.markdown import markdown_text

    return "\n".join(markdown_text(session, messages) for session, messages in parts)


def _print(text: str) -> None:
    """On a terminal harmless, in a pipe as it is."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]  # a TextIOWrapper
    try:
        sys.stdout.write(clean(text) if sys.stdout.isatty() else text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None
    except OSError as error:
        words = f"The output can't be written: {cause_of(error)}"
        raise Failure(FailureKind.DISK, words) from error


def _save(target: Path, text: str, *, force: bool) -> None:
    data = text.encode("utf-8", "replace")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if force:
            atomic.replace(target, data)
        else:
            atomic.create(target, data)
    except FileExistsError as error:
        raise Failure(
            FailureKind.CONFIG, f"{target} is there already", advice="Add --force to write over it."
        ) from error
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError):
            raise Failure(FailureKind.CONFIG, f"{str(target)!r} is no path") from error
        raise disk_failure(error, target, "write") from error
