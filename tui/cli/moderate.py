"""`bise moderate`: what a server finds objectionable in a text or a chat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Wanted, provider_options
from tui.cli.shaping import prompt_of

if TYPE_CHECKING:
    from tui.cli.server import Opened
    from tui.wire.moderation import ModerationRequest, Verdict


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Judge a text, or the last turn of a chat.",
)
@provider_options
@click.option("--session", metavar="ID", help="Judge the last turn of this chat.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object with all scores.")
@click.argument("text", required=False)
@click.pass_context
def moderate(context: click.Context, /, text: str | None, as_json: bool, **options: Any) -> None:
    """Judge TEXT, or standard input, or with --session the last turn of a chat.

    Prints each category that it falls into with its score; nothing if there is none.
    """
    from tui.cli.server import open_parts

    wanted = Wanted.of(options)
    if wanted.session is not None and text is not None:
        raise click.UsageError("give a TEXT or a --session, not both")
    words = None if wanted.session is not None else prompt_of(text)
    opened = open_parts(wanted)
    context.exit(
        opened if isinstance(opened, int) else _moderate(opened, wanted.session, words, as_json)
    )


def _moderate(opened: Opened, session: str | None, text: str | None, as_json: bool) -> int:
    from tui.cli.server import run, with_client

    async def work() -> int:
        request = _request(opened, session, text)
        verdicts = await with_client(opened, lambda client: client.moderate(request))
        click.echo(_as_json(verdicts) if as_json else _as_lines(verdicts), nl=False)
        return 0

    return run(work)


def _request(opened: Opened, session: str | None, text: str | None) -> ModerationRequest:
    from tui.cli.sessions_naming import id_of
    from tui.store.sessions.toml_sessions import TomlSessions
    from tui.wire.moderation import ModerationRequest

    if session is None:
        return ModerationRequest(texts=[text or ""], model=opened.parts.model)
    branch = TomlSessions(opened.parts.places).load(id_of(session)).branch()
    return ModerationRequest(messages=branch, model=opened.parts.model)


def _as_json(verdicts: list[Verdict]) -> str:
    results = [
        {"flagged": one.flagged, "categories": one.categories, "scores": one.scores}
        for one in verdicts
    ]
    return json.dumps({"results": results}) + "\n"


def _as_lines(verdicts: list[Verdict]) -> str:
    from tui.core.text import one_line

    return "".join(
        f"{one_line(name)} {one.scores.get(name, 1.0):.2f}\n"
        for one in verdicts
        for name in one.flagged
    )
