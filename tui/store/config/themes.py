"""Colour themes: those that come with the program, and the user's own beside them.

A theme file has `name`, `dark`, a table `[colors]` with Textual's colours and a table `[variables]` with
our own names for the roles of text. Everything is checked here, since a wrong colour would
end the program much later. A user's theme takes the place of a built-in one of the same name.

A theme with `ansi = true` uses the terminal's own sixteen colours (`ansi_red`, `ansi_default` …) and its
background; other themes may use them for single roles. For `NO_COLOR` the interface takes Textual's
`ansi-dark`, which must be chosen before the app is built.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.core.listing import Problem
from tui.core.themes import ThemeFile, Themes
from tui.store.disk import cause_of
from tui.store.sessions.heads import error_line, error_words
from tui.store.toml.tolerant import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.places import Places

COLORS = (
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "foreground",
    "background",
    "surface",
    "panel",
    "boost",
)
"""The names in `[colors]`; only `primary` is required."""

ROLES = (
    *(f"message-{name}" for name in ("user", "assistant", "foot")),
    *(f"md-{name}" for name in ("heading", "link", "quote", "table", "rule", "emphasis")),
    "code-background",
    *(
        f"code-{n}"
        for n in ("keyword", "string", "comment", "number", "function", "type", "operator")
    ),
    "muted",
    "selected",
    "shown",
    "hit-background",
)
"""Our own names in `[variables]`; those that a theme lacks are made from its colours."""

COMMON = frozenset(
    [
        *(
            f"{part}-cursor-{layer}"
            for part in ("input", "block")
            for layer in ("background", "foreground")
        ),
        *(
            f"{part}-selection-{layer}"
            for part in ("input", "screen")
            for layer in ("background", "foreground")
        ),
        *(f"scrollbar{part}" for part in ("", "-hover", "-active", "-corner-color")),
        *(f"scrollbar-background{part}" for part in ("", "-hover", "-active")),
        "text-muted",
        "text-disabled",
        "border-blurred",
    ]
)
"""Names of Textual in `[variables]` that themes use: they are no slips, and need not be compared with ours."""

DEFAULT = "bise-dark"

_MEMBERS = ("name", "dark", "ansi", "colors", "variables")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_VARIABLE = re.compile(r"[a-z][a-z0-9-]{0,60}")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_ANSI = re.compile(
    r"ansi_(?:default|(?:bright_)?(?:black|red|green|yellow|blue|magenta|cyan|white))"
)
_SIMPLE = frozenset(
    [
        "aqua",
        "black",
        "blue",
        "fuchsia",
        "gray",
        "green",
        "lime",
        "maroon",
        "navy",
        "olive",
        "orange",
        "purple",
        "red",
        "silver",
        "teal",
        "transparent",
        "white",
        "yellow",
    ]
)
_STYLES = frozenset(["bold", "dim", "italic", "none", "reverse", "strike", "underline"])


class _Wrong(ValueError):
    def __init__(self, keys: tuple[str, ...], words: str) -> None:
        super().__init__(words)
        self.keys = keys


class ThemeFolder:
    """The themes (`core.ports.ThemeShelf`). Its methods block on the disk."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def load(self) -> Themes:
        """All themes, and what is wrong with files that are none."""
        return load_themes(self._places)

    def read(self, name: str) -> tuple[ThemeFile | None, list[Problem]]:
        """One theme as its file has it now, or what is wrong with that."""
        stamp = theme_stamp(self._places, name)
        return read_theme(Path(stamp[0])) if stamp is not None else (None, [])

    def stamp(self, name: str) -> tuple[str, int, int] | None:
        """Another stamp than before means that the theme's file has changed; None if there is none."""
        return theme_stamp(self._places, name)


