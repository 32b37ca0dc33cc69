"""`bise presets`: the presets that there are, and what is in one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tui.cli.telling import DONE, WRONG_USE, tell

if TYPE_CHECKING:
    from tui.core.presets import Preset


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.argument("name", required=False)
@click.pass_context
def presets(context: click.Context, /, name: str | None, as_json: bool) -> None:
    """List the presets, or show what NAME sets.

    Those of your own are TOML files in the folder presets/ beside the settings; bise ask --preset
    uses one.
    """
    context.exit(_show(name, as_json))


def _show(name: str | None, as_json: bool) -> int:
    from tui.store.config.presets import PresetFolder
    from tui.store.places import Places

    loaded = PresetFolder(Places.from_environment()).load()
    for problem in loaded.problems:
        tell(str(problem))
    if name is not None and name not in loaded.found:
        tell(f"no preset is called {name!r:.60}; there are {', '.join(sorted(loaded.found))}")
        return WRONG_USE
    chosen = [loaded.found[name]] if name is not None else list(loaded.found.values())
    if as_json:
        click.echo(json.dumps({one.name: _as_json(one) for one in chosen}, indent=2, default=str))
    else:
        click.echo("\n".join(_whole(chosen[0]) if name is not None else map(_line, chosen)))
    return DONE


def _as_json(preset: Preset) -> dict[str, object]:
    return {
        "description": preset.description,
        "provider": preset.provider,
        "stop_set": preset.stop_set,
        "parameters": preset.parameters,
        "unset": preset.unset,
        "own": preset.is_own,
    }


def _line(preset: Preset) -> str:
    from tui.core.text import one_line

    own = "  (yours)" if preset.is_own else ""
    return f"{preset.name.ljust(12)}  {one_line(preset.description, 80)}{own}".rstrip()


def _whole(preset: Preset) -> list[str]:
    from tui.core.presets import differences
    from tui.core.text import one_line

    rows = differences(preset, dict.fromkeys(preset.unset, "?"))
    lines = [one_line(preset.description)] if preset.description else []
    return [*lines, *(f"{row.name}: {one_line(row.then) or 'not set'}" for row in rows)]
