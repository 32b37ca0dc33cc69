"""`bise config`: the settings file from the command line. Comments, order and unknown members stay."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli.telling import DONE, FAILED, WRONG_USE, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.core.listing import Problem
    from tui.store.config.settings import SettingsFile
    from tui.store.places import Places

_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_HELP)
def config() -> None:
    """Read and change the settings.

    A setting is named as in the file: theme, parameters.temperature, providers.work.base_url,
    keys.chat.new. Comments, order and all else in the file stay as they are.
    """


@config.command(context_settings=_HELP)
def path() -> None:
    """Print where the settings file is, or would be."""
    click.echo(_file().path)


@config.command(context_settings=_HELP)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def get(context: click.Context, /, name: str, as_json: bool) -> None:
    """Print the value of a setting that is in force."""

    def work() -> int:
        from tui.store.config.settings_edit import keys_of, value_at
        from tui.store.toml.text import encode

        file = _file()
        settings = file.load()
        table = settings.model_dump(mode="json", exclude_none=True)
        table["parameters"] = settings.parameters.kept()
        _tell_all(file.problems)
        value = value_at(table, keys_of(name, table))
        if value is None:
            tell(f"{name} is not set")
            return FAILED
        click.echo(json.dumps(value) if as_json else _text(encode(value)))
        return DONE

    context.exit(_run(work))


@config.command("list", context_settings=_HELP, short_help="Print the settings.")
@click.option("--all", "with_defaults", is_flag=True, help="Also those that are not set, with their defaults.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def list_settings(context: click.Context, /, with_defaults: bool, as_json: bool) -> None:
    """Print the settings, one to a line; those with # before them are defaults."""

    def work() -> int:
        from tui.store.config.settings_edit import all_settings

        file = _file()
        table, settings = file.glance(), file.load()
        _tell_all(file.problems)
        rows = [row for row in all_settings(table, settings) if with_defaults or row.is_set]
        if as_json:
            click.echo(json.dumps({row.name: _plain(row.value) for row in rows}, indent=2))
        else:
            for row in rows:
                click.echo(_line(row.name, row.value, is_set=row.is_set))
        return DONE

    context.exit(_run(work))


@config.command("set", context_settings={**_HELP, "ignore_unknown_options": True})
@click.argument("name")
@click.argument("value")
@click.pass_context
def set_value(context: click.Context, /, name: str, value: str) -> None:
    r"""Give a setting a value, such as 0.3 to parameters.temperature.

    Text needs no quotes, lists and tables are written as TOML: '["\n\n", "END"]'.
    """

    def work() -> int:
        from tui.core.failure import Failure
        from tui.store.config.settings_edit import keys_of, read_value

        file = _file()
        table = file.glance()
        try:
            keys = keys_of(name, table)
            meant = read_value(str(file.path), table, keys, value)
            _check_keys(table, keys, meant)
            _check_theme(keys, meant)
        except Failure as failure:
            tell(failure.sentence)
            return WRONG_USE
        file.set(keys, meant)
        if keys[0] == "keys":
            _warn_of_keys({".".join(keys[1:]): meant})
        return DONE

    context.exit(_run(work))


@config.command(context_settings=_HELP)
@click.argument("name")
@click.pass_context
def unset(context: click.Context, /, name: str) -> None:
    """Remove a setting from the file: its default is in force then."""

    def work() -> int:
        from tui.core.failure import Failure
        from tui.store.config.settings_edit import keys_of, value_at

        file = _file()
        table = file.glance()
        keys = name.split(".")
        if value_at(table, keys) is None:
            try:
                keys = keys_of(name, table)
            except Failure as failure:
                tell(failure.sentence)
                return WRONG_USE
        if value_at(table, keys) is None and not file.problems:
            tell(f"{name} is not set")
            return DONE
        file.set(keys, None)
        return DONE

    context.exit(_run(work))


@config.command(context_settings=_HELP, short_help="Open the settings in your editor.")
@click.pass_context
def edit(context: click.Context, /) -> None:
    """Open the settings in your editor (VISUAL or EDITOR), and tell what is wrong in them afterwards."""

    def work() -> int:
        file = _file()
        _begin_file(file)
        try:
            click.edit(filename=str(file.path))
        except (click.ClickException, ValueError) as error:
            why = error.message if isinstance(error, click.ClickException) else str(error)
            tell(f"the editor could not be used: {why}; VISUAL or EDITOR names it")
            return FAILED
        return _report([*_of_settings(file), *_of_keys(file)])

    context.exit(_run(work))


@config.command(context_settings=_HELP, short_help="Check settings, themes and presets.")
@click.pass_context
def validate(context: click.Context, /) -> None:
    """Check settings, themes and presets; tells file, line and what is wrong. Exit status 1 if anything is."""

    def work() -> int:
        from tui.store.config.presets import PresetFolder
        from tui.store.config.themes import load_themes

        places = _places()
        file = _file()
        themes = load_themes(places)
        found = [*_of_settings(file), *_of_keys(file), *themes.problems]
        found += PresetFolder(places).load().problems
        found += _of_theme(file, set(themes.found))
        status = _report(found)
        _warn_of_keys(file.glance().get("keys"))
        if status == DONE:
            state = (
                "all is well"
                if file.path.exists()
                else "it is not there; the defaults are in force"
            )
            click.echo(f"{file.path}: {state}")
        return status

    context.exit(_run(work))


