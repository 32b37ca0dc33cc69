"""Turns theme files, as the store reads them, into Textual's themes, and themes into a palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

from tui.paint.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App


def textual_theme(
    name: str, dark: bool, colors: Mapping[str, str], variables: Mapping[str, str]
) -> Theme:
    """A theme that Textual can register; colours have been checked when the file was read."""
    return Theme(name=name, dark=dark, variables=dict(variables), **dict(colors))  # type: ignore[arg-type]  # colours by name


def palette_of(app: App[object]) -> Palette:
    """The palette of the app's present theme; without colour if the app shows none."""
    if app.no_color:
        return Palette.plain()
    return Palette.of(app.theme_variables, dark=app.current_theme.dark)
