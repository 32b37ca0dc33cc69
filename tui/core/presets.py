"""Presets: parameters with a name, to be put into force in one go or one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.core.escapes import visible
from tui.core.spec_text import shown
from tui.core.specs import BY_NAME
from tui.core.stops import SETS, Stop, members_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tui.core.listing import Problem

PROVIDER = "provider"
"""The name under which a preset's provider stands among its differences."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Named parameters. What it does not name stays as it is."""

    name: str
    description: str = ""
    provider: str | None = None
    """The name of the provider that it is for; None leaves the chat's own."""
    stop_set: str | None = None
    """The name of a stop set, in place of `stop` among the parameters."""
    parameters: dict[str, Any] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    """Parameters that it leaves to the server."""
    path: str = ""
    """Its file."""
    is_own: bool = False
    """Whether it is the user's and not the program's."""


@dataclass(frozen=True, slots=True)
class Presets:
    """All presets that there are, by name."""

    found: dict[str, Preset] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Difference(NamedTuple):
    """What a preset would change."""

    name: str
    """The parameter, or `provider`."""
    now: str
    """The present value as text; empty if it is not set."""
    then: str


def differences(
    preset: Preset,
    kept: Mapping[str, Any],
    provider: str | None = None,
    sets: Mapping[str, Iterable[str]] = SETS,
) -> list[Difference]:
    """What a preset would change in a chat that has `kept` parameters and a provider, in the table's order."""
    after = applied(preset, kept, sets=sets)
    rows = [
        Difference(name, _text(name, kept.get(name)), _text(name, after.get(name)))
        for name in [*BY_NAME, *sorted(after.keys() - BY_NAME.keys())]
        if kept.get(name) != after.get(name)
    ]
    if preset.provider is not None and preset.provider != provider:
        rows.insert(0, Difference(PROVIDER, provider or "", preset.provider))
    return rows


def applied(
    preset: Preset,
    kept: Mapping[str, Any],
    names: Collection[str] | None = None,
    sets: Mapping[str, Iterable[str]] = SETS,
) -> dict[str, Any]:
    """The parameters that a chat has with a preset in force: all of it, or those that `names` has.

    `kept` are those that are set now. Stop sequences that are switched off stay.
    """
    wanted: dict[str, Any] = {**dict.fromkeys(preset.unset), **preset.parameters}
    if preset.stop_set is not None and preset.stop_set in sets:
        wanted["stop"] = list(sets[preset.stop_set])
    if names is not None:
        wanted = {name: value for name, value in wanted.items() if name in names}
    if "stop" in wanted and "stop_off" not in wanted:
        wanted |= _stops(kept, wanted["stop"] or ())
    after = {**kept, **wanted}
    return {name: value for name, value in after.items() if value is not None}


def preset_of(
    name: str, kept: Mapping[str, Any], provider: str | None = None, description: str = ""
) -> Preset:
    """A preset that brings a chat back to the parameters that it has now."""
    return Preset(name, description, provider, parameters=dict(kept), is_own=True)


def _stops(kept: Mapping[str, Any], texts: Iterable[str]) -> dict[str, Any]:
    on = tuple(Stop(text) for text in dict.fromkeys(texts) if text)
    present = {row.text for row in on}
    off = [
        row
        for row in rows_of(kept.get("stop"), kept.get("stop_off"))
        if not row.on and row.text not in present
    ]
    return members_of((*on, *off))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    spec = BY_NAME.get(name)
    text = shown(spec, value) if spec is not None else str(value)
    return " ".join(text.split()) if name == "system_prompt" else _one_line(text)


def _one_line(text: str) -> str:
    return text if text.isprintable() else visible(text)
