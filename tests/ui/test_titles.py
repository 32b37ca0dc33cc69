from __future__ import annotations

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tests.ui.test_fullness import FakeBook
from tui.core.costs import Prices
from tui.core.failure import Failure, FailureKind


def note(chat: Session) -> str:
    return [note.message for note in chat.app._notifications][-1]


async def test_titles_by_model_are_switched_and_kept(chat: Session) -> None:
    chat.burst(*"/titles on", "enter")
    await chat.until(lambda: len(chat.desk.remembered) == 2)
    assert (("titles", "by_model"), True) in chat.desk.remembered
    assert "The chat's own model makes titles" in note(chat)
    chat.burst(*"/titles tiny-model", "enter")
    await chat.until(lambda: (("titles", "model"), "tiny-model") in chat.desk.remembered)
    chat.burst(*"/titles", "enter")
    await chat.until(lambda: chat.desk.remembered[-2:] == [(("titles", "by_model"), False), (("titles", "model"), "tiny-model")])  # fmt: skip
    assert "first words" in note(chat)


async def test_the_request_for_a_title_is_seen_and_gives_the_title(chat: Session) -> None:
    chat.desk.settings.titles.by_model = True
    await chat.say("hello")
    chat.desk.backend.end("answer")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    status = chat.stage.widgets.status
    await chat.until(lambda: "making a title" in str(status.render()))
    chat.desk.backend.end("French cheese")
    await chat.until(lambda: chat.stage.session and chat.stage.session.title == "French cheese")
    await chat.until(lambda: "making a title" not in str(status.render()))


async def test_what_a_title_costs_is_counted_at_once(make: Maker) -> None:
    desk = FakeDesk()
    desk.bench.book = FakeBook(None, Prices(1000.0, 1000.0))
    desk.settings.titles.by_model = True
    chat = await make(desk)
    await chat.say("hello")
    desk.backend.end("answer")
    await chat.until(lambda: len(desk.backend.requests) == 2)
    status = chat.stage.widgets.status
    await chat.until(lambda: "$0.0120" in str(status.render()))
    desk.backend.end("French cheese")
    await chat.until(lambda: "$0.0240" in str(status.render()))


async def test_why_there_is_no_title_is_told_once(chat: Session) -> None:
    chat.desk.settings.titles.by_model = True
    for asked in (2, 4):
        await chat.say("hello")
        chat.desk.backend.end("answer")
        await chat.until(lambda asked=asked: len(chat.desk.backend.requests) == asked)  # type: ignore[misc]
        chat.desk.backend.feed(Failure(FailureKind.CONFIG, "There is no such model"))
        await chat.until(lambda: not chat.ctx.need_desk().conductor.asides.running)
        await chat.until(lambda: "No title was made: There is no such model" in note(chat))
    assert len(chat.app._notifications) == 1
