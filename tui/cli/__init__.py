"""The command line, and the only place where all parts meet.

Parts are imported late: `bise --version` and `bise --help` load neither Textual nor httpx nor
pydantic, and the full screen paints its first frame before the data models are there.
"""

from __future__ import annotations

import sys

import click

from tui import __version__
from tui.cli.lazy import LazyGroup
from tui.cli.options import server_options
from tui.cli.telling import broken_by, open_missing_streams, output_lost


@click.group(
    cls=LazyGroup,
    lazy={
        "ask": "tui.cli.ask:ask",
        "config": "tui.cli.config:config",
        "fim": "tui.cli.fim:fim",
        "local": "tui.cli.local:local",
        "models": "tui.cli.models:models",
        "moderate": "tui.cli.moderate:moderate",
        "params": "tui.cli.params:params",
        "presets": "tui.cli.presets:presets",
        "request": "tui.cli.request:request",
        "sessions": "tui.cli.sessions:sessions",
        "show": "tui.cli.show:show",
        "usage": "tui.cli.usage:usage",
    },
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="bise", message="%(prog)s %(version)s")
@click.option(
    "--ephemeral", is_flag=True, help="Keep nothing of what is said: no chat touches the disk."
)
@server_options
@click.pass_context
def bise(context: click.Context, /, **wanted: object) -> None:
    """Chat with Mistral, with a model on this computer, or with any OpenAI-compatible server.

    Without a command it opens the full-screen chat.
    """
    if context.invoked_subcommand is not None:
        given = [name for name, value in wanted.items() if value]
        if given:
            option = given[0].replace("_", "-")
            if option == "ephemeral":
                raise click.UsageError("--ephemeral is for the full screen, without a command")
            raise click.UsageError(f"put --{option} after '{context.invoked_subcommand}'")
        return
    from tui.cli.options import Wanted
    from tui.cli.screen import open_screen

    context.exit(open_screen(Wanted.of(wanted)))


def main() -> None:
    """The `bise` command."""
    open_missing_streams()
    try:
        sys.exit(bise.main(prog_name="bise", standalone_mode=True))
    except OSError as error:
        if error.filename is not None:
            sys.exit(broken_by(error))
        sys.exit(output_lost(error))
    except Exception as error:
        sys.exit(broken_by(error))
