from __future__ import annotations

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.store.config.presets import PresetFolder
from tui.store.places import Places
from tui.ui.features.presets import Presets
from tui.ui.screens.compare import Column, CompareScreen
from tui.ui.widgets.ask import Ask
from tui.ui.widgets.transcript.widget import Transcript


async def compared(chat: Session, words: str, count: int = 2) -> None:
    before = len(chat.desk.backend.requests)
    chat.composer.insert(f"/compare {words}")
    await chat.press("enter")
    await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
    await chat.until(lambda: len(chat.desk.backend.requests) == before + count)


def column(chat: Session, number: int) -> str:
    found = list(chat.app.screen.query(Column))[number]
    transcript = found.query_one(Transcript)
    lines = (transcript.render_line(y).text for y in range(transcript.size.height))
    return found.title.render().plain + "\n" + "\n".join(lines)  # type: ignore[union-attr, no-any-return]


async def asked(chat: Session, prompt: str = "one") -> None:
    await chat.say(prompt)
    chat.desk.backend.end(f"answer to {prompt}")
    await chat.until(lambda: not chat.busy)


def branch(chat: Session) -> list[str]:
    assert chat.stage.session is not None
    return [message.text for message in chat.stage.session.branch()]


async def test_two_ways_stream_side_by_side_and_both_stay_as_versions(chat: Session) -> None:
    await compared(chat, "small large,temperature=0\nWhich cheese?")
    first, second = chat.desk.backend.requests
    assert (first.parameters.model, second.parameters.model) == ("small", "large")
    assert (first.parameters.temperature, second.parameters.temperature) == (None, 0)
    assert first.messages[-1].text == second.messages[-1].text == "Which cheese?"
    chat.desk.backend.say("Com", number=0)
    chat.desk.backend.say("Brie", number=1)
    await chat.until(lambda: "Com" in column(chat, 0) and "Brie" in column(chat, 1))
    assert "large,temperature=0" in column(chat, 1)
    chat.desk.backend.end("Comté", number=0)
    chat.desk.backend.end("Brie it is", number=1)
    await chat.until(lambda: "Comté" in column(chat, 0) and "Brie it is" in column(chat, 1))
    await chat.until(lambda: "finished" in column(chat, 1))
    await chat.press("right", "enter")
    await chat.sees("Brie it is")
    await chat.sees("2/2")
    assert branch(chat) == ["Which cheese?", "Brie it is"]
    await chat.press("tab", "[")
    await chat.sees("Comté")


async def test_one_is_kept_and_undo_brings_the_other_back(chat: Session) -> None:
    await asked(chat)
    await compared(chat, "temperature=1")
    chat.desk.backend.end("first", number=1)
    chat.desk.backend.end("second", number=2)
    await chat.until(lambda: not chat.busy)
    await chat.press("K")
    await chat.sees("first")
    assert not chat.shows("/3")
    await chat.press("tab", "u")
    await chat.sees("2/3")


async def test_one_that_still_comes_is_kept_and_the_other_stopped(chat: Session) -> None:
    await compared(chat, "small large\nGo")
    chat.desk.backend.say("one", number=0)
    chat.desk.backend.say("two", number=1)
    await chat.until(lambda: "two" in column(chat, 1))
    await chat.press("l", "K")
    await chat.until(lambda: 0 in chat.desk.backend.closed)
    await chat.sees("two")
    chat.desk.backend.say(" and more", number=1)
    await chat.sees("two and more")
    chat.desk.backend.end("two and more", number=1)
    await chat.until(lambda: not chat.busy)
    assert branch(chat) == ["Go", "two and more"]
    assert not chat.shows("/2")


async def test_one_is_stopped_and_the_other_goes_on(chat: Session) -> None:
    await compared(chat, "small large\nGo")
    chat.desk.backend.say("half", number=0)
    await chat.until(lambda: "half" in column(chat, 0))
    await chat.press("s")
    await chat.until(lambda: "stopped by you" in column(chat, 0))
    chat.desk.backend.say("whole", number=1)
    await chat.until(lambda: "whole" in column(chat, 1))
    await chat.press("escape")
    await chat.sees("half")


async def test_a_failure_stands_in_its_column(chat: Session) -> None:
    await compared(chat, "small large\nGo")
    chat.desk.backend.break_off(number=1)
    await chat.until(lambda: "The line broke" in column(chat, 1))


async def test_they_stand_one_under_the_other_where_it_is_narrow(make: Maker) -> None:
    chat = await make(size=(70, 24))
    await compared(chat, "small large\nGo")
    first, second = chat.app.screen.query(Column)
    assert first.region.x == second.region.x
    assert first.region.bottom <= second.region.y
    await chat.press("tab")
    assert chat.app.focused is second


async def test_it_is_asked_for_by_key_and_what_is_wrong_is_said(chat: Session) -> None:
    await asked(chat)
    await chat.press("tab", "C")
    await chat.until(lambda: isinstance(chat.app.screen, Ask))
    await chat.press(*"temprature=1", "enter")
    await chat.until(lambda: "temperature" in str(chat.app.screen.query_one(".wrong").render()))
    for _ in "temprature=1":
        await chat.pilot.press("backspace")
    await chat.press(*"top_p=0.5 top_p=1", "enter")
    await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    assert [r.parameters.top_p for r in chat.desk.backend.requests] == [None, 0.5, 1.0]


async def test_another_version_is_made_by_other_parameters(chat: Session) -> None:
    await asked(chat)
    await chat.press("tab", "R")
    await chat.until(lambda: isinstance(chat.app.screen, Ask))
    await chat.press(*"other-model,temperature=0.9", "enter")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    wanted = chat.desk.backend.requests[1].parameters
    assert (wanted.model, wanted.temperature) == ("other-model", 0.9)
    chat.desk.backend.end("another")
    await chat.sees("2/2")
    assert chat.stage.session is not None
    assert chat.stage.session.parameters.temperature is None


async def test_versions_that_are_there_are_seen_side_by_side(chat: Session) -> None:
    await asked(chat)
    await chat.press("tab", "r")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    chat.desk.backend.end("another one")
    await chat.until(lambda: not chat.busy)
    await chat.press("V")
    await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
    await chat.until(lambda: "answer to one" in column(chat, 0))
    assert "another one" in column(chat, 1)
    assert chat.app.focused is list(chat.app.screen.query(Column))[1]


async def test_comparing_nothing_says_what_is_missing(chat: Session) -> None:
    chat.composer.insert("/compare a b")
    await chat.press("enter")
    await chat.until(lambda: chat.ctx.hints.is_error)
    assert chat.composer.text == "/compare a b"


async def test_presets_are_compared(make: Maker) -> None:
    desk = FakeDesk()
    desk.bench.presets = PresetFolder(Places.from_environment())
    chat = await make(desk)
    await chat.ctx.features.one(Presets).load()
    await compared(chat, "preset=precise preset=creative\nGo")
    precise, creative = (request.parameters for request in chat.desk.backend.requests)
    assert precise.temperature == 0.0
    assert creative.temperature is not None
    assert creative.temperature > 0.5
