"""Makes settings of what stands in their file; a member that is wrong is told and left out."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.listing import Problem
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.settings import LocalSettings, Settings
from tui.core.wrong import wrong_with
from tui.store.config.keymap import keymap_of
from tui.store.toml.tolerant import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import BaseModel


_KEY_HERE = (
    "`api_key` is no setting, and it is not used: a key belongs into `keys.toml` beside this file, or "
    "`api_key_env` names the variable that holds it"
)


def settings_of(
    path: str, table: dict[str, Any], text: str, before: Settings | None = None
) -> tuple[Settings, list[Problem]]:
    """The settings in a table that was read from `text`, and what is wrong with them.

    What is wrong is as it was in `before`, if that is given and has it. A provider with one wrong member is left out as a whole, lest its key go to another server.
    """
    members = _named(table)
    problems = [
        Problem(path, line_of(text, keys), _KEY_HERE if keys[-1] == "api_key" else f"`{'.'.join(keys)}` is no setting; is it `{near}`?")
        for keys, near in _misspelt(members)
    ]  # fmt: skip
    while True:
        try:
            return Settings.model_validate(members), problems
        except ValidationError as error:
            first = error.errors()[0]
            keys = [str(part) for part in first["loc"]]
            what = "this provider is not used" if keys[0] == "providers" else "it is not used"
            members = _without(members, keys[:2])
            old = _value(before, keys[:2])
            if old is not None:
                what = "what was in force stays"
                members = _with(members, keys[:2], old)
            name = f"`{'.'.join(keys)}`"
            words = f"{wrong_with(name, first)}; {what}"
            problems.append(Problem(path, line_of(text, keys), words))


def _named(table: dict[str, Any]) -> dict[str, Any]:
    """The table with each provider's name put into it, and the keys by their whole ids."""
    members = dict(table)
    providers = members.get("providers")
    if isinstance(providers, dict):
        members["providers"] = {
            name: {**value, "name": name} if isinstance(value, dict) else value
            for name, value in providers.items()
        }
    if isinstance(members.get("keys"), dict):
        taken = keymap_of(members)
        wrong = {
            name: value
            for name, value in members["keys"].items()
            if not isinstance(value, dict) and name not in taken
        }
        members["keys"] = {**taken, **wrong}
    return members


def _misspelt(members: dict[str, Any]) -> Iterator[tuple[list[str], str]]:
    """Unknown members that look like known ones, with the name that is likely meant."""
    yield from _near([], members, Settings)
    yield from _near(["local"], members.get("local"), LocalSettings)
    yield from _near(["parameters"], members.get("parameters"), Parameters)
    providers = members.get("providers")
    for name, value in providers.items() if isinstance(providers, dict) else ():
        yield from _near(["providers", name], value, Provider)


def _near(
    path: Sequence[str], members: object, model: type[BaseModel]
) -> Iterable[tuple[list[str], str]]:
    if not isinstance(members, dict):
        return
    for key in members:
        if key not in model.model_fields:
            for near in difflib.get_close_matches(key, model.model_fields, 1, 0.75):
                yield [*path, key], near


def _value(settings: Settings | None, keys: Sequence[str]) -> Any:
    value: Any = settings
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else getattr(value, key, None)
    return value


def _with(members: dict[str, Any], keys: Sequence[str], value: Any) -> dict[str, Any]:
    if len(keys) > 1:
        value = {**members.get(keys[0], {}), keys[1]: value}
    return {**members, keys[0]: value}


def _without(members: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    inner = members.get(keys[0])
    if len(keys) > 1 and isinstance(inner, dict) and keys[1] in inner:
        rest = {key: value for key, value in inner.items() if key != keys[1]}
        return {**members, keys[0]: rest}
    return {key: value for key, value in members.items() if key != keys[0]}
