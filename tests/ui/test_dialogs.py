from __future__ import annotations

from typing import Any

import pytest
from textual.geometry import Region
from textual.widgets import Static

from tests.ui.session import Maker, Session
from tests.ui.test_bursts import nothing
from tui.ui.screens.dialog import Dialog
from tui.ui.screens.search import Scope, SearchScreen
from tui.ui.screens.usage import UsageScreen
from tui.ui.widgets.ask import Ask, Confirm
from tui.ui.widgets.editor import Editor, EditorArea
from tui.ui.widgets.line_edit import LineEdit, LineField
from tui.ui.widgets.picker import Picker, narrowed
from tui.ui.widgets.rowlist import Row, RowList


class TestConfirm:
    async def answer(self, chat: Session, key: str, *, careful: bool = False) -> bool | None:
        answers: list[bool | None] = []
        dialog = Confirm("Delete [/foo]?", "\x1b[31mdetails", careful=careful)
        await chat.ctx.push(dialog, answers.append)
        await chat.press(key)
        await chat.until(lambda: answers)
        return answers[0]

    async def test_y_and_enter_say_yes(self, chat: Session) -> None:
        assert [await self.answer(chat, key) for key in ("y", "enter")] == [True, True]

    async def test_n_and_escape_say_no(self, chat: Session) -> None:
        assert [await self.answer(chat, key) for key in ("n", "escape")] == [False, False]

    async def test_enter_says_no_where_care_is_asked_for(self, chat: Session) -> None:
        assert await self.answer(chat, "enter", careful=True) is False


class TestAsk:
    async def test_enter_gives_the_line(self, chat: Session) -> None:
        answers: list[str | None] = []
        await chat.ctx.push(Ask("Name?", "old"), answers.append)
        await chat.press("end", *" new", "enter")
        assert answers == ["old new"]

    async def test_what_is_wrong_stands_below_until_it_is_mended(self, chat: Session) -> None:
        answers: list[str | None] = []
        ask = Ask("Name?", check=lambda text: "" if text.strip() else "It needs a name [/foo].")
        await chat.ctx.push(ask, answers.append)
        await chat.press("enter")
        error = ask.query_one(".wrong", Static)
        assert [error.display] == [True]
        assert "It needs a name [/foo]." in str(error.visual)
        await chat.press("x")
        assert [error.display] == [False]
        await chat.press("enter")
        assert answers == ["x"]

    async def test_escape_leaves(self, chat: Session) -> None:
        answers: list[str | None] = []
        await chat.ctx.push(Ask("Name?", "old"), answers.append)
        await chat.press("x", "escape")
        assert answers == [None]

    async def test_it_comes_in_one_piece(self, chat: Session) -> None:
        answers: list[str | None] = []
        await chat.ctx.push(Ask("Name?"), answers.append)
        chat.burst(*"a b", "enter", *"next")
        await chat.until(lambda: chat.composer.text == "next")
        assert answers == ["a b"]

    async def test_hostile_values_are_harmless(self, chat: Session) -> None:
        ask = Ask("N\x1b[2J?", "a\x1b]0;x\x07\nb")
        await chat.ctx.push(ask)
        assert not set(ask.query_one(LineField).value) & set("\x1b\x07\n")


class TestLineEdit:
    """In a pane."""

    async def show(self, chat: Session) -> LineEdit:
        self.done: list[str] = []
        edit = LineEdit(
            "one",
            taken=self.done.append,
            left=lambda: self.done.append("left"),
            check=lambda text: "" if text else "Empty",
        )
        await chat.ctx.pane.show(edit)
        return edit

    async def test_enter_takes_it_and_escape_leaves_it_but_not_the_pane(
        self, chat: Session
    ) -> None:
        edit = await self.show(chat)
        await chat.press("x", "enter", "escape")
        assert self.done == ["onex", "left"]
        assert chat.ctx.pane.is_open
        edit.begin("two")
        await chat.press("y", "enter")
        assert self.done[2:] == ["twoy"]

    async def test_what_is_wrong_stands_below(self, chat: Session) -> None:
        edit = await self.show(chat)
        edit.begin("")
        await chat.press("enter")
        assert self.done == []
        assert "Empty" in str(edit.query_one(".wrong", Static).visual)


