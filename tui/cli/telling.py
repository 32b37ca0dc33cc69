"""How commands end, and how they tell what happened beside their output."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from tui.core.text import clean, one_line

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""The exit statuses of every command."""


def tell(words: str) -> None:
    """One harmless line on standard error, if anybody is there to read it."""
    with contextlib.suppress(OSError):
        click.echo(f"bise: {one_line(words)}", err=True)


def output_lost(error: OSError) -> int:
    """Tell that standard output takes no more, unless its reader has gone, as `head` does; gives the exit status."""
    if not isinstance(error, BrokenPipeError):
        tell(f"the output can't be written: {error.strerror or error}")
    # what is buffered still would be tried again at the end
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return FAILED


def broken_by(error: Exception) -> int:
    """Tell where a mistake of ours happened, harmlessly; gives the exit status."""
    import traceback

    with contextlib.suppress(OSError):
        click.echo(clean("".join(traceback.format_exception(error))).rstrip(), err=True)
    tell("this is a mistake of bise itself; please report the lines above")
    return FAILED


def open_missing_streams() -> None:
    """Open those of the three standard streams that were closed, on nothing.

    Else the next file that is opened, a chat's perhaps, would get the number of standard error, and
    all that a child process complains of.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))
