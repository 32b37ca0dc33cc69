"""`bise params`: what every parameter is, from the table that also reads and checks them."""

from __future__ import annotations

import json

import click

from tui.core.words import Kind


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Tell what the parameters of a completion are.",
)
@click.option(
    "--kind", type=click.Choice([str(kind) for kind in Kind]), help="As that kind of server has them."
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.argument("name", required=False)
def params(name: str | None, kind: str | None, as_json: bool) -> None:
    """Tell what the parameters of a completion are: type, range, default, and what they do.

    With NAME, all that is known of one.
    """
    from tui.core.specs import SPECS, spec_of

    server = Kind(kind) if kind else None
    try:
        specs = [spec_of(name)] if name else list(SPECS)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'NAME'") from None
    if as_json:
        click.echo(json.dumps([_as_json(spec.name, server) for spec in specs], indent=2))
    elif name:
        click.echo("\n".join(_whole(specs[0].name, server)))
    else:
        click.echo("\n".join(_table(server)))


def _as_json(name: str, kind: Kind | None) -> dict[str, object]:
    from tui.core.spec_fit import takes
    from tui.core.specs import BY_NAME

    spec = BY_NAME[name]
    return {
        "name": spec.name,
        "group": spec.group,
        "takes": takes(spec, kind),
        "default": spec.default_for(kind),
        "kinds": [] if spec.ours else [one for one in Kind if one in spec.kinds],
        "option": spec.option or None,
        "help": spec.help,
        "advice": spec.advice or None,
    }


def _whole(name: str, kind: Kind | None) -> list[str]:
    from tui.core.spec_fit import known_to, takes, why_not_sent
    from tui.core.specs import BY_NAME

    spec = BY_NAME[name]
    way = spec.option or f"--param {spec.name}=VALUE"
    lines = [f"{spec.name} ({spec.group})", spec.help]
    lines += [spec.advice] if spec.advice else []
    lines += [f"takes:    {takes(spec, kind)}", f"default:  {spec.default_for(kind)}"]
    lines += [f"known to: {known_to(spec)}"]
    lines += [] if spec.ours and not spec.option else [f"option:   {way}"]
    reason = why_not_sent(spec, kind)
    return [*lines, f"not sent: {reason}"] if reason else lines


def _table(kind: Kind | None) -> list[str]:
    from tui.core.spec_fit import takes, why_not_sent
    from tui.core.specs import SPECS

    rows = [
        (spec.name, f"{takes(spec, kind)}; default {spec.default_for(kind)}")
        for spec in SPECS
        if not why_not_sent(spec, kind)
    ]
    width = max(len(name) for name, _ in rows)
    return [f"{name.ljust(width)}  {words}" for name, words in rows]
