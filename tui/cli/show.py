"""`bise show`: Markdown, or a chat, on standard output, as the full screen paints it.

Exit status: 0 done, 1 the text could not be read or written, 2 wrong use.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.numbers import Whole
from tui.cli.telling import DONE, FAILED, WRONG_USE, output_lost, tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.ui.printing import Page


NARROWEST, WIDEST = 20, 1000
DEFAULT_WIDTH = 80


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Print Markdown, or a chat, as bise shows it.",
)
@click.option("--session", metavar="ID", help="Show this chat instead of a file.")
@click.option(
    "--width",
    type=Whole(NARROWEST, WIDEST),
    metavar="N",
    help="Columns; the terminal's unless given, 80 where there is none.",
)
@click.option("--theme", metavar="NAME", help="The colours; those of the settings unless given.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Whether to write colours; auto means to a terminal, unless NO_COLOR is set.",
)
@click.option(
    "--code",
    type=click.Choice(["wrap", "cut", "whole"]),
    help="What becomes of lines of code that are too long; as the settings say unless given.",
)
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.pass_context
def show(
    context: click.Context,
    /,
    file: str | None,
    session: str | None,
    width: int | None,
    theme: str | None,
    color: str,
    code: str | None,
) -> None:
    """Print the Markdown of FILE, or a chat, as bise shows it; `-` is standard input."""
    if (file is None) == (session is None):
        raise click.UsageError("give a FILE, or - for standard input, or --session ID")
    page = _page(width or _terminal_width(), theme, color, code)
    if session is not None:
        context.exit(_show_chat(session, page))
    context.exit(_show_file(file or "-", page))


def _show_file(name: str, page: Page) -> int:
    from tui.ui.printing import markdown_lines

    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        tell(f"{name} can't be read: {error.strerror or error}")
        return FAILED
    return _print(markdown_lines(raw.decode("utf-8-sig", "replace"), page))


def _show_chat(name: str, page: Page) -> int:
    from tui.cli.sessions_naming import id_of
    from tui.core.failure import Failure
    from tui.store.places import Places
    from tui.store.sessions.toml_sessions import TomlSessions
    from tui.ui.entries import entry_of
    from tui.ui.printing import chat_lines

    try:
        session = TomlSessions(Places.from_environment()).load(id_of(name))
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE
    for problem in session.problems:
        tell(str(problem))
    return _print(chat_lines(session.title, map(entry_of, session.branch()), page))


def _page(width: int, theme: str | None, color: str, code: str | None) -> Page:
    """What is printed on. Raises `UsageError` for a theme that is not there."""
    from tui.paint.palette import Palette
    from tui.store.config.settings import SettingsFile
    from tui.store.config.themes import DEFAULT, load_theme
    from tui.store.places import Places
    from tui.ui.look import textual_theme
    from tui.ui.printing import CodeLines, Colours, Page, built_in_theme, palette_of_theme

    is_coloured = _wants_colour(color)
    places = Places.from_environment()
    set_up = SettingsFile(places).glance()
    lines = CodeLines(code or ("cut" if set_up.get("wrap_code") is False else "wrap"))
    if not is_coloured and theme is None:
        return Page(width, Palette.plain(), code=lines)
    name = theme or str(set_up.get("theme") or DEFAULT)
    found = load_theme(places, name)
    chosen = built_in_theme(name)
    if found is not None:
        chosen = textual_theme(
            found.name, found.dark, found.colors, found.variables, ansi=found.ansi
        )
    if chosen is None and theme is not None:
        raise click.UsageError(f"there is no theme named {theme!r}")
    palette = Palette.plain() if chosen is None else palette_of_theme(chosen)
    return Page(width, palette, Colours.of(os.environ) if is_coloured else Colours.NONE, lines)


def _wants_colour(color: str) -> bool:
    if color != "auto":
        return color == "always"
    is_dumb = os.environ.get("TERM", "") in {"", "dumb"}
    return sys.stdout.isatty() and not is_dumb and not os.environ.get("NO_COLOR")


def _terminal_width() -> int:
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(NARROWEST, columns or DEFAULT_WIDTH)


def _print(lines: Iterable[str]) -> int:
    """Write the lines, and give the exit status."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]  # a TextIOWrapper
    try:
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError as error:
        return output_lost(error)
    return DONE
