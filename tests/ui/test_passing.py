from __future__ import annotations

from tests.ui.session import Session
from tui.ui.widgets.status import StatusLine


def status(chat: Session) -> str:
    return str(chat.app.chat_screen.query_one(StatusLine).render())


async def test_a_chat_that_is_not_kept_says_so_and_the_others_do_not(chat: Session) -> None:
    await chat.say("first")
    first = chat.stage.shown
    assert "not kept" not in status(chat)
    chat.burst(*"/ephemeral", "enter", *"Secret")
    await chat.until(
        lambda: chat.stage.shown != first and chat.stage.widgets.composer.text == "Secret"
    )
    await chat.until(lambda: "not kept" in status(chat))
    desk = chat.app.chat_screen.ctx.need_desk()
    assert not desk.keeps(chat.stage.shown)
    assert desk.keeps(first)
    await chat.press("ctrl+t")
    await chat.until(lambda: "not kept" not in status(chat))
