"""What the terminal can do beyond the common ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ERASES_IN_COLOR = (
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "iterm",
    "kitty",
    "konsole",
    "linux",
    "mintty",
    "rxvt",
    "st-",
    "tmux",
    "vte",
    "wezterm",
    "xterm",
)


@dataclass(frozen=True, slots=True)
class Traits:
    """Abilities of a terminal that change what is written to it."""

    erases_in_color: bool = False
    """Erased cells get the current background (terminfo's `bce`), not the terminal's own."""
    scrolls: bool = True
    """Rows may be moved within scroll margins."""
    synchronised: bool = False
    """A frame is shown at once when it is marked as one (mode 2026)."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Traits:
        """The abilities of the terminal named in the environment; when in doubt, it has none.

        GNU screen erases in its own background unless told otherwise, and hides behind the name of
        another terminal when its user says so; hence the look at STY.
        """
        term = environ.get("TERM", "")
        inside_screen = "STY" in environ or (term.startswith("screen") and "TMUX" not in environ)
        known = (
            term.startswith(_ERASES_IN_COLOR)
            or term == "st"
            or "TMUX" in environ
            or "WT_SESSION" in environ  # Windows Terminal, which sets no TERM
        )
        return cls(erases_in_color=term.endswith("-bce") or (known and not inside_screen))
