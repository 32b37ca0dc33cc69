"""How a cell looks, and the shortest sequence that changes one look into another.

There is one `Pen` object for each look, so that two cells are compared by identity.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.color import ColorSystem
    from rich.style import Style

_UNSEEN_ON_BLANKS = frozenset({"1", "2", "3"})
"""Bold, dim and italic: a space drawn with them looks like any other."""

_OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "51": "54",
    "52": "54",
    "53": "55",
}
_CAPACITY = 8192
"""Styles remembered before the tables start anew; only an animation of colours comes near it."""


class Pen:
    """One look of a cell: SGR codes by kind, and the target of a link."""

    __slots__ = ("attributes", "background", "blank", "foreground", "link")

    def __init__(
        self, attributes: frozenset[str], foreground: str, background: str, link: str
    ) -> None:
        self.attributes = attributes
        self.foreground = foreground
        self.background = background
        self.link = link
        self.blank: Pen | None = None
        """The pen that draws a space just so, with nothing but a background; None when a space
        drawn with this pen shows more than its background (an underline, a link)."""

    def __repr__(self) -> str:
        return f"Pen({sorted(self.attributes)}, {self.foreground!r}, {self.background!r}, {self.link!r})"


class Pens:
    """All pens of one colour system."""

    def __init__(self, color_system: ColorSystem) -> None:
        self.color_system = color_system
        # By identity, since a style's own hash and comparison are slow; the style is kept, so that
        # its identity stays its own.
        self._by_style: dict[int, tuple[Style, Pen]] = {}
        self._by_look: dict[tuple[frozenset[str], str, str, str], Pen] = {}
        self._changes: dict[tuple[Pen, Pen], str] = {}
        self.plain = self._pen(frozenset(), "", "", "")
        """The terminal's own colours, no attributes."""

    def of(self, style: Style | None) -> Pen:
        """The pen that draws what Textual would draw with `style`."""
        if style is None:
            return self.plain
        known = self._by_style.get(id(style))
        if known is None:
            if len(self._by_style) >= _CAPACITY:
                self._forget()
            attributes, foreground, background = _parts(Strip.render_ansi(style, self.color_system))
            pen = self._pen(attributes, foreground, background, _safe(style.link))
            known = self._by_style[id(style)] = (style, pen)
        return known[1]

    def over(self, pen: Pen, blank: Pen) -> Pen:
        """The pen nearest to `pen` that draws a space as `blank` does."""
        return self._pen(
            pen.attributes & _UNSEEN_ON_BLANKS, pen.foreground, blank.background, blank.link
        )

    def change(self, old: Pen, new: Pen) -> str:
        """The shortest sequence after which the terminal draws with `new` instead of `old`."""
        found = self._changes.get((old, new))
        if found is None:
            if len(self._changes) >= _CAPACITY:
                self._changes.clear()
            found = self._changes[old, new] = _change(old, new)
        return found

    def _pen(self, attributes: frozenset[str], foreground: str, background: str, link: str) -> Pen:
        look = (attributes, foreground, background, link)
        pen = self._by_look.get(look)
        if pen is None:
            pen = self._by_look[look] = Pen(*look)
            if not link and attributes <= _UNSEEN_ON_BLANKS:
                pen.blank = (
                    self._pen(frozenset(), "", background, "") if attributes or foreground else pen
                )
        return pen

    def _forget(self) -> None:
        """Start anew; cells drawn with the old pens are merely drawn again."""
        self._by_style.clear()
        self._by_look.clear()
        self._changes.clear()
        self.plain = self._pen(frozenset(), "", "", "")


def _parts(ansi: str) -> tuple[frozenset[str], str, str]:
    """The parameters of an SGR sequence as attributes, foreground and background."""
    attributes: set[str] = set()
    foreground = background = ""
    codes = iter(ansi.split(";") if ansi else ())
    for code in codes:
        number = int(code)
        if number in (38, 48):
            color = ";".join([code, *_extended(codes)])
            foreground, background = (color, background) if number == 38 else (foreground, color)
        elif 30 <= number <= 37 or 90 <= number <= 97:
            foreground = code
        elif 40 <= number <= 47 or 100 <= number <= 107:
            background = code
        elif number == 39:
            foreground = ""
        elif number == 49:
            background = ""
        else:
            attributes.add(code)
    return frozenset(attributes), foreground, background


def _extended(codes: Iterator[str]) -> list[str]:
    kind = next(codes)
    return [kind, *(next(codes) for _ in range(1 if kind == "5" else 3))]


def _safe(link: str | None) -> str:
    """The target of a link, or nothing if it holds what could end the sequence it is put into."""
    return link if link and link.isascii() and link.isprintable() else ""


def _change(old: Pen, new: Pen) -> str:
    link = "" if old.link == new.link else _link(new.link)
    added = sorted(new.attributes - old.attributes, key=int)
    colors = [
        code
        for was, code, default in (
            (old.foreground, new.foreground, "39"),
            (old.background, new.background, "49"),
        )
        for code in ([code or default] if was != code else [])
    ]
    gone = sorted({_OFF.get(code, "0") for code in old.attributes - new.attributes})
    kept = [
        code
        for code in sorted(new.attributes & old.attributes, key=int)
        if _OFF.get(code, "0") in gone
    ]
    fresh = ";".join(
        ["", *sorted(new.attributes, key=int), *filter(None, (new.foreground, new.background))]
    )
    steps = ";".join([*gone, *kept, *added, *colors])
    if not steps:
        return link
    return link + f"\x1b[{fresh if '0' in gone or len(fresh) <= len(steps) else steps}m"


def _link(target: str) -> str:
    if not target:
        return "\x1b]8;;\x1b\\"
    # The same id for the same target, so that the parts of a wrapped link light up together.
    return f"\x1b]8;id={zlib.crc32(target.encode()):x};{target}\x1b\\"
