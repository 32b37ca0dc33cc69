"""How commands end, and how they tell what happened beside their output."""

from __future__ import annotations

import click

from tui.core.text import one_line

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""The exit statuses of every command."""


def tell(words: str) -> None:
    """One harmless line on standard error."""
    click.echo(f"bise: {one_line(words)}", err=True)
