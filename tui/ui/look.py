"""Turns theme files, as the store reads them, into Textual's themes, and themes into a palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui.core.contrast import contrast
from tui.paint.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import App


LEAST = 4.5
"""The contrast that text has at least."""

_STEPS = 20


def textual_theme(
    name: str,
    dark: bool,
    colors: Mapping[str, str],
    variables: Mapping[str, str],
    *,
    ansi: bool = False,
) -> Theme:
    """A theme that Textual can register; colours have been checked when the file was read."""
    given = dict(colors)
    return Theme(name=name, dark=dark, ansi=ansi, variables=dict(variables), **given)  # type: ignore[arg-type]  # colours by name


def role_defaults(theme: Theme) -> dict[str, str]:
    """The colours that our style sheet asks for beside Textual's own, for a theme that has none of them."""
    if theme.ansi:
        textuals = BUILTIN_THEMES["ansi-dark" if theme.dark else "ansi-light"].variables
        plain = {"muted": "ansi_default", "shown": "ansi_default"}
        marked = {"selected": "ansi_bright_black", "hit-background": "ansi_bright_black"}
        return {**textuals, **plain, **marked}
    if {"muted", "selected", "shown", "hit-background"} <= theme.variables.keys():
        return {}
    system = theme.to_color_system().generate()
    text, ground, panel = (_solid(system[name]) for name in ("foreground", "background", "panel"))
    selected = panel.blend(_solid(system["primary"]), 0.2)
    muted = _readable(text.blend(ground, 0.4), text, [ground, panel, selected])
    return {
        "muted": muted.hex,
        "selected": selected.hex,
        "shown": panel.blend(_solid(system["primary"]), 0.1).hex,
        "hit-background": ground.blend(_solid(system["secondary"]), 0.2).hex,
    }


def _solid(color: str) -> Color:
    return Color.parse(color).with_alpha(1.0)


def _readable(color: Color, text: Color, grounds: Sequence[Color]) -> Color:
    """The colour, moved towards that of the text until it can be read on all grounds."""
    for step in range(_STEPS + 1):
        moved = color.blend(text, step / _STEPS)
        if all(contrast(moved.rgb, ground.rgb) >= LEAST for ground in grounds):
            return moved
    return text


def palette_of_theme(theme: Theme) -> Palette:
    """The palette of a theme, in force or not."""
    generated = theme.to_color_system().generate()
    variables = {**role_defaults(theme), **generated, **theme.variables}
    return Palette.of(variables, dark=theme.dark)


def palette_of(app: App[object]) -> Palette:
    """The palette of the app's present theme; without colour if the app shows none."""
    if app.no_color:
        return Palette.plain()
    return Palette.of(app.theme_variables, dark=app.current_theme.dark)
