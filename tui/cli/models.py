"""`bise models`: what a server offers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Wanted, provider_options

if TYPE_CHECKING:
    from tui.cli.server import Opened
    from tui.core.models import ModelCard


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@provider_options
@click.option("--cached", is_flag=True, help="Show the list that was kept, without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object with all that is known.")
@click.pass_context
def models(context: click.Context, /, cached: bool, as_json: bool, **options: Any) -> None:
    """List the models for chats that a server offers.

    One line each: id, context in tokens, price of a million tokens in and out in US dollars,
    default temperature, capabilities, aliases, and when it goes away. The list is kept; it is
    shown with its age when the server can't be reached.
    """
    from tui.cli.server import open_parts

    opened = open_parts(Wanted.of(options))
    context.exit(opened if isinstance(opened, int) else _models(opened, cached, as_json))


def _models(opened: Opened, cached: bool, as_json: bool) -> int:
    from tui.cli.server import run

    async def work() -> int:
        cards, age_s = await _cards(opened, cached)
        click.echo(_as_json(cards, age_s) if as_json else _as_table(cards))
        return 0

    return run(work)


async def _cards(opened: Opened, cached: bool) -> tuple[list[ModelCard], float]:
    """The models, and how old the list is in seconds. Raises `Failure`."""
    import time

    from tui.cli.telling import tell
    from tui.core.failure import Failure, FailureKind
    from tui.core.models import age_words
    from tui.core.words import Kind
    from tui.store.cache.model_cache import ModelCache
    from tui.wire.known import with_known

    cache = ModelCache(opened.parts.places)
    kept = cache.look_up(opened.provider, time.time())
    age_s = 0.0
    try:
        if cached:
            raise Failure(FailureKind.CONNECT, "No list of this server's models was kept")
        cards = await _asked(opened)
    except Failure as failure:
        if kept is None or failure.kind not in {FailureKind.CONNECT, FailureKind.TIMEOUT}:
            raise
        cards, age_s = kept
        why = "" if cached else f"{failure.message}; "
        tell(f"{why}this list is {age_words(age_s)} old")
    else:
        try:
            cache.keep(opened.provider, cards, time.time())
        except Failure as failure:
            tell(failure.sentence)
    own = opened.parts.settings.models
    return with_known(cards, own, mistral=opened.provider.kind is Kind.MISTRAL), age_s


async def _asked(opened: Opened) -> list[ModelCard]:
    from tui.cli.telling import tell

    try:
        backend = await opened.parts.servers.backend(opened.provider, tell)
        return await backend.models()
    finally:
        await opened.parts.servers.aclose()


def _as_json(cards: list[ModelCard], age_s: float) -> str:
    from dataclasses import asdict

    shown = [{**asdict(card), "capabilities": sorted(card.capabilities)} for card in cards]
    return json.dumps({"age_s": round(age_s), "models": shown}, indent=2)


def _as_table(cards: list[ModelCard]) -> str:
    from tui.core.text import one_line

    rows = [[one_line(cell) for cell in _row(card)] for card in cards]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
        lines.append("  ".join([*cells, *filter(None, row[4:])]).rstrip())
    return "\n".join(lines)


def _row(card: ModelCard) -> list[str]:
    context = "" if card.context is None else f"{card.context}"
    price = ""
    if card.input_price is not None and card.output_price is not None:
        price = f"${card.input_price:g} / ${card.output_price:g}"
    warmth = "" if card.temperature is None else f"T {card.temperature:g}"
    capabilities = " ".join(sorted(card.capabilities - {"completion_chat"}))
    aliases = f"({', '.join(card.aliases)})" if card.aliases else ""
    gone = f"goes away {card.deprecation}" if card.deprecation else ""
    if gone and card.replacement:
        gone += f", use {card.replacement}"
    return [card.id, context, price, warmth, capabilities, aliases, gone]
