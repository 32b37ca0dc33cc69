"""What replies have used and cost: of the open chat, by day and by model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.core.text import one_line
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.cells import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.core.costs import Totals
    from tui.core.usage import Sum

NUMBER = 8
"""Cells of a column of numbers."""

COST = 13
"""Cells of the last column."""

WIDE = 62
"""Cells from which on all columns are shown."""


class UsageScreen(Dialog[None]):
    """Tables of figures; Esc closes it."""

    DEFAULT_CSS = "UsageScreen .dialog { width: 78; scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(classes="dialog"):
            yield Static(Content("Counting …"), id="usage")

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.set_focus(self.query_one(VerticalScroll))

    @property
    def _width(self) -> int:
        """Cells of a line."""
        scroll = self.query_one(VerticalScroll)
        bar = 0 if scroll.show_vertical_scrollbar else scroll.styles.scrollbar_size_vertical
        return scroll.scrollable_content_region.width - bar

    def say(self, words: str) -> None:
        """Show a sentence."""
        if self.is_open:
            self.query_one("#usage", Static).update(Content(one_line(words, 300)))

    def fill(
        self,
        chat: Totals | None,
        days: dict[str, Sum],
        models: Mapping[str, Sum],
        span: int,
    ) -> None:
        """Show the figures: of the open chat, by day (oldest first) and by model."""
        if self.is_open:
            lines = usage_lines(chat, days, models, span, self._width)
            self.query_one("#usage", Static).update(Content("\n").join(lines))


def usage_lines(
    chat: Totals | None, days: dict[str, Sum], models: Mapping[str, Sum], span: int, width: int = 70
) -> list[Content]:
    """The lines of the screen, of which none but the last is longer than `width` cells."""
    table = _Table(width)
    lines = [_title("This chat")]
    if chat is None or not chat.replies:
        lines.append(Content("  nothing yet"))
    else:
        lines += [table.head, table.row("all replies", chat)]
    lines += [Content(), _title(f"The last {span} days, all chats")]
    if not days:
        return [*lines, Content("  nothing was used"), Content(), _foot()]
    most = max(day.tokens for day in days.values()) or 1
    lines.append(table.head)
    for day, used in reversed(days.items()):
        bar = "█" * max(1, round(used.tokens / most * (table.name - len(day) - 2)))
        lines.append(table.row(f"{day} {bar}", used))
    lines += [Content(), _title("By model"), table.head]
    by_cost = sorted(models.items(), key=lambda item: (-item[1].cost, -item[1].tokens))
    lines += [table.row(name, used) for name, used in by_cost]
    return [*lines, table.row("all", _sum(models.values())), Content(), _foot()]


class _Table:
    """Rows of figures, in as many columns as there is room for."""

    def __init__(self, width: int) -> None:
        self._columns = ("replies", "in", "cached", "out") if width >= WIDE else ("in", "out")
        self.name = max(12, width - COST - NUMBER * len(self._columns) - 2)
        """Cells of the first column."""

    @property
    def head(self) -> Content:
        """The names of the columns."""
        names = "".join(f"{name:>{NUMBER}}" for name in self._columns)
        return Content.styled(f"  {'':<{self.name}}{names}{'cost':>{COST}}", "$text-muted")

    def row(self, name: str, used: Sum | Totals) -> Content:
        """One row."""
        known = {"replies": used.replies, "in": used.prompt, "cached": used.cached, "out": used.completion}  # fmt: skip
        numbers = "".join(f"{short(known[column]):>{NUMBER}}" for column in self._columns)
        named = fitted(one_line(name, 200), self.name)
        gap = " " * (self.name - cell_len(named))
        return Content(f"  {named}{gap}{numbers}{_cost(used):>{COST}}")


def _title(words: str) -> Content:
    return Content.styled(words, "bold $accent")


def _foot() -> Content:
    words = "?: a price is not known. Prices: [models.NAME] input and output in the settings, else the server's list. bise usage tells more."
    return Content.styled(words, "$text-muted")


def _cost(used: Sum | Totals) -> str:
    from tui.core.costs import money

    if used.unknown and used.unknown == used.replies:
        return "unknown"
    return money(used.cost) + (" + ?" if used.unknown else "")


def _sum(sums: Iterable[Sum]) -> Sum:
    from tui.core.usage import Sum

    total = Sum()
    for one in sums:
        total.replies += one.replies
        total.prompt += one.prompt
        total.cached += one.cached
        total.completion += one.completion
        total.cost += one.cost
        total.unknown += one.unknown
    return total


def short(number: int) -> str:
    """A number in few cells: `950`, `1.2k`, `256k`, `1.0M`."""
    if number < 1_000:
        return str(number)
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size:
            value = number / size
            return f"{value:.1f}{unit}" if value < 100 and number % size else f"{value:.0f}{unit}"
    return str(number)
