"""Draws the rows of the settings pane: those in view, the line that is edited, what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core.text import clean
from tui.ui.widgets.cells import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ui.widgets.settings.field import Field
    from tui.ui.widgets.settings.line import Line

_WIDEST_TITLE = 28

_LEAST_VALUE = 12
"""So many cells a value keeps beside what stands on the right."""


class _Drawn(NamedTuple):
    """What stands in a line of the list."""

    kind: str
    """`group`, `field`, `more`, `note`, `edit` or `wrong`."""
    row: int = 0
    """Which row it belongs to."""
    text: str = ""


class DrawnFields(ScrollView):
    """The rows under the headings of their groups, one of them under the cursor."""

    DEFAULT_CSS = """
    DrawnFields { height: 1fr; background: $background; color: $foreground; scrollbar-size-vertical: 1; overflow-x: hidden; overflow-y: scroll; }
    DrawnFields > .fields--group { color: $primary; }
    DrawnFields > .fields--cursor { background: $panel; text-style: bold; }
    DrawnFields > .fields--faint { color: $text-muted; }
    DrawnFields > .fields--mark { color: $accent; }
    DrawnFields > .fields--warning { color: $warning; }
    DrawnFields > .fields--wrong { color: $error; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "fields--group", "fields--cursor", "fields--faint", "fields--mark", "fields--warning", "fields--wrong",
    }  # fmt: skip

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._fields: Sequence[Field] = ()
        self._drawn: list[_Drawn] = []
        self._line_of: list[int] = []
        self._at = 0
        self._line: Line | None = None
        """What is edited, under the row under the cursor."""
        self._wrong = ""

    @property
    def at(self) -> str:
        """The id of the row under the cursor; empty if there is none."""
        return self._fields[self._at].id if self._at < len(self._fields) else ""

    def lay_out(self) -> None:
        """Work out what stands on which line, and bring the cursor into view."""
        self._drawn, self._line_of = [], []
        group = ""
        for index, field in enumerate(self._fields):
            if field.group != group:
                group = field.group
                self._drawn.append(_Drawn("group", index, group))
            self._line_of.append(len(self._drawn))
            self._drawn.append(_Drawn("field", index))
            self._drawn += [_Drawn("more", index, text) for text in field.more]
            is_here = index == self._at
            if is_here and self._line is not None:
                self._drawn.append(_Drawn("edit", index))
            if is_here and self._wrong:
                width = max(10, self._width - 4)
                self._drawn += [
                    _Drawn("wrong", index, part) for part in wrapped(self._wrong, width)
                ]
            if field.note:
                self._drawn += [
                    _Drawn("note", index, part)
                    for part in wrapped(field.note, max(10, self._width - 4))
                ]
        self.virtual_size = Size(self._width, max(1, len(self._drawn)))
        self._reveal()
        self.refresh()

    @property
    def _width(self) -> int:
        """Cells beside the scrollbar."""
        return self.scrollable_content_region.width

    def _reveal(self) -> None:
        if not self._line_of or not self.size.height:
            return
        first = self._line_of[self._at]
        end = next(
            (y for y in range(first + 1, len(self._drawn)) if self._drawn[y].row != self._at),
            len(self._drawn),
        )
        top = first - 1 if first and self._drawn[first - 1].kind == "group" else first
        rows = min(end - top, self.size.height)
        self.scroll_to_region(Region(0, top, 1, rows), animate=False, force=True)

    def on_resize(self) -> None:
        """Notes are broken where the width is."""
        self.lay_out()

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        width = self._width
        at = y + self.scroll_offset.y
        if at >= len(self._drawn):
            words = "   nothing fits; Esc shows all" if not self._fields and at == 0 else ""
            return self._one(words, width, "fields--faint")
        drawn = self._drawn[at]
        match drawn.kind:
            case "group":
                words = f" ── {drawn.text} "
                return self._one(
                    words + "─" * (width - cell_len(words) - 1), width, "fields--group"
                )
            case "edit":
                return self._edit_strip(width)
            case "wrong":
                return self._one(f"   {drawn.text}", width, "fields--wrong")
            case "note":
                calm = self._fields[drawn.row].is_calm
                return self._one(
                    f"   {drawn.text}", width, f"fields--{'faint' if calm else 'warning'}"
                )
            case _:
                return self._field_strip(drawn, width)

    def _one(self, text: str, width: int, component: str) -> Strip:
        style = self.get_component_rich_style(component)
        return Strip([Segment(set_cell_size(clean(text), width), style)], width)

    def _field_strip(self, drawn: _Drawn, width: int) -> Strip:
        field = self._fields[drawn.row]
        is_here = drawn.row == self._at and drawn.kind == "field"
        style = self.get_component_rich_style("fields--cursor") if is_here else self.rich_style
        faint = self._over(style, "fields--faint")
        lead = f"{field.lead} "
        if not field.lead:
            lead = self._titled(field, width)
        value = field.value
        if drawn.kind == "more":
            lead, value = " " * cell_len(lead), drawn.text
        room = max(0, width - 4 - cell_len(lead))
        aside = clean(field.aside) if drawn.kind == "field" else ""
        if room - cell_len(aside) < _LEAST_VALUE:
            aside = ""
        value = fitted(clean(value), room - cell_len(aside) - 2 if aside else room)
        gap = " " * (room - cell_len(value) - cell_len(aside))
        return Strip(
            [
                Segment("›" if is_here else " ", style),
                Segment((field.mark or " ") if drawn.kind == "field" else " ", self._over(style, "fields--mark")),
                Segment(f" {lead}", faint if field.is_faint else style),
                Segment(value, faint if field.is_faint else style),
                Segment(f"{gap}{aside}", faint),
            ]
        ).crop_extend(0, width, style)  # fmt: skip

    def _titled(self, field: Field, width: int) -> str:
        """The title in its column; a long one goes on as far as the value leaves it room."""
        column = max(10, min(_WIDEST_TITLE, width * 2 // 5))
        value = min(cell_len(clean(field.value)), width // 2 - 3)
        room = max(column - 1, width - 5 - value)
        title = fitted(clean(field.title), room)
        return set_cell_size(title, max(column, cell_len(title) + 1))

    def _edit_strip(self, width: int) -> Strip:
        style = self.get_component_rich_style("fields--cursor")
        text, at = self._line.window(width - 6) if self._line is not None else ("", 0)
        text = clean(text)
        cursor = style + Style(reverse=True)
        return Strip(
            [
                Segment("   > ", self._over(style, "fields--mark")),
                Segment(text[:at], style),
                Segment(text[at : at + 1] or " ", cursor),
                Segment(text[at + 1 :], style),
            ]
        ).crop_extend(0, width, style)

    def _over(self, style: Style, component: str) -> Style:
        """A component's foreground on the background of its row."""
        own = self.get_component_rich_style(component)
        dim = Style(dim=True) if component == "fields--faint" and self.app.no_color else Style()
        return style + Style(color=own.color) + dim


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of so many cells; five of them at most."""
    lines = [""]
    for whole in clean(text).split():
        word = fitted(whole, width)
        joined = f"{lines[-1]} {word}".strip()
        if cell_len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines[:5]
