from __future__ import annotations

import asyncio

import pytest

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.context import Meter
from tui.core.costs import Prices
from tui.core.failure import Failure, FailureKind
from tui.core.models import ModelCard
from tui.core.words import Role
from tui.ui.features.fullness import Fullness, full_words, meter_words, tokens_words


class FakeBook:
    """Knows one thing about all models."""

    def __init__(self, context: int | None, prices: Prices) -> None:
        self.context, self.price = context, prices

    def card(self, provider: str | None, model: str | None) -> ModelCard | None:
        return ModelCard(model or "", context=self.context)

    def prices(self, provider: str | None, model: str | None) -> Prices:
        return self.price

    def renew(self) -> None:
        pass


async def started(make: Maker, context: int) -> Session:
    desk = FakeDesk()
    desk.bench.book = FakeBook(context, Prices(1.0, 2.0))
    return await make(desk)


@pytest.fixture
async def chat(make: Maker) -> Session:
    return await started(make, 100)


def banner(chat: Session) -> str:
    widget = chat.stage.widgets.banner
    return str(widget.render()) if widget.display else ""


def status(chat: Session) -> str:
    return str(chat.stage.widgets.status.render())


async def ask(chat: Session, prompt: str) -> None:
    await chat.say(prompt)
    chat.desk.backend.end("answer")
    await chat.until(lambda: not chat.busy)


def titles(chat: Session) -> list[str]:
    return [row.text for row in chat.app.screen._rows]  # type: ignore[attr-defined]  # of the picker


def screen_text(chat: Session) -> str:
    return " ".join(str(widget.render()) for widget in chat.app.screen.query("Static"))


def told(chat: Session) -> str:
    return " ".join(one.message for one in chat.app._notifications)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (1_234, "1.2k"), (256_000, "256k"), (1_000_000, "1.0M")],
)
def test_tokens_take_few_cells(number: int, words: str) -> None:
    assert tokens_words(number) == words


def test_the_meter_tells_what_is_estimated() -> None:
    assert meter_words(Meter(1_200, is_exact=True, limit=256_000)) == "1.2k/256k tokens"
    assert meter_words(Meter(1_200, is_exact=False, limit=None)) == "~1.2k tokens"
    assert meter_words(Meter(0, is_exact=False, limit=None)) == ""
    assert full_words(Meter(50, is_exact=False, limit=100)).startswith(
        "The context is about 50 % full: 50 of 100"
    )
    far = full_words(Meter(2_000_000, is_exact=False, limit=900))
    assert far == "The context is far too full: about 2.0M of 900 tokens."


async def test_the_status_line_has_the_meter_and_the_cost(chat: Session) -> None:
    await ask(chat, "hello")
    await chat.until(lambda: "12/100 tokens" in status(chat))
    await chat.until(lambda: "<$0.0001" in status(chat))


async def test_the_foot_of_a_reply_has_its_numbers(chat: Session) -> None:
    await ask(chat, "hello")
    await chat.sees("5 in · 7 out · <$0.0001")


async def test_a_cost_that_is_not_known_is_told(make: Maker) -> None:
    chat = await make()
    await ask(chat, "hello")
    await chat.sees("cost unknown")


async def test_the_prompt_is_estimated_while_it_is_typed(chat: Session) -> None:
    await chat.press(*"some words")
    await chat.until(lambda: "98 left" in str(chat.composer._border_subtitle))
    await chat.press("ctrl+c")
    await chat.until(lambda: chat.composer._border_subtitle is None)


async def test_a_warning_comes_before_the_limit_and_goes_when_there_is_room(chat: Session) -> None:
    chat.composer.insert("word " * 80)
    await chat.until(lambda: "/context offers ways out" in banner(chat))
    await chat.press("ctrl+c")
    await chat.until(lambda: banner(chat) == "")


async def test_the_warning_keeps_up_and_stays_with_its_chat(make: Maker) -> None:
    chat = await started(make, 14)
    await ask(chat, "hello")
    await chat.until(lambda: "86 % full: 12 of 14" in banner(chat))
    chat.composer.insert("and more")
    await chat.until(lambda: "about 100 % full: 14 of 14" in banner(chat))
    await chat.press("ctrl+n")
    await chat.until(lambda: banner(chat) == "")
    await chat.press("ctrl+t")
    await chat.until(lambda: "about 100 % full" in banner(chat))
    await chat.press("escape")
    await chat.until(lambda: banner(chat) == "")
    chat.composer.insert(" and more")
    await chat.until(lambda: "4 tokens" in str(chat.composer._border_subtitle))
    assert banner(chat) == ""


async def test_another_sentence_in_the_place_of_the_warning_stays(make: Maker) -> None:
    chat = await started(make, 14)
    await ask(chat, "hello")
    await chat.until(lambda: "86 % full" in banner(chat))
    chat.stage.warn("The disk is full")
    chat.composer.insert("and more")
    await chat.until(lambda: "2 tokens" in str(chat.composer._border_subtitle))
    await chat.press("ctrl+n")
    await chat.press(*"hello")
    await chat.until(lambda: "1 token " in str(chat.composer._border_subtitle))
    assert banner(chat) == "The disk is full"


