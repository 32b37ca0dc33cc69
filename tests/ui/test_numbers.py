from __future__ import annotations

from datetime import date

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tests.ui.test_fullness import FakeBook
from tui.core.costs import Prices, Totals
from tui.core.failure import Failure, FailureKind
from tui.core.usage import Sum, Used
from tui.ui.features.numbers import cost_words
from tui.ui.screens.usage import UsageScreen, short, usage_lines


class FakeUsage:
    """What was used, or trouble."""

    def __init__(self, *rows: Used) -> None:
        self.rows = list(rows)
        self.trouble: Failure | None = None

    def used(self, since: date | None = None, until: date | None = None) -> list[Used]:
        if self.trouble is not None:
            raise self.trouble
        return self.rows


def text(chat: Session) -> str:
    screen = chat.app.screen
    return str(screen.query_one("#usage").render()) if isinstance(screen, UsageScreen) else ""


def test_numbers_take_few_cells() -> None:
    assert [short(n) for n in (0, 999, 1_000, 1_234, 256_000, 2_000_000)] == [
        "0",
        "999",
        "1k",
        "1.2k",
        "256k",
        "2M",
    ]


def test_a_sum_tells_what_of_it_is_not_known() -> None:
    assert cost_words(0.0, 0, 0) == ""
    assert cost_words(0.0, 2, 2) == "cost unknown"
    assert cost_words(1.5, 1, 2) == "$1.50 + unknown"
    assert cost_words(0.0042, 0, 2) == "$0.0042"


def test_the_newest_day_comes_first_and_lines_fit() -> None:
    used = Sum(replies=3, prompt=12_345, cached=5, completion=678, cost=0.5)
    days = {f"2026-11-{day:02}": used for day in (1, 2, 3)}
    for width in (48, 70):
        found = usage_lines(Totals(replies=1), days, {"m" * 90: used}, 30, width)
        lines = [str(line) for line in found]
        told = [line[2:12] for line in lines if line.startswith("  2026")]
        assert told == ["2026-11-03", "2026-11-02", "2026-11-01"]
        assert all(len(line) <= width for line in lines[:-1])


async def test_the_screen_has_the_chat_the_days_and_the_models(make: Maker) -> None:
    desk = FakeDesk()
    desk.bench.book = FakeBook(None, Prices(1.0, 1.0))
    desk.drawer.usage = FakeUsage(
        Used(date(2026, 11, 1), "fake", "one\x1b[2J", 2, 1_000_000, 0, 0),
        Used(date(2026, 11, 2), "fake", "two", 1, 10, 0, 10),
    )
    chat = await make(desk)
    await chat.say("hello")
    desk.backend.end("answer")
    await chat.until(lambda: not chat.busy)
    chat.burst(*"/usage", "enter")
    await chat.until(lambda: "2026-11-02" in text(chat))
    assert "all replies" in text(chat)
    assert "$1.00" in text(chat)
    assert "fake · two" in text(chat)
    assert "\x1b" not in text(chat)
    await chat.press("escape")
    assert len(chat.app.screen_stack) == 1


async def test_no_row_is_wrapped_when_there_are_many(make: Maker) -> None:
    desk = FakeDesk()
    rows = [Used(date(2026, 11, day), "fake", "m", 1, 10, 0, 10) for day in range(1, 29)]
    desk.drawer.usage = FakeUsage(*rows)
    chat = await make(desk, (80, 24))
    chat.burst(*"/usage", "enter")
    await chat.until(lambda: "2026-11-28" in text(chat))
    table = chat.app.screen.query_one("#usage")
    await chat.pilot.pause()
    longest = max(len(line) for line in text(chat).splitlines()[:-1])
    assert longest <= table.content_region.width


async def test_trouble_with_the_files_is_told(make: Maker) -> None:
    desk = FakeDesk()
    usage = FakeUsage()
    usage.trouble = Failure(FailureKind.CONFIG, "The folder can't be read")
    desk.drawer.usage = usage
    chat = await make(desk)
    chat.burst(*"/usage", "enter")
    await chat.until(lambda: "The folder can't be read" in text(chat))


async def test_without_a_count_there_is_a_sentence(chat: Session) -> None:
    chat.burst(*"/usage", "enter")
    await chat.until(lambda: "not counted here" in str(chat.ctx.hints.render()))
