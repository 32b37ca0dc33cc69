from __future__ import annotations

import asyncio

import pytest

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.failure import Failure, FailureKind
from tui.core.words import News, Ring
from tui.ui.features.ringing import Ringing
from tui.ui.screens.leave import LeaveScreen
from tui.ui.terminal.ringing import BELL, KEEP_TITLE, TITLE_BACK, title
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import RowList
from tui.ui.widgets.status import StatusLine


def listed(chat: Session) -> str:
    rows = chat.app.screen.query_one(RowList)
    return "\n".join(rows.render_line(y).text for y in range(rows.size.height))


async def streaming(chat: Session, *prompts: str) -> None:
    for prompt in prompts:
        await chat.press("ctrl+n")
        chat.composer.insert(prompt)
        await chat.press("enter")
        await chat.until(lambda prompt=prompt: chat.stage.chats.chats[0].title == prompt)  # type: ignore[misc]


def status(chat: Session) -> str:
    return chat.app.chat_screen.query_one(StatusLine).render().plain


async def test_all_that_answers_is_listed_and_one_is_stopped(chat: Session) -> None:
    await streaming(chat, "one", "two")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    chat.desk.backend.say("word", number=0)
    await chat.press("f8")
    await chat.until(lambda: isinstance(chat.app.screen, Picker))
    await chat.until(lambda: "streaming" in listed(chat))
    assert "one" in listed(chat)
    assert "two" in listed(chat)
    await chat.press("ctrl+d")
    await chat.until(lambda: len(chat.busy) == 1)
    await chat.until(lambda: "one" not in listed(chat))
    await chat.press("enter")
    await chat.until(lambda: not isinstance(chat.app.screen, Picker))
    assert chat.stage.session is not None
    assert chat.stage.session.title == "two"


async def test_enter_goes_to_the_chat_that_answers(chat: Session) -> None:
    await streaming(chat, "one", "two")
    await chat.press("f8", *"one", "enter")
    await chat.until(lambda: chat.stage.session is not None and chat.stage.session.title == "one")


async def test_more_than_the_limit_stand_in_line_and_all_are_stopped(make: Maker) -> None:
    desk = FakeDesk()
    desk.settings.parallel = 1
    chat = await make(desk)
    await streaming(chat, "one", "two", "three")
    await chat.until(lambda: "2 in line" in status(chat))
    assert "1 more answering" in status(chat)
    assert len(desk.backend.requests) == 1
    await chat.press("f8")
    await chat.until(lambda: isinstance(chat.app.screen, Picker))
    assert "number 1" in listed(chat)
    await chat.press("down", "down", "alt+up")
    await chat.until(lambda: listed(chat).index("three") < listed(chat).index("two"))
    await chat.press("ctrl+x")
    await chat.until(lambda: not chat.busy)
    await chat.until(lambda: "nothing is answering" in listed(chat))


async def test_the_limit_is_changed_at_once_and_remembered(make: Maker) -> None:
    desk = FakeDesk()
    desk.settings.parallel = 1
    chat = await make(desk)
    await streaming(chat, "one", "two")
    assert len(desk.backend.requests) == 1
    await chat.press(*"/parallel 2", "enter")
    await chat.until(lambda: len(desk.backend.requests) == 2)
    await chat.until(lambda: (("parallel",), 2) in desk.remembered)


async def test_quitting_while_replies_come_asks_and_no_goes_on(chat: Session) -> None:
    await chat.say("one")
    await chat.press("ctrl+q")
    await chat.until(lambda: isinstance(chat.app.screen, LeaveScreen))
    await chat.press("n")
    await chat.until(lambda: not isinstance(chat.app.screen, LeaveScreen))
    chat.desk.backend.end("answer")
    await chat.sees("answer")


@pytest.mark.parametrize("keys", [("ctrl+q", "ctrl+q"), ("ctrl+q", "y"), ("ctrl+q", "enter")])
async def test_a_second_time_it_quits_and_keeps_what_has_come(
    chat: Session, keys: tuple[str, ...]
) -> None:
    await chat.say("one")
    chat.desk.backend.say("half an ans")
    await chat.sees("half an ans")
    chat.burst(*keys)
    async with asyncio.timeout(60):
        while chat.app.is_running and not chat.desk.backends.is_closed:
            await asyncio.sleep(0.01)
    assert [(m.text, m.ended) for m in chat.saved("one")][1] == ("half an ans", "interrupted")