async def test_what_does_not_fit_is_not_sent_without_a_yes(chat: Session) -> None:
    chat.composer.insert("word " * 120)
    await chat.pilot.press("enter")
    await chat.until(lambda: len(chat.app.screen_stack) > 1)
    assert titles(chat)[0] == "Send it all the same"
    assert not chat.desk.backend.requests
    await chat.press("escape")
    assert chat.composer.text == "word " * 120
    chat.burst("enter", "enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.composer.text == ""


async def test_so_much_is_left_out_that_the_prompt_fits(make: Maker) -> None:
    chat = await started(make, 45)
    await ask(chat, "first")
    await ask(chat, "second")
    chat.composer.insert("word " * 34)
    chat.burst("enter")
    await chat.until(lambda: len(chat.app.screen_stack) > 1)
    assert titles(chat)[1] == "Leave out the oldest 2 messages"
    chat.burst("down", "enter")
    await chat.until(lambda: len(chat.app.screen_stack) == 1)
    chat.burst("enter")
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    sent = [message.text for message in chat.desk.backend.requests[-1].messages]
    assert sent == ["second", "answer", "word " * 34]


async def test_a_prompt_that_is_too_long_by_itself_is_told_so(make: Maker) -> None:
    chat = await started(make, 20)
    await ask(chat, "first")
    chat.composer.insert("word " * 30)
    chat.burst("enter")
    await chat.until(lambda: len(chat.app.screen_stack) > 1)
    assert titles(chat) == ["Send it all the same"]
    assert "The prompt alone has ~30 tokens; 20 can be sent." in screen_text(chat)


async def test_a_prompt_waits_until_it_is_known_whether_it_fits(chat: Session) -> None:
    fullness = chat.ctx.features.one(Fullness)
    await chat.until(lambda: fullness._meter is not None)
    fullness._meter = None  # as right after the chat was opened
    chat.composer.insert("word " * 120)
    chat.burst("enter")
    await chat.until(lambda: len(chat.app.screen_stack) > 1 or chat.desk.backend.requests)
    assert not chat.desk.backend.requests


async def test_a_prompt_that_waits_for_that_goes_to_no_other_chat(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(chat, "first")
    first = chat.stage.shown
    begun, known = asyncio.Event(), asyncio.Event()

    async def get_ready(_session: object) -> None:
        begun.set()
        await known.wait()

    monkeypatch.setattr(chat.ctx.need_desk().conductor.context, "get_ready", get_ready)
    chat.ctx.features.one(Fullness)._meter = None  # as right after the chat was opened
    chat.composer.insert("for the first")
    chat.burst("enter")
    async with asyncio.timeout(60):
        await begun.wait()
    await chat.ctx.features.do("chat.new")  # as by a click
    await chat.until(lambda: chat.stage.shown != first)
    known.set()
    for _ in range(5):
        await chat.pilot.pause()
    assert len(chat.desk.backend.requests) == 1
    assert chat.stage.views.of(first).draft == "for the first"


async def test_the_oldest_are_left_out_when_the_user_wants_it(make: Maker) -> None:
    chat = await started(make, 20)
    await ask(chat, "first")
    await ask(chat, "second")
    chat.burst(*"/context", "enter")
    await chat.until(lambda: len(chat.app.screen_stack) > 1)
    assert any("Leave out the oldest" in title for title in titles(chat))
    chat.burst("enter")
    session = chat.stage.session
    assert session is not None
    await chat.until(lambda: any(message.excluded for message in session.messages))
    assert [m.text for m in session.sent() if m.role is Role.USER] == ["second"]
    assert len(session.branch()) == 4


async def test_a_summary_is_sent_instead_and_a_new_chat_goes_on_from_one(make: Maker) -> None:
    chat = await started(make, 20)
    await ask(chat, "first")
    await ask(chat, "second")
    session = chat.stage.session
    assert session is not None
    await chat.ctx.features.do("context.summarise")
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    chat.desk.backend.end("they said words")
    await chat.until(lambda: "they said words" in str([m.text for m in session.sent()]))
    await chat.press(*"dra")
    await chat.ctx.features.do("context.anew")
    await chat.until(lambda: len(chat.desk.backend.requests) == 4)
    await chat.press(*"ft")
    chat.desk.backend.end("all of it")
    await chat.until(lambda: chat.stage.shown != session.id)
    assert chat.composer.text == "draft"
    assert chat.stage.views.of(session.id).draft == ""


@pytest.mark.parametrize("way", ["context.summarise", "context.anew"])
async def test_a_summary_that_can_not_be_had_is_named(make: Maker, way: str) -> None:
    chat = await started(make, 20)
    await ask(chat, "first")
    await ask(chat, "second")
    await chat.ctx.features.do(way)
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    chat.desk.backend.feed(Failure(FailureKind.CONNECT, "The line is down"))
    await chat.until(lambda: "No summary was made: The line is down" in told(chat))


async def test_what_can_not_be_dropped_is_told(chat: Session) -> None:
    await chat.ctx.features.do("context.drop")
    await chat.until(lambda: chat.app._notifications)
    assert "nothing that could be left out" in next(iter(chat.app._notifications)).message
