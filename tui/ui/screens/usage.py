"""What replies have used and cost: of the open chat, by day and by model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.core.text import one_line
from tui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.core.costs import Totals
    from tui.core.usage import Sum

BAR = 12
"""Cells of the longest bar."""

NAME = 26
"""Cells of a model's name."""


class UsageScreen(Dialog[None]):
    """Tables of figures; Esc closes it."""

    DEFAULT_CSS = "UsageScreen .dialog { width: 78; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(classes="dialog"):
            yield Static(Content("Counting …"), id="usage")

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.set_focus(self.query_one(VerticalScroll))

    def say(self, words: str) -> None:
        """Show a sentence."""
        if self.is_mounted:
            self.query_one("#usage", Static).update(Content(one_line(words, 300)))

    def fill(
        self,
        chat: Totals | None,
        days: dict[str, Sum],
        models: Mapping[str, Sum],
        span: int,
    ) -> None:
        """Show the figures: of the open chat, by day (oldest first) and by model."""
        if self.is_mounted:
            lines = usage_lines(chat, days, models, span)
            self.query_one("#usage", Static).update(Content("\n").join(lines))


def usage_lines(
    chat: Totals | None, days: dict[str, Sum], models: Mapping[str, Sum], span: int
) -> list[Content]:
    """The lines of the screen."""
    lines = [_title("This chat"), _head(NAME, "replies")]
    if chat is not None and chat.replies:
        lines.append(
            _figures("all its replies", chat.replies, chat.prompt, chat.cached, chat.completion, _cost(chat.cost, chat.unknown, chat.replies))
        )  # fmt: skip
    else:
        lines = [_title("This chat"), Content("  nothing yet")]
    lines += [Content(), _title(f"The last {span} days, all chats")]
    most = max((day.tokens for day in days.values()), default=0)
    if not days:
        return [*lines, Content("  nothing was used"), Content(), _foot()]
    lines.append(_head(NAME, "replies"))
    for day, used in reversed(days.items()):
        bar = "█" * max(1, round(used.tokens / most * BAR)) if most else ""
        lines.append(_row(f"{day} {bar}", used))
    lines += [Content(), _title("By model"), _head(NAME, "replies")]
    by_tokens = sorted(models.items(), key=lambda item: (-item[1].cost, -item[1].tokens))
    lines += [_row(name, used) for name, used in by_tokens]
    return [*lines, _row("all", _sum(models.values())), Content(), _foot()]


def _title(words: str) -> Content:
    return Content.styled(words, "bold $accent")


def _foot() -> Content:
    words = 'Prices: [models."NAME"] input and output in the settings, else the server\'s list. bise usage tells more.'
    return Content.styled(words, "$text-muted")


def _head(width: int, first: str) -> Content:
    names = "".join(f"{name:>8}" for name in (first, "in", "cached", "out"))
    return Content.styled(f"  {'':<{width}}{names}  cost", "$text-muted")


def _row(name: str, used: Sum) -> Content:
    cost = _cost(used.cost, used.unknown, used.replies)
    return _figures(name, used.replies, used.prompt, used.cached, used.completion, cost)


def _figures(name: str, replies: int, prompt: int, cached: int, completion: int, cost: str) -> Content:  # fmt: skip
    from tui.ui.widgets.cells import fitted

    numbers = "".join(f"{short(number):>8}" for number in (replies, prompt, cached, completion))
    named = fitted(one_line(name, NAME * 2), NAME)
    return Content(f"  {named}{' ' * (NAME - len(named))}{numbers}  {cost}")


def _cost(cost: float, unknown: int, replies: int) -> str:
    from tui.core.costs import money

    if unknown and unknown == replies:
        return "unknown"
    return money(cost) + (" + unknown" if unknown else "")


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
