"""`bise ask`: one prompt, one reply, for scripts and pipes.

The reply goes to standard output as it arrives, all else to standard error. Exit status: 0 done,
1 the server or the network failed, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli.beginning import begin
from tui.cli.numbers import Number, Whole
from tui.cli.options import Wanted, server_options
from tui.cli.shaping import prompt_of, question_of, question_options
from tui.cli.telling import FAILED

if TYPE_CHECKING:
    from tui.cli.asking import Question


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@server_options
@question_options
@click.option("--thinking", is_flag=True, help="Print the thinking, on standard error.")
@click.option(
    "--retries",
    type=Whole(min=0),
    metavar="N",
    help="How often to try again before the reply begins.",
)
@click.option(
    "--longest-wait",
    type=Number(min=0),
    metavar="S",
    help="The longest wait before another try, in seconds.",
)
@click.option("--save", is_flag=True, help="Keep the chat, as the full screen does.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object: choices, usage, ended, error."
)
@click.argument("prompt", required=False)
@click.pass_context
def ask(context: click.Context, /, prompt: str | None, **options: Any) -> None:
    """Ask one thing and print the answer.

    Standard input alone is the prompt; beside PROMPT it is appended to it. The answer goes to
    standard output, all else to standard error. Exit status: 0 done, 1 the server or the network
    failed, 2 wrong use, 130 interrupted.
    """
    text = prompt_of(prompt)
    wanted = Wanted.of(options)
    context.exit(_run(wanted, question_of(text, options)))


def _run(wanted: Wanted, question: Question) -> int:
    from tui.cli.asking import ask_once

    places = begin(wanted)
    return FAILED if places is None else ask_once(wanted, places, question)
