"""`bise request`: the request that `bise ask` would send, printed instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Wanted, server_options
from tui.cli.shaping import prompt_of, question_of, question_options

if TYPE_CHECKING:
    from tui.cli.asking import Question
    from tui.cli.parts import Parts
    from tui.core.completion import CompletionRequest
    from tui.core.provider import Provider

FORMS = ("json", "http", "curl", "python", "typescript")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@server_options
@question_options
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    default="json",
    help="In which form; json unless given.",
)
@click.argument("prompt", required=False)
@click.pass_context
def request(context: click.Context, /, prompt: str | None, form: str, **options: Any) -> None:
    """Print the request for PROMPT instead of sending it.

    The key is printed as the variable that holds it. What was left out or changed for this
    server is told on standard error.
    """
    text = prompt_of(prompt)
    wanted = Wanted.of(options)
    context.exit(_print(wanted, question_of(text, options), form))


def _print(wanted: Wanted, question: Question, form: str) -> int:
    from tui.cli.parts import Parts
    from tui.cli.telling import DONE, WRONG_USE, tell
    from tui.core.failure import Failure
    from tui.store.places import Places
    from tui.wire.printed import FORMS, Printed, key_variable

    try:
        parts = Parts.of(wanted, Places.from_environment())
        asked, provider, notes = _request(parts, wanted, question)
        sends_key = parts.servers.sends_key(provider)
        printed = Printed.of(asked, provider, key_variable(provider) if sends_key else None)
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE
    for note in (*notes, *printed.notes):
        tell(f"note: {note}")
    click.echo(FORMS[form](printed).encode("utf-8", "replace"), nl=False)
    return DONE


def _request(
    parts: Parts, wanted: Wanted, question: Question
) -> tuple[CompletionRequest, Provider, tuple[str, ...]]:
    """What would be asked, of whom, and what was filled into it or is missing. Raises `Failure`."""
    import asyncio
    from dataclasses import replace

    from tui.chat.preparing import prepared
    from tui.cli.asking import Printer, Unsaved, add_prompt, session_for
    from tui.core.completion import CompletionRequest
    from tui.core.failure import Failure, FailureKind
    from tui.core.provider import not_configured
    from tui.store.sessions.toml_sessions import TomlSessions

    parts.provider = parts.provider or "mistral"

    async def asked() -> tuple[CompletionRequest, Provider]:
        conductor = parts.conductor(Unsaved(TomlSessions(parts.places)), Printer(silent=True))
        session = await session_for(parts, conductor, wanted, question)
        add_prompt(session, question)
        name = session.provider or parts.provider
        provider = parts.providers.get(name or "")
        if provider is None:
            raise not_configured(name)
        if provider.is_local:
            raise Failure(
                FailureKind.CONFIG,
                "The embedded model has an address only while it runs",
                advice="Name another server, by --provider or --base-url.",
            )
        model = session.parameters.model or provider.model
        parameters = session.parameters.model_copy(update={"model": model})
        return CompletionRequest(session.sent(), parameters), provider

    request, provider = asyncio.run(asked())
    if question.timeout_s is not None:
        provider = provider.model_copy(update={"idle_timeout_s": question.timeout_s})
    ready, filled = prepared(request, parts.prompts)
    messages, missing = parts.attachments.inlined(ready.messages)
    return replace(ready, messages=messages), provider, (*filled, *missing)
