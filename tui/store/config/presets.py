"""Preset files: those that come with the program, and the user's own in the config folder's `presets/`.

    description = "For letters"
    provider = "mistral"
    stop_set = "paragraph"
    unset = ["top_p"]

    [parameters]
    temperature = 0.2

A user's preset takes the place of a built-in one of the same name. What is wrong in a file is
told with its line; the rest of it works.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.core.listing import Problem
from tui.core.presets import Preset, Presets
from tui.core.specs import nearest
from tui.core.wrong import wrong_with
from tui.store import atomic
from tui.store.disk import cause_of, disk_failure
from tui.store.toml.edit import edited
from tui.store.toml.text import decode
from tui.store.toml.tolerant import line_of, read_tolerantly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.store.places import Places

_NAME = re.compile(r"[^\W_][\w .,+()-]{0,59}")
_MEMBERS = frozenset(["description", "provider", "stop_set", "unset", "parameters"])


def built_in() -> Path:
    """The folder of the presets that come with the program."""
    return Path(__file__).parents[2] / "presets"


class PresetFolder:
    """The presets (`core.ports.PresetShelf`). Its methods block on the disk."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def load(self) -> Presets:
        """All presets, the built-in ones first; a file that is wrong hides no other."""
        presets = Presets()
        for folder, is_own in ((built_in(), False), (self._places.presets, True)):
            for path in _files(folder, presets.problems):
                preset = _preset(path, is_own, presets.problems)
                if preset is not None:
                    presets.found[preset.name] = preset
        return presets

    def named(self, name: str) -> Preset:
        """One preset. Raises `Failure`, naming those that there are."""
        found = self.load().found
        if name not in found:
            raise Failure(
                FailureKind.CONFIG,
                f"No preset is called {name!r:.60}",
                advice=f"There are: {', '.join(sorted(found))}.",
            )
        return found[name]

    def path(self, name: str) -> Path:
        """The file of a preset of the user's, whether it exists or not. Raises `Failure` for what is no name."""
        if not _NAME.fullmatch(name):
            raise Failure(
                FailureKind.CONFIG,
                f"{name!r:.60} can't be the name of a preset",
                advice="Use letters, digits, spaces and dashes.",
            )
        return self._places.presets / f"{name}.toml"

    def save(self, preset: Preset) -> Path:
        """Write a preset's file; in one that is there already comments and unknown members stay.

        Raises `Failure`; the file is then left as it is.
        """
        path = self.path(preset.name)
        self._places.ensure(path.parent)
        try:
            data = path.read_bytes() if path.exists() else b""
            before, _ = read_tolerantly(path, data)
            for keys, value in _changes(preset, before.get("parameters")):
                data = edited(path, data, keys, value)
            atomic.replace(path, data)
        except OSError as error:
            raise disk_failure(error, path, "save") from error
        return path

    def remove(self, name: str) -> Path:
        """Put a preset of the user's out of the way: its file is renamed, and kept. Raises `Failure`."""
        path = self.path(name)
        kept = path.with_name(f"{path.name}.removed")
        try:
            path.replace(kept)
        except OSError as error:
            raise disk_failure(error, path, "remove") from error
        return kept

    def restore(self, name: str) -> Path:
        """Bring back the preset of that name that was removed last. Raises `Failure`."""
        path = self.path(name)
        if path.exists():
            raise Failure(FailureKind.CONFIG, f"There is another preset called {name!r:.60} now")
        try:
            path.with_name(f"{path.name}.removed").replace(path)
        except OSError as error:
            raise disk_failure(error, path, "restore") from error
        return path


def _changes(preset: Preset, before: object) -> Iterator[tuple[list[str], Any]]:
    """What has to be set in the file, and removed from it."""
    yield ["description"], preset.description or None
    yield ["provider"], preset.provider
    yield ["stop_set"], preset.stop_set
    yield ["unset"], list(preset.unset) or None
    for name in before if isinstance(before, dict) else ():
        if name not in preset.parameters:
            yield ["parameters", name], None
    for name, value in preset.parameters.items():
        yield ["parameters", name], value


def _files(folder: Path, problems: list[Problem]) -> Iterable[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return ()
    except OSError as error:
        problems.append(Problem(str(folder), 0, f"the folder can't be read: {cause_of(error)}"))
        return ()


def _preset(path: Path, is_own: bool, problems: list[Problem]) -> Preset | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.append(Problem(str(path), 0, f"it can't be read: {cause_of(error)}"))
        return None
    if not _NAME.fullmatch(path.stem):
        problems.append(Problem(str(path), 0, "the file's name can't be that of a preset"))
        return None
    table, wrong = read_tolerantly(path, data)
    table = decode(table)
    problems += wrong
    reading = _Reading(str(path), data.decode("utf-8-sig", "replace"), problems)
    for key in table.keys() - _MEMBERS:
        reading.tell([key], f"`{key}` is no member of a preset")
    return Preset(
        name=path.stem,
        description=reading.text(table, "description") or "",
        provider=reading.text(table, "provider"),
        stop_set=reading.text(table, "stop_set"),
        parameters=reading.parameters(table.get("parameters", {})),
        unset=tuple(reading.unset(table.get("unset", []))),
        path=str(path),
        is_own=is_own,
    )


class _Reading:
    """Reads one file's members and tells what is wrong with them."""

    def __init__(self, path: str, text: str, problems: list[Problem]) -> None:
        self._path = path
        self._text = text
        self._problems = problems

    def tell(self, keys: Sequence[str], words: str) -> None:
        line = line_of(self._text, keys)
        self._problems.append(Problem(self._path, line, f"{words}; it is not used"))

    def text(self, table: dict[str, Any], name: str) -> str | None:
        value = table.get(name)
        if value is not None and not isinstance(value, str):
            self.tell([name], f"`{name}` must be a text")
            return None
        return value

    def unset(self, names: object) -> Iterator[str]:
        from tui.core.parameters import Parameters

        for name in names if isinstance(names, list) else [names]:
            if name in Parameters.model_fields:
                yield name
            else:
                self.tell(["unset"], f"no parameter is called {name!r:.60}{_hint(str(name))}")

    def parameters(self, members: object) -> dict[str, Any]:
        from pydantic import ValidationError

        from tui.core.parameters import Parameters

        if not isinstance(members, dict):
            self.tell(["parameters"], "`parameters` must be a table")
            return {}
        found: dict[str, Any] = {}
        for name, value in members.items():
            if name not in Parameters.model_fields:
                self.tell(["parameters", name], f"no parameter is called {name!r:.60}{_hint(name)}")
                continue
            try:
                found |= Parameters.model_validate({name: value}).kept()
            except ValidationError as error:
                words = wrong_with(f"`{name}`", error.errors()[0])
                self.tell(["parameters", name], words)
        return found


def _hint(name: str) -> str:
    near = nearest(name)
    return f" (is it {' or '.join(near)}?)" if near else ""
