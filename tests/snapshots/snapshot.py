"""Paints the reply with every construct, as text: `python -m tests.snapshots.snapshot` renews all files.

Each line of the screen is followed by a line with a letter for each cell that is not in the plain
style of text; what the letters mean stands at the end. Look at the result before you commit it:
`python -m tests.snapshots.snapshot FOLDER` writes it there as SVG.
"""

from __future__ import annotations

import sys
from io import StringIO
from itertools import product
from pathlib import Path
from string import ascii_letters
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment, Segments
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, MONOKAI

from tui.paint.palette import Palette
from tui.paint.rendering import Rendering

if TYPE_CHECKING:
    from rich.style import Style

HERE = Path(__file__).parent
SOURCE = (HERE / "reply.md").read_text("utf-8")
WIDTHS = (60, 80, 120, 200)
LOOKS = {
    "dark": Palette.of({}, dark=True),
    "light": Palette.of({}, dark=False),
    "no-colour": Palette.plain(),
}
CASES = {f"{look}-{width}": (look, width, True) for look, width in product(LOOKS, WIDTHS)} | {
    "no-colour-60-sideways": ("no-colour", 60, False)
}
"""By name: the look, the width, and whether code is wrapped."""


def rendering(name: str) -> Rendering:
    """The reply in one of the cases."""
    look, width, wraps = CASES[name]
    reply = Rendering(LOOKS[look], width, SOURCE, wrap_code=wraps)
    reply.finish()
    reply.lay_out()
    reply.shift = 0 if wraps else 8
    return reply


def painted(name: str) -> str:
    """The reply in one of the cases, as it is kept."""
    reply, plain = rendering(name), LOOKS[CASES[name][0]].text
    letters: dict[str, str] = {str(plain): " "}
    lines = []
    for index in range(len(reply)):
        text = marks = ""
        for segment in reply.line(index):
            style = described(segment.style)
            letter = letters.setdefault(style, ascii_letters[len(letters) - 1])
            text += segment.text
            marks += letter * cell_len(segment.text)
        lines += [f"│{text.rstrip()}", *([f"·{marks.rstrip()}"] if marks.strip() else [])]
    legend = [f"{letter}  {style}" for style, letter in letters.items() if letter != " "]
    return "\n".join([*lines, "", *legend, ""])


def described(style: Style | None) -> str:
    """A style in words, with where its link leads."""
    if style is None:
        return "none"
    link = style.meta.get("link")
    return f"{style} → {link}" if link else str(style)


def path_of(name: str) -> Path:
    """Where a case is kept."""
    return HERE / f"reply-{name}.txt"


def picture(name: str) -> str:
    """The reply in one of the cases, as SVG."""
    look, width, _ = CASES[name]
    console = Console(record=True, width=width, file=StringIO(), color_system="truecolor")
    reply = rendering(name)
    for index in range(len(reply)):
        console.print(Segments([*reply.line(index), Segment.line()]), end="", soft_wrap=True)
    theme = DEFAULT_TERMINAL_THEME if look == "light" else MONOKAI
    return console.export_svg(title=name, theme=theme)


def main() -> None:
    """Renew all files, or write pictures into a folder."""
    for name in CASES:
        if len(sys.argv) > 1:
            (Path(sys.argv[1]) / f"{name}.svg").write_text(picture(name), "utf-8")
        else:
            path_of(name).write_text(painted(name), "utf-8")


if __name__ == "__main__":
    main()