def _places() -> Places:
    from tui.store.places import Places

    return Places.from_environment()


def _file() -> SettingsFile:
    from tui.store.config.settings import SettingsFile

    return SettingsFile(_places())


def _run(work: Callable[[], int]) -> int:
    from tui.core.failure import Failure

    try:
        return work()
    except Failure as failure:
        tell(failure.sentence)
        return FAILED


def _begin_file(file: SettingsFile) -> None:
    """Make the file if it is not there, so that the editor has one that only its owner can read."""
    if file.path.exists():
        return
    from tui.store import atomic
    from tui.store.disk import disk_failure

    _places().ensure(file.path.parent)
    words = b"# The settings of bise. `bise config list --all` names all that there are.\n"
    try:
        atomic.create(file.path, words)
    except OSError as error:
        raise disk_failure(error, file.path, "save") from error


def _of_settings(file: SettingsFile) -> list[Problem]:
    from tui.core.listing import Problem
    from tui.core.spec_text import check
    from tui.core.specs import BY_NAME
    from tui.store.toml.tolerant import line_of

    settings = file.load()
    found = list(file.problems)
    text = file.path.read_text("utf-8", "replace") if file.path.exists() else ""
    for name, value in settings.parameters.kept().items():
        line = line_of(text, ["parameters", name])
        if name not in BY_NAME:
            words = f"`{name}` is no parameter: it is not sent; under `extra` it would be"
            found.append(Problem(str(file.path), line, words))
            continue
        try:
            check(BY_NAME[name], value)
        except ValueError as error:
            found.append(Problem(str(file.path), line, str(error)))
    return found


def _of_keys(file: SettingsFile) -> list[Problem]:
    from tui.core.listing import Problem
    from tui.store.config.keymap import keymap_of
    from tui.ui.keys import read_keymap

    wanted = keymap_of(file.glance())
    lines = file.key_lines(wanted)
    _, problems = read_keymap(wanted)
    return [
        Problem(str(file.path), max((lines[one] for one in wanted if f"'{one}'" in words), default=0), words)
        for words in problems
    ]  # fmt: skip


def _of_theme(file: SettingsFile, known: set[str]) -> list[Problem]:
    from tui.core.listing import Problem
    from tui.store.toml.tolerant import line_of

    name = file.load().theme
    if name in known:
        return []
    text = file.path.read_text("utf-8", "replace")
    return [Problem(str(file.path), line_of(text, ["theme"]), _no_theme(name, known))]


def _no_theme(name: str | None, known: Iterable[str]) -> str:
    return f"no theme is called {name!r:.60}; there are {', '.join(sorted(known))}"


def _check_theme(keys: list[str], name: Any) -> None:
    """Raise `Failure` for a theme that there is not."""
    if keys != ["theme"]:
        return
    from tui.core.failure import Failure, FailureKind
    from tui.store.config.themes import load_themes

    known = load_themes(_places()).found
    if name not in known:
        raise Failure(FailureKind.CONFIG, _no_theme(name, known))


def _check_keys(table: dict[str, Any], keys: list[str], value: Any) -> None:
    """Raise `Failure` for a key that cannot be had, or that another command has."""
    if keys[0] != "keys" or len(keys) < 2:
        return
    from tui.core.failure import Failure, FailureKind
    from tui.store.config.keymap import keymap_of
    from tui.ui.keys import read_keymap

    before = keymap_of(table)
    after = {**before, **keymap_of({"keys": {".".join(keys[1:]): value}})}
    known = read_keymap(before)[1]
    for words in read_keymap(after)[1]:
        if words not in known:
            raise Failure(FailureKind.CONFIG, words)


def _warn_of_keys(table: object) -> None:
    from tui.core.key_delivery import keymap_warnings
    from tui.store.config.keymap import keymap_of

    for words in keymap_warnings(keymap_of({"keys": table})):
        tell(words)


def _report(problems: list[Problem]) -> int:
    _tell_all(problems)
    return FAILED if problems else DONE


def _tell_all(problems: list[Problem]) -> None:
    for problem in problems:
        tell(str(problem))


def _text(value: Any) -> str:
    from tui.core.text import clean
    from tui.store.toml.text import value_text

    if isinstance(value, str):
        return clean(value) if sys.stdout.isatty() else value
    return value_text(value)


def _line(name: str, value: Any, *, is_set: bool) -> str:
    from tui.core.text import one_line
    from tui.store.toml.text import encode, value_text

    value = _plain(value)
    words = f"{one_line(name)} = {value_text(encode(value))}"
    if value is None:
        words = f"{one_line(name)} is not set"
    return words if is_set else f"# {words}"


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_none=True)
    return json.loads(json.dumps(value, default=str))
