"""`bise ask`: one prompt, one reply, for scripts and pipes.

The reply goes to standard output as it arrives, all else to standard error. Exit status: 0 done,
1 the server or the network failed, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Wanted, server_options

if TYPE_CHECKING:
    from tui.cli.asking import Question


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@server_options
@click.option("-s", "--system", metavar="TEXT", help="A system prompt.")
@click.option(
    "--stop", multiple=True, metavar="TEXT", help="A stop sequence; may be given several times."
)
@click.option("--prefix", metavar="TEXT", help="The beginning of the reply.")
@click.option("--safe-prompt", is_flag=True, help="Ask Mistral to put its safety prompt in front.")
@click.option("--temperature", type=click.FloatRange(min=0), metavar="X")
@click.option("--top-p", type=click.FloatRange(min=0, max=1), metavar="X")
@click.option("--max-tokens", type=click.IntRange(min=0), metavar="N")
@click.option("--seed", type=click.IntRange(min=0), metavar="N")
@click.option("--no-stream", is_flag=True, help="Ask for the reply in one piece.")
@click.option(
    "--retries",
    type=click.IntRange(min=0),
    metavar="N",
    help="How often to try again before the reply begins.",
)
@click.option("--save", is_flag=True, help="Keep the chat, as the full screen does.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object: choices, usage, ended, error."
)
@click.argument("prompt", required=False)
@click.pass_context
def ask(context: click.Context, /, prompt: str | None, **options: Any) -> None:
    """Ask one thing and print the answer.

    Standard input alone is the prompt; beside PROMPT it is appended to it.
    """
    text = _prompt(prompt)
    if not text.strip():
        raise click.UsageError("there is nothing to ask: give a PROMPT, or standard input")
    wanted = Wanted.of(options)
    context.exit(_run(wanted, _question(text, options)))


def _prompt(argument: str | None) -> str:
    piped = (
        ""
        if sys.stdin is None or sys.stdin.isatty()
        else sys.stdin.buffer.read().decode("utf-8", "replace")
    )
    return "\n\n".join(part for part in (argument, piped) if part)


def _question(text: str, options: dict[str, Any]) -> Question:
    from tui.cli.asking import Question

    parameters = {
        "stop": list(options["stop"]) or None,
        "prefix": options["prefix"],
        "safe_prompt": options["safe_prompt"] or None,
        "temperature": options["temperature"],
        "top_p": options["top_p"],
        "max_tokens": options["max_tokens"],
        "random_seed": options["seed"],
        "stream": False if options["no_stream"] else None,
    }
    return Question(
        text=text,
        system=options["system"],
        parameters={name: value for name, value in parameters.items() if value is not None},
        retries=options["retries"],
        save=options["save"],
        as_json=options["as_json"],
    )


def _run(wanted: Wanted, question: Question) -> int:
    from tui.cli.asking import ask_once
    from tui.cli.log import log_to
    from tui.store.places import Places

    places = Places.from_environment()
    log_to(places.log_file)
    if wanted.local:
        from tui.cli.local import set_up_if_missing

        if not set_up_if_missing(places):
            return 1
    return ask_once(wanted, places, question)