async def test_if_all_has_come_meanwhile_it_quits(chat: Session) -> None:
    await chat.say("one")
    await chat.press("ctrl+q")
    await chat.until(lambda: isinstance(chat.app.screen, LeaveScreen))
    chat.desk.backend.end("the answer")
    async with asyncio.timeout(60):
        while not chat.desk.backends.is_closed:
            await asyncio.sleep(0.01)
    assert [m.text for m in chat.saved("one")] == ["one", "the answer"]


async def test_quitting_with_nothing_in_the_making_does_not_ask(chat: Session) -> None:
    chat.burst("ctrl+q")
    async with asyncio.timeout(60):
        while not chat.desk.backends.is_closed:
            await asyncio.sleep(0.01)
    assert not isinstance(chat.app.screen, LeaveScreen)


async def test_how_it_rings_is_chosen_and_remembered(chat: Session) -> None:
    await chat.press(*"/ring osc9", "enter")
    await chat.until(lambda: (("ring",), "osc9") in chat.desk.remembered)
    assert chat.desk.settings.ring is Ring.OSC9
    await chat.press(*"/ring gong", "enter")
    await chat.until(lambda: chat.ctx.hints.is_error)
    assert chat.desk.settings.ring is Ring.OSC9


async def test_the_title_rings_until_somebody_looks(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr("tui.ui.terminal.ringing.write", lambda _app, text: written.append(text))
    back = title("bise") + TITLE_BACK
    await chat.press(*"/ring title", "enter")
    await chat.until(lambda: written == [KEEP_TITLE, title("○ so it rings")])
    await chat.press("h")
    await chat.until(lambda: written[2:] == [back])
    await chat.press("enter")
    await chat.until(lambda: chat.desk.backend.requests)
    chat.app.app_focus = False  # the user has gone to another window
    chat.desk.backend.end("hello")
    await chat.until(lambda: written[3:] == [KEEP_TITLE, title("○ h: the reply is there")])
    chat.app.app_focus = True
    await chat.until(lambda: written[5:] == [back])


async def test_another_way_to_ring_gives_the_title_back(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr("tui.ui.terminal.ringing.write", lambda _app, text: written.append(text))
    ringing = chat.ctx.features.one(Ringing)
    ringing.choose("title")
    ringing.choose("bell")
    assert written[2:] == [title("bise") + TITLE_BACK, BELL]
    ringing.choose("none")
    words = "A reply in the background does not ring"
    await chat.until(lambda: words in [one.message for one in chat.app._notifications])


async def test_in_tmux_it_is_told_what_a_notification_needs(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    for how, is_told in (("bell", False), ("osc9", True)):
        chat.app.clear_notifications()
        chat.ctx.features.one(Ringing).choose(how)
        await chat.until(lambda: chat.app._notifications)
        (note,) = chat.app._notifications
        assert ("allow-passthrough" in note.message) is is_told


async def test_what_came_unseen_is_marked_until_it_is_looked_at_in_the_next_run_too(
    make: Maker,
) -> None:
    desk = FakeDesk()
    chat = await make(desk)
    await streaming(chat, "came", "failed", "cut")
    await chat.until(lambda: len(desk.backend.requests) == 3)
    desk.backend.end("hello", number=0)
    desk.backend.feed(Failure(FailureKind.CONNECT, "The line is down"), number=1)
    desk.backend.say("half", number=2)
    await chat.sees("half")
    chat.burst("ctrl+q", "y")
    async with asyncio.timeout(60):
        while len(desk.news.kept) < 3:
            await asyncio.sleep(0.01)
    titles = {desk.store.titles[chat_id]: news for chat_id, news in desk.news.kept.items()}
    assert titles == {"came": News.CAME, "failed": News.FAILED, "cut": News.CUT}

    again = await make(desk)
    await again.until(lambda: len(again.stage.chats) == 3)
    marks = {one.title: one.mark.value for one in again.stage.chats.chats}
    assert marks == {"came": "○", "failed": "!", "cut": "¦"}
    seen = set()
    for _ in marks:
        await again.press("alt+u")
        await again.until(lambda: again.stage.session and again.stage.session.id not in seen)
        seen.add(again.stage.shown)
    await again.until(lambda: not desk.news.kept)
    desk.news.kept[again.stage.before] = News.CAME  # by another window
    await again.press("ctrl+t")
    await again.until(lambda: not desk.news.kept)
    assert {one.mark.value for one in again.stage.chats.chats} == {" "}
