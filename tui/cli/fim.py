"""`bise fim`: fills the gap between two texts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli.numbers import Number, Whole
from tui.cli.options import Wanted, provider_options
from tui.cli.shaping import parameters_of, prompt_of

if TYPE_CHECKING:
    from tui.cli.server import Opened
    from tui.core.completion import FillRequest, Reply
    from tui.core.failure import Failure
    from tui.wire.client import Client

CODESTRAL = "codestral-latest"
"""The model for gaps where the server is Mistral's and none is named."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@provider_options
@click.option("--suffix", default="", metavar="TEXT", help="The text behind the gap.")
@click.option("--stop", multiple=True, metavar="TEXT", help="A stop sequence; may be given several times.")  # fmt: skip
@click.option("--temperature", type=Number(min=0), metavar="X", help="How freely words are chosen.")  # fmt: skip
@click.option("--max-tokens", type=Whole(min=0), metavar="N", help="The longest text, in tokens.")
@click.option("--param", multiple=True, metavar="NAME=VALUE", help="Any parameter of the API; may be given several times.")  # fmt: skip
@click.option("--no-stream", is_flag=True, help="Ask for the text in one piece.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, as `bise ask` does.")
@click.argument("prompt", required=False)
@click.pass_context
def fim(context: click.Context, /, prompt: str | None, **options: Any) -> None:
    """Print the text that belongs between PROMPT and the suffix.

    Standard input alone is the prompt; beside PROMPT it is appended to it.
    """
    from tui.cli.server import open_parts

    text = prompt_of(prompt)
    own = {
        "stop": list(options["stop"]) or None,
        "temperature": options["temperature"],
        "max_tokens": options["max_tokens"],
        "stream": False if options["no_stream"] else None,
    }
    given = {name: value for name, value in own.items() if value is not None}
    given |= parameters_of(options["param"])
    opened = open_parts(Wanted.of(options))
    if isinstance(opened, int):
        context.exit(opened)
    context.exit(_fill(opened, text, options["suffix"], given, options["as_json"]))


def _fill(opened: Opened, text: str, suffix: str, given: dict[str, Any], as_json: bool) -> int:
    from tui.cli.server import run, with_client
    from tui.cli.telling import FAILED, tell
    from tui.core.failure import Failure
    from tui.wire.expect import outcome

    request = _request(opened, text, suffix, given)

    async def work() -> int:
        reply: Reply | None = None
        failure: Failure | None = None
        try:
            reply = await with_client(opened, lambda client: _print(client, request, not as_json))
        except Failure as trouble:
            failure = trouble
        if as_json:
            click.echo(json.dumps(outcome(reply, failure)))
        for note in reply.notes if reply else ():
            tell(f"note: {note}")
        if failure is not None:
            raise failure
        return 0 if reply else FAILED

    return run(work)


def _request(opened: Opened, text: str, suffix: str, given: dict[str, Any]) -> FillRequest:
    from tui.core.completion import FillRequest
    from tui.core.parameters import Parameters
    from tui.core.words import Kind

    provider = opened.provider
    is_mistral = provider.kind is Kind.MISTRAL
    model = opened.parts.model or (CODESTRAL if is_mistral else provider.model)
    settings = opened.parts.settings
    parameters = Parameters(model=model, **given)
    return FillRequest(text, suffix, parameters, settings.retries, settings.longest_wait_s)


async def _print(client: Client, request: FillRequest, shows: bool) -> Reply:
    """Print the text as it comes; gives the whole reply. Raises `Failure`."""
    from tui.core.events import Finished, TextDelta
    from tui.core.failure import Failure, FailureKind
    from tui.core.text import clean, scrub

    is_terminal = sys.stdout.isatty()
    async for event in client.fill(request):
        if isinstance(event, TextDelta) and shows and event.choice == 0:
            text = clean(event.text) if is_terminal else scrub(event.text)
            sys.stdout.buffer.write(text.encode())
            sys.stdout.buffer.flush()
        elif isinstance(event, Finished):
            return event.reply
    raise Failure(FailureKind.TRUNCATED, "The reply ended without an end", retryable=True)
