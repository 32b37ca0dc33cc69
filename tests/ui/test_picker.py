from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from textual._context import active_app
from textual.app import App
from textual.content import Content
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from tests.ui.session import Session
from tui.ui.keys import textual_keymap
from tui.ui.look import role_defaults
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.picker import Picker, narrowed
from tui.ui.widgets.rowlist import Row, RowList

CHEESES = ["Comté", "Brie", "Camembert", "Roquefort", "Cheddar"]


class Bare(App[None]):
    """Nothing but the colours."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return role_defaults(self.current_theme)


class Choosing:
    """An app with one picker, and what came of it."""

    def __init__(self, picker: Picker[str], pilot: Pilot[None]) -> None:
        self.picker, self.pilot = picker, pilot
        self.answers: list[str | None] = []

    @property
    def lines(self) -> list[str]:
        rows = self.picker.query_one(RowList)
        return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]

    @property
    def row(self) -> str:
        return self.picker.row.text if self.picker.row else ""

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await self.pilot.pause()


@pytest.fixture
async def choose():
    over = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def start(picker: Picker[str], size: tuple[int, int] = (100, 30)) -> Choosing:
        app = Bare()
        ready: asyncio.Future[Pilot[None]] = asyncio.get_running_loop().create_future()

        async def run() -> None:
            async with app.run_test(size=size) as pilot:
                ready.set_result(pilot)
                await over.wait()

        tasks.append(asyncio.create_task(run()))
        choosing = Choosing(picker, await ready)
        active_app.set(app)
        await app.push_screen(picker, choosing.answers.append)
        await choosing.pilot.pause()
        return choosing

    yield start
    over.set()
    await asyncio.gather(*tasks)


def rows(texts: Sequence[str] = CHEESES, group: str = "") -> list[Row[str]]:
    return [Row(text, text, f"{len(text)} letters", group) for text in texts]


async def test_typing_narrows_down_and_enter_chooses(choose) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.press(*"came", "enter")
    assert choosing.answers == ["Camembert"]


async def test_escape_chooses_nothing(choose) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.press("down", "escape")
    assert choosing.answers == [None]


async def test_nothing_that_fits_is_told_and_enter_stays(choose) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows()), empty="no such cheese"))
    await choosing.press(*"xyz", "enter")
    assert choosing.lines[0] == " no such cheese"
    assert choosing.answers == []
    await choosing.press(*["backspace"] * 3, "enter")
    assert choosing.answers == ["Comté"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["down"], "Brie"),
        (["ctrl+j", "ctrl+j", "ctrl+k"], "Brie"),
        (["pagedown"], "Cheddar"),
        (["ctrl+end", "up"], "Roquefort"),
        (["ctrl+end", "ctrl+home"], "Comté"),
        (["up"], "Comté"),
        (["down"] * 9, "Cheddar"),
        (["pagedown", "pageup"], "Comté"),
    ],
)
async def test_the_cursor_moves_while_the_field_keeps_the_keys(
    choose, keys: list[str], expected: str
) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.press(*keys)
    assert choosing.row == expected
    await choosing.press("e")
    assert choosing.picker.query_text == "e"


async def test_groups_have_headings_as_long_as_nothing_is_typed(choose) -> None:
    grouped = [*rows(["Comté"], "Hard"), *rows(["Brie", "Camembert"], "Soft")]
    choosing = await choose(Picker("Cheese", narrowed(grouped)))
    words = [line.split()[-3:][0] if "letters" in line else line for line in choosing.lines]
    assert [w.strip(" ›") for w in words[:5]] == ["Hard", "Comté", "Soft", "Brie", "Camembert"]
    await choosing.press("b")
    assert not any(line in {" Hard", " Soft"} for line in choosing.lines)


async def test_details_stand_on_the_right_and_give_way_to_the_text(choose) -> None:
    long = "x" * 200
    picker = Picker("Cheese", narrowed([Row("a", "short", "detail"), Row("b", long, "detail")]))
    choosing = await choose(picker)
    width = choosing.picker.query_one(RowList).size.width
    assert choosing.lines[0].endswith("detail")
    assert len(choosing.lines[0]) == width - 1
    assert "…" in choosing.lines[1]
    assert len(choosing.lines[1]) <= width


async def test_letters_that_fit_are_marked(choose) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.press(*"brie")
    strip = choosing.picker.query_one(RowList).render_line(0)
    assert [text for text, style, _ in strip if style is not None and style.underline] == ["Brie"]


async def test_rows_that_come_late_are_put_below_if_they_still_fit(choose) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.press("b")
    before = len(choosing.picker._rows)
    choosing.picker.supply("bri", rows(["late"]))
    assert len(choosing.picker._rows) == before
    choosing.picker.supply("b", rows(["late"], "Inside chats"))
    await choosing.press("ctrl+end", "enter")
    assert choosing.answers == ["late"]


async def test_rows_that_have_changed_keep_the_cursor_on_its_row(choose) -> None:
    texts = list(CHEESES)
    choosing = await choose(Picker("Cheese", lambda query: rows(texts)))
    await choosing.press("down", "down")
    texts.remove("Brie")
    choosing.picker.renew()
    assert choosing.row == "Camembert"
    texts.remove("Camembert")
    choosing.picker.renew()
    assert choosing.row == "Roquefort"
    texts.clear()
    choosing.picker.renew()
    assert choosing.picker.row is None


async def test_further_keys_act_on_the_row_under_the_cursor(choose) -> None:
    heard: list[str | None] = []
    extra = {"ctrl+d": ("deletes", lambda row: heard.append(row and row.value))}
    choosing = await choose(Picker("Cheese", narrowed(rows()), extra=extra))
    assert "Ctrl+D deletes" in str(choosing.picker.query_one("#picker-foot", Static).visual)
    await choosing.press("down", "ctrl+d")
    assert heard == ["Brie"]
    assert choosing.answers == []


async def test_the_row_under_the_cursor_is_shown_in_full_and_passed_on(choose) -> None:
    heard: list[str] = []
    choosing = await choose(
        Picker(
            "Cheese",
            narrowed(rows()),
            preview=lambda row: Content(f"about {row.value}"),
            passing=lambda row: heard.append(row.value),
        )
    )
    await choosing.press("down")
    preview = choosing.picker.query_one("#picker-preview", Static)
    await choosing.until(lambda: "about Brie" in str(preview.visual))
    assert heard == ["Comté", "Brie"]
    await choosing.press(*"zzz")
    await choosing.until(lambda: not str(preview.visual))


async def test_lines_of_a_tree_are_drawn_as_they_are(choose) -> None:
    tree = [Row("a", "top"), Row("b", "branch", lead="│   └─"), Row("c", "leaf", lead="      ")]
    choosing = await choose(Picker("Tree", narrowed(tree)))
    assert choosing.lines[:3] == [" › top", "   │   └─branch", "         leaf"]
    await choosing.press(*"leaf")
    assert choosing.lines[0] == " › leaf"


async def test_what_is_deep_in_a_tree_can_be_read(choose) -> None:
    choosing = await choose(Picker("Tree", narrowed([Row("a", "leaf", lead="│ " * 200)])))
    assert "leaf" in choosing.lines[0]


async def test_ten_thousand_rows_are_drawn_only_where_they_are_seen(choose, monkeypatch) -> None:
    drawn: list[int] = []
    draw = RowList._row_strip

    def noted(self: RowList, at: int, width: int) -> Strip:
        drawn.append(at)
        return draw(self, at, width)

    monkeypatch.setattr(RowList, "_row_strip", noted)
    many = [f"chat number {n}" for n in range(10_000)]
    choosing = await choose(Picker("Chats", narrowed(rows(many))))
    await choosing.press("ctrl+end")
    assert choosing.row == "chat number 9999"
    drawn.clear()
    await choosing.press(*"9876")
    assert choosing.row == "chat number 9876"
    assert len(drawn) < 6 * 40


async def test_hostile_texts_are_harmless(choose) -> None:
    evil = "[/foo] \x1b]0;x\x07 \u202e [@click=app.quit]a\nb"
    choosing = await choose(Picker(evil, narrowed([Row("x", evil, evil, evil)])))
    painted = "\n".join(choosing.lines) + str(
        choosing.picker.query_one("#picker-title", Static).visual
    )
    assert "[/foo]" in painted
    assert not set(painted) & set("\x1b\x07\u202e")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_it_fits_on_every_screen(choose, size: tuple[int, int]) -> None:
    many = [f"row {n}" for n in range(100)]
    choosing = await choose(
        Picker("Rows", narrowed(rows(many)), preview=lambda row: Content("p")), size
    )
    region = choosing.picker.query_one("#picker").region
    assert region.right <= size[0]
    assert region.bottom <= size[1]
    assert choosing.picker.query_one(RowList).size.height >= 3
    assert choosing.lines[0].startswith(" › row 0")


async def test_the_row_under_the_cursor_is_told_without_colour(choose, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.press("down")
    assert [line[:3] for line in choosing.lines[:3]] == ["   ", " › ", "   "]


async def test_keys_of_lists_can_be_moved(choose) -> None:
    keymap = {"picker.next": "ctrl+l"}
    choosing = await choose(Picker("Cheese", narrowed(rows()), keymap=keymap))
    choosing.pilot.app.set_keymap(textual_keymap(keymap))
    await choosing.press("ctrl+l")
    assert choosing.row == "Brie"
    await choosing.press("down")
    assert choosing.row == "Brie"


async def test_a_click_chooses(choose) -> None:
    choosing = await choose(Picker("Cheese", narrowed(rows())))
    await choosing.pilot.click(RowList, offset=(5, 2))
    await choosing.until(lambda: choosing.answers)
    assert choosing.answers == ["Camembert"]


async def test_all_of_it_may_come_in_one_piece(chat: Session) -> None:
    answers: list[str | None] = []
    await chat.ctx.push(Picker("Cheese", narrowed(rows())), answers.append)
    chat.burst(*"rie", "enter", *"bc")
    await chat.until(lambda: chat.composer.text == "bc")
    assert answers == ["Brie"]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("漢字漢字", 5, "漢字…"),
        ("abc", 0, ""),
        ("abc", 1, "…"),
    ],
)
def test_text_is_cut_to_cells(text: str, width: int, expected: str) -> None:
    assert fitted(text, width) == expected