class TestEditor:
    async def open(self, chat: Session, text: str = "one\ntwo", **options) -> list[str | None]:
        answers: list[str | None] = []
        self.editor = Editor("System prompt", text, keymap=chat.ctx.keymap, **options)
        await chat.ctx.push(self.editor, answers.append)
        return answers

    async def test_enter_begins_a_line_and_ctrl_o_keeps(self, chat: Session) -> None:
        answers = await self.open(chat)
        await chat.press("enter", *"three", "ctrl+o")
        assert answers == ["one\ntwo\nthree"]

    async def test_escape_leaves_what_has_not_changed(self, chat: Session) -> None:
        answers = await self.open(chat)
        await chat.press("escape")
        assert answers == [None]

    async def test_escape_asks_if_something_has_changed(self, chat: Session) -> None:
        for key, expected in (("y", "one\ntwox"), ("n", None)):
            answers = await self.open(chat)
            await chat.press("x", "escape", key)
            assert answers == [expected]

    async def test_escape_again_goes_on_and_any_other_key_is_typed(self, chat: Session) -> None:
        answers = await self.open(chat)
        await chat.press("x", "escape", "escape", "y", "escape", "z")
        assert answers == []
        assert self.editor.query_one(EditorArea).text == "one\ntwoxyz"

    async def test_what_is_wrong_is_told_and_the_text_stays(self, chat: Session) -> None:
        answers = await self.open(chat, check=lambda text: "" if "x" in text else "An x is missing")
        await chat.press("ctrl+o")
        assert "An x is missing" in str(self.editor.query_one("#editor-foot", Static).visual)
        await chat.press("x", "ctrl+o")
        assert answers == ["one\ntwox"]

    async def test_its_keys_can_be_moved(self, make: Maker) -> None:
        chat = await make(**{"editor.keep": "f8"})
        answers = await self.open(chat)
        assert "F8 keeps it" in str(self.editor.query_one("#editor-foot", Static).visual)
        await chat.press("x", "f8")
        assert answers == ["one\ntwox"]

    async def test_it_comes_in_one_piece(self, chat: Session) -> None:
        answers = await self.open(chat, "")
        chat.burst("a", "enter", "b", "ctrl+o", *"next")
        await chat.until(lambda: chat.composer.text == "next")
        assert answers == ["a\nb"]


async def test_what_comes_for_a_dialog_after_its_end_is_dropped(chat: Session) -> None:
    usage = UsageScreen()
    picker: Picker[int] = Picker("Pick", narrowed([Row(1, "one")]))
    search = SearchScreen(nothing, Scope(), keymap={})
    screens: list[Dialog[Any]] = [usage, picker, search]
    for screen in screens:
        await chat.ctx.push(screen)
        screen.dismiss(None)
        usage.fill(None, {}, {}, 30)
        usage.say("Too late")
        for list_ in (picker, search):
            list_.renew()
            list_.supply("", [])
        search.tell()
        search.search_again()
        await chat.until(lambda: chat.app.screen is chat.app.chat_screen)
    chat.burst(*"on")
    await chat.until(lambda: chat.composer.text == "on")


async def test_a_change_below_a_dialog_does_not_lose_one_in_it(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    picker = Picker("Cheeses", narrowed([Row("a", "Comté")]))
    await chat.ctx.push(picker)
    rows = picker.query_one(RowList)
    await chat.until(lambda: rows.size.height and not picker._dirty_widgets)
    painted: list[int] = []

    def note(_app: object, _screen: object, update: object) -> None:
        painted.extend(y for y, _, _ in getattr(update, "spans", ()))

    monkeypatch.setattr(type(chat.app), "_display", note)
    rows._set_dirty()
    picker._dirty_widgets.add(rows)
    picker.refresh(Region(0, 0, 9, 1))  # as Textual has it when the screen below changes there
    picker._on_timer_update()
    assert {0, rows.region.y} <= set(painted)
