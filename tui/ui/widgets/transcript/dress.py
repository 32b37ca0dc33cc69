"""The styles that the transcript paints its own lines with; a message's body has its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable

ROLES = ("user", "assistant", "system", "tool", "notice")
TONES = ("error", "warning")
COMPONENTS = {
    *(f"transcript--{role}" for role in ROLES),
    *(f"transcript--{tone}" for tone in TONES),
    "transcript--chosen",
    "transcript--muted",
    "transcript--thinking",
    "transcript--hit",
    "transcript--at-hit",
    "transcript--given",
    "transcript--cut-off",
}
"""The component classes that `Dress.of` reads."""


@dataclass(frozen=True, slots=True)
class Dress:
    """All styles of one theme."""

    base: Style
    """Text and background, under everything else."""
    muted: Style
    dimmed: Style
    """Over the text of a message that is not sent."""
    thinking: Style
    chosen: Style
    """The bar of the chosen entry."""
    hit: Style
    """What was found."""
    at_hit: Style
    """The hit that the reader is at, and the cursor of a selection."""
    roles: dict[str, Style]
    tones: dict[str, Style]
    given: Style
    """The beginning of a reply that the model was given."""
    cut_off: Style
    """What stop sequences would cut off."""

    @classmethod
    def of(cls, base: Style, component: Callable[[str], Style]) -> Dress:
        """The styles that the style sheet gives, asked for by component class.

        Terminal themes have no shade between text and background: there, muted is dim.
        """
        muted, thinking = component("transcript--muted"), component("transcript--thinking")
        dim = Style(dim=muted.color == base.color or None)
        return cls(
            base,
            muted + dim,
            Style(color=muted.color) + dim,
            thinking + dim,
            component("transcript--chosen"),
            component("transcript--hit"),
            component("transcript--at-hit") + Style(reverse=True),  # seen without colours too
            {role: component(f"transcript--{role}") for role in ROLES},
            {tone: component(f"transcript--{tone}") for tone in TONES},
            _over(component("transcript--given")),
            _over(component("transcript--cut-off")) + dim,
        )

    def role(self, role: str) -> Style:
        """The colour of a role; of an unknown one, that of notices."""
        return self.roles.get(role, self.roles["notice"])

    def tone(self, tone: str) -> Style:
        """The colour of a notice or foot; without a tone, muted."""
        return self.tones.get(tone, self.muted)


def _over(style: Style) -> Style:
    """A style for text that has its own background."""
    return Style(color=style.color, underline=style.underline, strike=style.strike)
