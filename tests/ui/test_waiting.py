from __future__ import annotations

from functools import partial

from tests.ui.session import Session
from tui.ui.widgets.editor import Editor
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.waiting import WaitingRows


def rows(chat: Session) -> str:
    found = chat.app.chat_screen.query(WaitingRows)
    return found.first().render().plain if found and found.first().display else ""


def _is_there(chat: Session, prompt: str) -> bool:
    return prompt in rows(chat)


async def waits(chat: Session, *prompts: str) -> None:
    """A chat whose first reply still comes, while the others wait."""
    await chat.say("first")
    for prompt in prompts:
        await chat.press(*prompt, "enter")
        await chat.until(partial(_is_there, chat, prompt))


def said(chat: Session) -> list[str]:
    return [request.messages[-1].text for request in chat.desk.backend.requests]


async def test_what_is_sent_while_a_reply_comes_waits_in_sight_and_goes_in_order(
    chat: Session,
) -> None:
    await waits(chat, "second", "third")
    assert chat.composer.text == ""
    assert "2 prompts wait for the end of the reply" in rows(chat)
    chat.desk.backend.end("one")
    await chat.until(lambda: said(chat) == ["first", "second"])
    await chat.until(lambda: "1 prompt waits" in rows(chat))
    chat.desk.backend.end("two")
    await chat.until(lambda: said(chat) == ["first", "second", "third"])
    await chat.until(lambda: rows(chat) == "")
    await chat.sees("third")


async def test_keys_in_one_piece_send_and_let_wait(chat: Session) -> None:
    chat.burst(*"one", "enter", *"two", "enter", *"draft")
    await chat.until(lambda: "two" in rows(chat))
    await chat.until(lambda: chat.composer.text == "draft")
    assert said(chat) == ["one"]


async def test_a_waiting_prompt_is_edited_moved_and_removed(chat: Session) -> None:
    await waits(chat, "second", "third")
    await chat.press("alt+w")
    await chat.until(lambda: isinstance(chat.app.screen, Picker))
    await chat.press("down", "alt+up")
    await chat.until(lambda: rows(chat).index("third") < rows(chat).index("second"))
    await chat.press("down", "ctrl+d")
    await chat.until(lambda: "second" not in rows(chat))
    await chat.press("ctrl+z")
    await chat.until(lambda: "second" in rows(chat))
    await chat.press("up", "enter")
    await chat.until(lambda: isinstance(chat.app.screen, Editor))
    await chat.press(*"!", "ctrl+o")
    await chat.until(lambda: "third!" in rows(chat))
    chat.desk.backend.end("one")
    await chat.until(lambda: said(chat) == ["first", "third!"])


async def test_what_was_stopped_holds_the_rest_and_enter_sends_it(chat: Session) -> None:
    await waits(chat, "second")
    chat.desk.backend.say("half")
    await chat.press("escape")
    await chat.sees("stopped by you")
    await chat.until(lambda: "Enter on an empty prompt sends it" in rows(chat))
    assert said(chat) == ["first"]
    await chat.press("enter")
    await chat.until(lambda: said(chat) == ["first", "second"])
    await chat.until(lambda: rows(chat) == "")


async def test_each_chat_has_its_own(chat: Session) -> None:
    await waits(chat, "second")
    await chat.press("ctrl+n")
    await chat.until(lambda: rows(chat) == "")
    await chat.press("ctrl+t")
    await chat.until(lambda: "second" in rows(chat))


async def test_one_that_is_sent_while_it_is_edited_is_not_lost(chat: Session) -> None:
    await waits(chat, "second")
    await chat.press("alt+w")
    await chat.until(lambda: isinstance(chat.app.screen, Picker))
    await chat.press("enter")
    await chat.until(lambda: isinstance(chat.app.screen, Editor))
    chat.desk.backend.end("one")
    await chat.until(lambda: said(chat) == ["first", "second"])
    await chat.press(*" and more", "ctrl+o")
    await chat.until(lambda: chat.composer.text == "second and more")
