"""`bise sessions import`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.sessions_naming import FOLDERS, Cabinet, status_of
from tui.cli.sessions_output import print_json, print_lines
from tui.cli.telling import DONE, FAILED, tell
from tui.core.failure import Failure
from tui.core.text import one_line
from tui.store.importing.formats import Format, Trouble
from tui.store.importing.taking import Importer, Outcome, Taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.importing.formats import Reading


@click.command("import", short_help="Take over chats of other programs, or of exports.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--from",
    "form",
    type=click.Choice([str(form) for form in Format]),
    help="In which format they are; their content decides unless given.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def import_sessions(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    form: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take over chats from files, folders and zip archives; print their ids.

    What is there already is not taken twice; new messages of it are added. Read are exports of bise
    (JSON, TOML), API messages (JSON, JSON lines), ChatGPT's and Le Chat's data exports, llm's logs.db,
    aichat's sessions, elia's and oterm's databases, parllama's chats.
    """
    cabinet = Cabinet()
    told: list[dict[str, Any]] = []
    wanted = Format(form) if form else None
    try:
        with Importer(cabinet.places, cabinet.store) as importer:
            statuses = [
                _import(importer, Path(path), wanted, told, dry_run=dry_run, as_json=as_json)
                for path in paths
            ]
    except Failure as failure:
        context.exit(status_of(failure))
    if as_json:
        statuses.append(print_json(told))
    _sum_up(Counter(one["outcome"] for one in told), dry_run=dry_run)
    context.exit(max(statuses))


def _import(
    importer: Importer,
    path: Path,
    form: Format | None,
    told: list[dict[str, Any]],
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take over what is at a path; `told` gets what became of each. Gives the exit status."""
    statuses = [DONE]
    try:
        for reading in _readings(path, form):
            one = _take(importer, reading, dry_run=dry_run)
            told.append(one)
            if one["outcome"] == "failed":
                statuses.append(FAILED)
            if not as_json:
                statuses.append(_tell(one))
    except Failure as failure:
        statuses.append(max(FAILED, status_of(failure)))
    return max(statuses)


def _readings(path: Path, form: Format | None) -> Iterator[Reading]:
    from tui.store.importing.reading import read

    return read(path, form)


def _take(importer: Importer, reading: Reading, *, dry_run: bool) -> dict[str, Any]:
    """Take one over; what became of it, as an object. Raises `Failure` if it can't be saved."""
    if isinstance(reading, Trouble):
        return {"outcome": "failed", "words": reading.words, "notes": []}
    if dry_run:
        return {
            "outcome": "found",
            "from": reading.source,
            "source": reading.id,
            "title": reading.session.title,
            "messages": len(reading.session.messages),
            "notes": reading.notes,
        }
    taken: Taken = importer.take(reading)
    return {
        "outcome": str(taken.outcome),
        "id": taken.session_id,
        "title": taken.title,
        "place": FOLDERS[taken.place],
        "from": reading.source,
        "source": reading.id,
        "messages": taken.added,
        "notes": taken.notes,
    }


def _tell(told: dict[str, Any]) -> int:
    """A line on standard output for what was taken over, and on standard error what was not."""
    if told["outcome"] == "failed":
        tell(told["words"])
        return FAILED
    title = one_line(told["title"]) or "(no title)"
    named = told.get("id") or told["source"]
    for note in told["notes"]:
        tell(f"{named}: {note}")
    if told["outcome"] == str(Outcome.THERE):
        return DONE
    line = "\t".join([one_line(named), told["outcome"], f"{told['messages']}", title])
    return print_lines([line])


def _sum_up(counts: Counter[str], *, dry_run: bool) -> None:
    if dry_run:
        tell(f"{_chats(counts['found'])} found, nothing was saved")
        return
    words = [f"{_chats(counts[str(Outcome.NEW)])} taken over"]
    if counts[str(Outcome.GROWN)]:
        words.append(f"{counts[str(Outcome.GROWN)]} went on")
    if counts[str(Outcome.THERE)]:
        words.append(f"{counts[str(Outcome.THERE)]} there already")
    if counts["failed"]:
        words.append(f"{counts['failed']} could not be")
    tell(", ".join(words))


def _chats(count: int) -> str:
    return "1 chat" if count == 1 else f"{count} chats"
