"""`bise usage`: what replies have used and cost, by day and model.

On a terminal it is a small chart and a table; in a pipe, tab-separated lines; `--json` for programs.
Exit status: 0 done, 1 the output could not be written, 2 wrong use.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli.numbers import Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from tui.core.costs import Prices
    from tui.core.usage import Sum, Used

    PricesOf = Callable[[str | None, str | None], Prices]

DAYS = 30
LONGEST_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉"


class _Day(click.DateTime):
    """A day, with words of our own for what is none."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The day that was meant."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day such as 2026-11-01", param, ctx)


_DATE = _Day()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--days",
    type=Whole(1, 36_500),
    default=DAYS,
    show_default=True,
    metavar="N",
    help="So many days, today included.",
)
@click.option("--since", type=_DATE, metavar="DATE", help="From that day on, such as 2026-11-01.")
@click.option("--until", type=_DATE, metavar="DATE", help="Up to that day, which is included.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def usage(
    context: click.Context,
    /,
    days: int,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Show what replies have used and cost, by day and model.

    It counts all chats on disk, those in the archive and the trash included. Prices are those of
    the settings, [models."NAME"] input and output, in dollars for a million tokens; else what the
    server's list and bise know; else the cost is unknown.
    """
    from datetime import date, timedelta

    from tui.cli.telling import DONE, output_lost
    from tui.store.cache.usage import UsageLog
    from tui.store.places import Places

    last = until.date() if until else date.today()  # noqa: DTZ011 (days are the user's own)
    first = since.date() if since else last - timedelta(days=days - 1)
    if first > last:
        raise click.UsageError("--since is behind the last day; it is to come before it")
    places = Places.from_environment()
    rows = UsageLog(places).used(first, last)
    prices_of = _prices(places)
    lines = (
        [_as_json(rows, prices_of, first, last)]
        if as_json
        else _chart(rows, prices_of, first, last)
        if sys.stdout.isatty()
        else _table(rows, prices_of)
    )
    try:
        for line in lines:
            click.echo(line)
    except OSError as error:
        context.exit(output_lost(error))
    context.exit(DONE)


def _prices(places: Any) -> PricesOf:
    from tui.cli.model_book import KnownModels
    from tui.store.config.settings import SettingsFile

    settings = SettingsFile(places).load()
    return KnownModels(places, settings, settings.all_providers()).prices


def _as_json(rows: Sequence[Used], prices_of: PricesOf, first: date, last: date) -> str:
    from dataclasses import asdict

    from tui.core.usage import by_key

    shown = [
        asdict(row)
        | {"day": row.day.isoformat(), "cost": row.cost(prices_of(row.provider, row.model))}
        for row in rows
    ]
    total = by_key(rows, lambda _: "", prices_of).get("")
    return json.dumps(
        {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "used": shown,
            "total": asdict(total) if total else None,
        },
        indent=2,
    )


def _table(rows: Sequence[Used], prices_of: PricesOf) -> list[str]:
    """Lines for other programs, the first of them names; the last column are the replies without a known cost."""
    from tui.core.text import one_line

    lines = ["day\tprovider\tmodel\treplies\tprompt\tcached\tcompletion\tcost\tunknown"]
    for row in rows:
        prices = prices_of(row.provider, row.model)
        cost = row.cost(prices)
        names = [one_line(row.provider or ""), one_line(row.model or "")]
        numbers = [row.replies, row.prompt, row.cached, row.completion]
        price = "unknown" if cost is None else f"{cost:.6f}"
        lines.append(
            "\t".join(
                [row.day.isoformat(), *names, *map(str, numbers), price, str(row.unknown(prices))]
            )
        )
    return lines


def _chart(rows: Sequence[Used], prices_of: PricesOf, first: date, last: date) -> list[str]:
    """Lines for people: a bar for each day, and a table by model."""
    from tui.core.usage import by_key

    if not rows:
        return [f"Nothing was used from {first} to {last}."]
    days = by_key(rows, lambda row: row.day, prices_of)
    total = by_key(rows, lambda _: "", prices_of)[""]
    most = max(day.tokens for day in days.values())
    lines = [f"From {first} to {last}, in local time", ""]
    for day, used in days.items():
        bar = _bar(used.tokens / most if most else 0.0)
        lines.append(f"{day}  {bar:<{LONGEST_BAR}}  {_short(used.tokens):>7} tokens  {_cost(used)}")
    models = by_key(rows, _name, prices_of)
    width = min(48, max(len("Model"), *(len(name) for name in models)))
    lines += ["", _row("Model", ("replies", "in", "cached", "out"), "cost", width)]
    by_cost = sorted(models.items(), key=lambda item: (-item[1].cost, -item[1].tokens))
    lines += [_model_row(name, used, width) for name, used in by_cost]
    return [*lines, _model_row("All", total, width)]


def _name(row: Used) -> str:
    from tui.core.text import one_line

    return one_line(f"{row.provider or '?'} · {row.model or 'unknown model'}", 48)


def _model_row(name: str, used: Sum, width: int) -> str:
    numbers = [_short(n) for n in (used.replies, used.prompt, used.cached, used.completion)]
    return _row(name, numbers, _cost(used), width)


def _row(name: str, numbers: Sequence[str], cost: str, width: int) -> str:
    return f"{name:<{width}}  {''.join(f'{number:>9}' for number in numbers)}  {cost}"


def _cost(used: Sum) -> str:
    from tui.core.costs import money

    if not used.unknown:
        return money(used.cost)
    known = f"{money(used.cost)} + " if used.cost else ""
    return f"{known}unknown ({used.unknown} repl{'y' if used.unknown == 1 else 'ies'})"


def _bar(share: float) -> str:
    eighths = max(1, round(share * LONGEST_BAR * 8)) if share else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _short(number: int) -> str:
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return (
                f"{number / size:.1f}{unit}"
                if number < 100 * size
                else f"{number / size:.0f}{unit}"
            )
    return str(number)
