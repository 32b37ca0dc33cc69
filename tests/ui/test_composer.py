from __future__ import annotations

import pytest
from textual import events

from tests.ui.session import Maker, Session

LONG = "line\n" * 340
TOKEN = "[paste 1: 340 lines]"


async def paste(chat: Session, text: str) -> None:
    chat.app.post_message(events.Paste(text))
    await chat.pilot.pause()


async def test_a_short_paste_stands_there_as_it_is(chat: Session) -> None:
    await paste(chat, "one\rtwo")
    assert chat.composer.shown_text == chat.composer.text == "one\ntwo"


async def test_a_long_paste_is_folded_and_sent_whole(chat: Session) -> None:
    await chat.press(*"see ")
    await paste(chat, LONG.replace("\n", "\r"))
    await chat.press(*" ok")
    assert chat.composer.shown_text == f"see {TOKEN} ok"
    assert chat.composer.text == f"see {LONG} ok"
    chat.composer._pasted_at = 0
    await chat.press("enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.desk.backend.requests[0].messages[-1].content == f"see {LONG} ok"
    assert chat.composer.text == ""


async def test_ten_megabytes_are_folded(chat: Session) -> None:
    text = "a line of text that is rather usual\n" * 290_000
    await paste(chat, text)
    await chat.press(*"more")
    assert chat.composer.shown_text == "[paste 1: 290000 lines]more"
    assert chat.composer.text == text + "more"


async def test_a_token_is_deleted_as_one_and_comes_back_whole(chat: Session) -> None:
    await chat.press("a")
    await paste(chat, LONG)
    await chat.press("backspace")
    assert chat.composer.shown_text == "a"
    await chat.press("ctrl+z")
    assert chat.composer.text == f"a{LONG}"
    await chat.press("home", "right", "delete")
    assert chat.composer.shown_text == "a"


async def test_what_is_typed_inside_a_token_comes_behind_it(chat: Session) -> None:
    await paste(chat, LONG)
    await chat.press("left", "left", "x")
    assert chat.composer.shown_text == f"{TOKEN}x"


async def test_a_token_is_unfolded_and_stays_so(chat: Session) -> None:
    await paste(chat, LONG)
    chat.composer.unfold()
    assert chat.composer.shown_text == LONG
    chat.composer.take(chat.composer.text)
    assert chat.composer.shown_text == LONG


async def test_taking_back_what_had_a_scrollbar_is_no_mistake(make: Maker) -> None:
    chat = await make(size=(60, 16))
    await paste(chat, "line\n" * 18)
    await chat.press("ctrl+z")
    assert chat.composer.text == ""
    await chat.press("ctrl+y")
    assert chat.composer.text == "line\n" * 18
    await chat.press("ctrl+z")
    await paste(chat, LONG)
    chat.composer.unfold()
    await chat.press("ctrl+z")
    assert chat.composer.shown_text == TOKEN


async def test_only_the_paste_at_the_cursor_is_unfolded(chat: Session) -> None:
    await paste(chat, LONG)
    await chat.press("ctrl+j")
    await paste(chat, "other\n" * 30)
    chat.composer.unfold()
    assert chat.composer.shown_text == TOKEN + "\n" + "other\n" * 30


async def test_without_a_paste_there_is_nothing_to_unfold(chat: Session) -> None:
    with pytest.raises(ValueError, match="no folded paste"):
        chat.composer.unfold()


async def test_what_is_huge_is_not_unfolded(chat: Session) -> None:
    await paste(chat, "x" * 200_000)
    with pytest.raises(ValueError, match="too long"):
        chat.composer.unfold()


async def test_a_draft_with_a_paste_is_kept_when_the_chat_is_left(chat: Session) -> None:
    await chat.say("first")
    chat.desk.backend.end("first")
    await chat.until(lambda: not chat.busy)
    await chat.press(*"see ")
    await paste(chat, LONG)
    await chat.press("ctrl+n")
    assert chat.composer.text == ""
    await chat.press("ctrl+t")
    assert chat.composer.shown_text == f"see {TOKEN}"
    assert chat.composer.text == f"see {LONG}"


async def test_what_is_put_in_can_be_taken_back(chat: Session) -> None:
    await chat.press(*"draft")
    chat.composer.put("from the history")
    assert chat.composer.text == "from the history"
    await chat.press("ctrl+z")
    assert chat.composer.text == "draft"


async def test_the_frame_takes_no_markup(chat: Session) -> None:
    chat.composer.tell_files("[/foo]")
    chat.composer.tell_size("[@click=app.quit]x[/]")
    await chat.pilot.pause()
    assert str(chat.composer._border_title) == "[/foo]"


@pytest.mark.parametrize("key", ["delete", "ctrl+k", "ctrl+x"])
async def test_deleting_at_the_very_end_does_nothing(chat: Session, key: str) -> None:
    await chat.press(*"two", "ctrl+j", "end", key, "ctrl+end", key, "home", *"x")
    assert "x" in chat.composer.text
