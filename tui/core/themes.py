"""Colour themes, as the files have them; `store.themes` reads and checks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.listing import Problem


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One theme, checked."""

    name: str
    dark: bool = True
    colors: dict[str, str] = field(default_factory=dict)
    """By Textual's names: `primary`, `background` …"""
    variables: dict[str, str] = field(default_factory=dict)
    """Colours, or words of style, by role."""
    path: str = ""
    ansi: bool = False
    """Whether it is made of the terminal's own colours."""


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes that there are, by name."""

    found: dict[str, ThemeFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
