from __future__ import annotations

import pytest

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_slash import ParameterWords
from tui.ui.widgets.settings.fields import FieldList


def kept(chat: Session) -> dict[str, object]:
    assert chat.stage.session is not None
    return chat.stage.session.parameters.kept()


async def run(chat: Session, *words: str) -> None:
    """Type words with a slash, one line each, in one piece."""
    for line in words:
        chat.burst(*line, "enter")
    await chat.until(lambda: not chat.composer.text or chat.ctx.hints.is_error)
    await chat.pilot.pause()


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ([r'/stop add "\n\n"'], {"stop": ["\n\n"]}),
        ([r"/stop add \n\n"], {"stop": ["\n\n"]}),
        (['/stop add " a, b "'], {"stop": [" a, b "]}),
        (["/stop add a", "/stop add b", "/stop off 2"], {"stop": ["a"], "stop_off": {"2": "b"}}),
        (["/stop add a", "/stop off 1", "/stop on 1"], {"stop": ["a"]}),
        (["/stop add a", "/stop add b", "/stop move 2 1"], {"stop": ["b", "a"]}),
        (["/stop add a", "/stop add b", "/stop remove 1"], {"stop": ["b"]}),
        (["/stop add a", r'/stop edit 1 "\t"'], {"stop": ["\t"]}),
        (["/stop add a", "/stop set code block"], {"stop": ["\n```"], "stop_off": {"1": "a"}}),
        (["/stop add a", "/stop clear"], {}),
        (["/temperature 0.2"], {"temperature": 0.2}),
        (["/set top_p .5"], {"top_p": 0.5}),
        (["/set max-tokens 7"], {"max_tokens": 7}),
        (["/set safe_prompt on", "/unset safe_prompt"], {}),
        (['/set response_format {"type": "json_object"}'], {"response_format": {"type": "json_object"}}),
        (['/set stop ["a", "b"]'], {"stop": ["a", "b"]}),
        (['/prefix {"answer":'], {"prefix": '{"answer":'}),
        (['/prefix "Well, "'], {"prefix": "Well, "}),
        (["/prefix once Well"], {"prefix": "Well", "prefix_once": True}),
        (['/prefix "once upon a time"'], {"prefix": "once upon a time"}),
        (["/prefix once"], {"prefix": "once"}),
        (["/prefix x", "/unset prefix"], {}),
    ],
)  # fmt: skip
async def test_words_set_parameters_at_once(
    chat: Session, words: list[str], after: dict[str, object]
) -> None:
    await run(chat, *words)
    assert not chat.ctx.hints.is_error
    assert kept(chat) == after
    assert chat.composer.text == ""
    assert not chat.desk.backend.requests


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("/temperature hot", "“hot” is none"),
        ("/set temprature 1", "is it temperature?"),
        ("/set top_p 2", "top_p is 0 to 1"),
        ("/unset", "wants the name"),
        ("/unset nothing", "no parameter is called"),
        ("/stop off 3", "there are none"),
        ("/stop add", "empty"),
        ('/stop add "x', 'ends with "'),
        ("/stop nonsense", "/stop knows add, off"),
        ("/stop set nonsense", "there is no stop set 'nonsense'"),
        ("/stop save x", "no stop sequence is on"),
        ("/settings nothing", "no parameter is called"),
    ],
)
async def test_what_is_wrong_stands_above_the_prompt(chat: Session, words: str, why: str) -> None:
    await run(chat, words)
    assert chat.ctx.hints.is_error
    assert why in chat.ctx.hints.render().plain
    assert chat.composer.text == words
    assert kept(chat) == {}


@pytest.mark.parametrize(
    ("words", "at"),
    [("/stop", "stop"), ("/prefix", "prefix"), ("/temperature", "temperature"), ("/set n", "n")],
)
async def test_without_a_value_the_pane_opens_at_the_place(
    chat: Session, words: str, at: str
) -> None:
    await run(chat, words)
    assert chat.app.chat_screen.query_one(FieldList).at == at


async def test_what_is_not_sent_to_this_kind_is_told(chat: Session) -> None:
    await run(chat, "/set safe_prompt on")
    note = next(iter(chat.app._notifications))
    assert "safe_prompt = on for this chat; it is not sent" in note.message


@pytest.mark.parametrize(
    ("command", "typed", "offered"),
    [
        ("parameters.set", "temp", "temperature "),
        ("parameters.set", "safe_prompt o", "safe_prompt on"),
        ("parameters.set", "reasoning_effort h", "reasoning_effort high"),
        ("parameters.open", "penal", "presence_penalty"),
        ("parameters.unset", "", "temperature"),
        ("parameters.stop", "re", "remove "),
        ("parameters.stop", "off ", "off 1"),
        ("parameters.stop", "set par", "set paragraph"),
    ],
)
async def test_words_are_completed(chat: Session, command: str, typed: str, offered: str) -> None:
    chat.ctx.features.one(Parameters).values.change({"temperature": 0.5, "stop": ["x"]})
    complete = chat.ctx.features.one(ParameterWords).completions()[command]
    assert offered in [whole for whole, _ in complete(typed)]


async def test_a_completed_word_runs(chat: Session) -> None:
    chat.burst(*"/set effo", "tab", *"hi", "tab", "enter")
    await chat.until(lambda: kept(chat) == {"reasoning_effort": "high"})


async def test_while_the_pane_is_open_it_shows_what_words_set(make: Maker) -> None:
    chat = await make(FakeDesk())
    await chat.press("f2")
    chat.ctx.focus(chat.composer)
    await run(chat, "/temperature 0.75")
    fields = chat.app.chat_screen.query_one(FieldList)
    lines = [fields.render_line(y).text for y in range(fields.size.height)]
    assert any("• Temperature" in line and "0.75" in line for line in lines)