def built_in() -> Path:
    """The folder of the themes that come with the program: inside the package, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def load_themes(places: Places) -> Themes:
    """All themes, the built-in ones first; a file that is no theme is told and hides no other."""
    themes = Themes()
    for folder in (built_in(), places.themes):
        for path in _files(folder, themes.problems):
            theme = _theme(path, themes.problems)
            if theme:
                themes.found[theme.name] = theme
    return themes


def load_theme(places: Places, name: str) -> ThemeFile | None:
    """One theme by the name of its file, without reading the others; None if there is none that is right."""
    if not _NAME.fullmatch(name):
        return None
    for folder in (places.themes, built_in()):
        theme = _theme(folder / f"{name}.toml", [])
        if theme and theme.name == name:
            return theme
    return None


def theme_stamp(places: Places, name: str) -> tuple[str, int, int] | None:
    """The file that a theme is read from, with its time and size: another stamp means that it has changed.

    None if there is no such file. Two looks at the disk at most.
    """
    if not _NAME.fullmatch(name):
        return None
    for folder in (places.themes, built_in()):
        path = folder / f"{name}.toml"
        try:
            state = path.stat()
        except OSError:
            continue
        return str(path), state.st_mtime_ns, state.st_size
    return None


def read_theme(path: Path) -> tuple[ThemeFile | None, list[Problem]]:
    """A theme from one file, or what is wrong with it."""
    problems: list[Problem] = []
    return _theme(path, problems), problems


def _files(folder: Path, problems: list[Problem]) -> Iterable[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return ()
    except OSError as error:
        problems.append(Problem(str(folder), 0, f"the folder can't be read: {cause_of(error)}"))
        return ()


def _theme(path: Path, problems: list[Problem]) -> ThemeFile | None:
    text = ""
    try:
        text = path.read_text("utf-8-sig")
        return _checked(tomllib.loads(text), path)
    except OSError as error:
        problems.append(Problem(str(path), 0, f"it can't be read: {cause_of(error)}"))
    except UnicodeDecodeError:
        problems.append(Problem(str(path), 0, "this is no UTF-8 text"))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(str(path), error_line(error, text), error_words(error)))
    except RecursionError:
        problems.append(Problem(str(path), 0, "it is nested too deeply"))
    except _Wrong as wrong:
        problems.append(Problem(str(path), line_of(text, wrong.keys), str(wrong)))
    return None


def _checked(table: dict[str, Any], path: Path) -> ThemeFile:
    name, dark = table.get("name", path.stem), table.get("dark", True)
    ansi = table.get("ansi", False)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _Wrong(("name",), "`name` must be of lower-case letters, digits and dashes")
    if not isinstance(dark, bool):
        raise _Wrong(("dark",), "`dark` must be true or false")
    if not isinstance(ansi, bool):
        raise _Wrong(("ansi",), "`ansi` must be true or false")
    for key in table:
        if key not in _MEMBERS:
            raise _Wrong((key,), f"`{key:.40}` is no member of a theme{_hint(key, _MEMBERS)}")
    colors, variables = _colors(table), _variables(table)
    return ThemeFile(name, dark, colors, variables, str(path), ansi)


def _colors(table: dict[str, Any]) -> dict[str, str]:
    colors = _members(table, "colors")
    for key, value in colors.items():
        if key not in COLORS:
            words = f"`colors.{key:.40}` is no colour that a theme has{_hint(key, COLORS)}"
            raise _Wrong(("colors", key), words)
        if not is_color(value):
            raise _Wrong(("colors", key), f"`colors.{key}`: {value!r:.40} is no colour")
    if "primary" not in colors:
        raise _Wrong(("colors",), "`colors.primary` is missing")
    return colors


def _variables(table: dict[str, Any]) -> dict[str, str]:
    variables = _members(table, "variables")
    for key, value in variables.items():
        if not _VARIABLE.fullmatch(key):
            raise _Wrong(("variables", key), f"{key!r:.40} can't be the name of a variable")
        if key not in ROLES and key not in COMMON and (near := _hint(key, ROLES)):
            raise _Wrong(("variables", key), f"`variables.{key:.40}` is unknown{near}")
        wanted = "style" if key.endswith("style") else "colour"
        if not (_is_style(value) if wanted == "style" else _is_shade(value)):
            raise _Wrong(("variables", key), f"`variables.{key}`: {value!r:.40} is no {wanted}")
    return variables


def _hint(name: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), 1, 0.85)
    return f"; is it {near[0]}?" if near else ""


def _members(table: dict[str, Any], name: str) -> dict[str, Any]:
    members = table.get(name, {})
    if not isinstance(members, dict):
        raise _Wrong((name,), f"`{name}` must be a table")
    return members


def is_color(value: object) -> bool:
    """Whether a value is a colour: `#rgb`, `#rrggbb`, `ansi_…` or one of a few plain names."""
    return isinstance(value, str) and bool(
        _HEX.fullmatch(value) or _ANSI.fullmatch(value) or value in _SIMPLE
    )


def _is_shade(value: object) -> bool:
    """Whether a value is a colour, or one with a share, such as `#fff 30%`."""
    if not isinstance(value, str):
        return False
    color, _, share = value.partition(" ")
    return is_color(color) and (not share or bool(re.fullmatch(r"\d{1,2}%|100%", share)))


def _is_style(value: object) -> bool:
    """Whether a value is words of style, such as `bold underline`."""
    return isinstance(value, str) and set(value.split(" ")) <= _STYLES
