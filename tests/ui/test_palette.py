from __future__ import annotations

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.ui.commands import COMMANDS
from tui.ui.features.models import Models
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import Row, RowList


def rows(chat: Session) -> list[Row[object]]:
    assert isinstance(chat.app.screen, Picker)
    return list(chat.app.screen._rows)


def lines(chat: Session) -> list[str]:
    widget = chat.app.screen.query_one(RowList)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


async def test_everything_that_can_be_done_is_there_with_its_keys(chat: Session) -> None:
    await chat.press("ctrl+p")
    assert {row.text for row in rows(chat)} == {c.sentence for c in COMMANDS if c.listed}
    new = next(row for row in rows(chat) if row.text == "New chat")
    assert (new.group, new.detail) == ("Chats", "/new  Ctrl+N")
    assert " Chats" in lines(chat)


async def test_typing_finds_a_command_and_enter_does_it(chat: Session) -> None:
    await chat.say("first")
    first = chat.stage.shown
    await chat.press("ctrl+p", *"new ch", "enter")
    await chat.until(lambda: chat.stage.shown != first)
    assert chat.app.screen is chat.app.chat_screen


async def test_it_works_in_one_piece_with_what_is_typed_behind(chat: Session) -> None:
    await chat.say("first")
    first = chat.stage.shown
    chat.burst("ctrl+p", *"new chat", "enter")
    await chat.until(lambda: chat.stage.shown != first)
    assert chat.composer.text == ""


async def test_what_was_used_last_comes_first_and_is_remembered(make: Maker) -> None:
    desk = FakeDesk()
    chat = await make(desk)
    await chat.press("ctrl+p", *"list of chats show", "enter")
    await chat.press("ctrl+p")
    assert (rows(chat)[0].group, rows(chat)[0].text) == ("Recent", "Show or hide the list of chats")
    await chat.until(lambda: desk.memory.kept.get("commands.recent") == ["chat.sidebar"])
    again = await make(desk)
    await again.press("ctrl+p")
    assert rows(again)[0].group == "Recent"


async def test_commands_of_the_transcript_are_done_there(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.end("the answer")
    await chat.sees("the answer")
    await chat.press("ctrl+p", *"copy the message as", "enter")
    await chat.until(lambda: chat.app.clipboard == "the answer")


async def test_features_offer_further_rows(chat: Session) -> None:
    done: list[str] = []
    chat.ctx.palette_rows.append(
        lambda query: [Row(lambda: done.append(query), f"Something with {query}")]
    )
    await chat.press("ctrl+p", *"xyzzy", "enter")
    await chat.until(lambda: done == ["xyzzy"])


async def test_what_is_named_comes_before_what_only_has_the_letters(chat: Session) -> None:
    await chat.say("precise opinions on paper")
    chat.desk.backend.end("ok")
    await chat.press("ctrl+n")
    await chat.ctx.features.one(Models).load()
    chat.ctx.palette_rows.append(lambda _query: [Row(list, "Preset: precise", "preset")])
    for typed, first in (
        ("preci", "precise opinions on paper"),
        ("bise-dark", "Colours: bise-dark"),
        ("mistral-medium", "Model: mistral-medium-latest · mistral"),
        ("temper", "Set the temperature"),
    ):
        await chat.press("ctrl+p")
        chat.burst(*typed)
        await chat.until(lambda first=first: rows(chat) and rows(chat)[0].text == first)  # type: ignore[misc]
        await chat.press("escape")


async def test_escape_does_nothing(chat: Session) -> None:
    shown = chat.stage.shown
    await chat.press("ctrl+p", *"new", "escape")
    assert chat.app.screen is chat.app.chat_screen
    assert chat.stage.shown == shown
    await chat.press("x")
    assert chat.composer.text == "x"


async def test_colours_are_shown_as_the_cursor_comes_to_them(chat: Session) -> None:
    names = [theme.name for theme in chat.ctx.launch.themes]
    before = chat.app.theme
    chat.composer.insert("/theme")
    await chat.press("enter", "up" if names.index(before) else "down")
    assert chat.app.theme != before
    await chat.press("escape")
    assert chat.app.theme == before


async def test_a_theme_is_found_in_the_palette(chat: Session) -> None:
    await chat.press("ctrl+p", *"bise-light", "enter")
    await chat.until(lambda: chat.app.theme == "bise-light")


async def test_ctrl_q_quits_from_within(chat: Session) -> None:
    await chat.press("ctrl+p", "ctrl+q")
    await chat.until(lambda: chat.app._exit)
