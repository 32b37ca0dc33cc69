from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from tests.ui.session import Session
from tui.core.search import Found
from tui.ui.found import Target
from tui.ui.screens.dialog import Dialog
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.link import LinkScreen
from tui.ui.screens.links import LinksScreen
from tui.ui.screens.recorder import Recorder
from tui.ui.screens.search import Scope, SearchScreen
from tui.ui.screens.switcher import Switcher
from tui.ui.widgets.ask import Ask, Confirm
from tui.ui.widgets.editor import Editor
from tui.ui.widgets.picker import Picker, narrowed
from tui.ui.widgets.rowlist import Row
from tui.ui.widgets.transcript.links import Link
from tui.ui.widgets.transcript.widget import Transcript

ROWS = narrowed([Row("one", "one"), Row("two", "two")])
LINKS = [Link("a", "https://a.example"), Link("b", "https://b.example")]
TARGETS = narrowed([Row(Target("a"), "one"), Row(Target("b"), "two")])


async def nothing(_query: object) -> Found:
    return Found()


class Scrolled(Dialog[None]):  # its focus is on what lets keys through, as in the views of usage
    BINDINGS: ClassVar = [("escape,q", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        yield VerticalScroll(Static("line\n" * 100))

    def on_mount(self) -> None:
        self.set_focus(self.query_one(VerticalScroll))


def recorder() -> Recorder:
    return Recorder("A command", "", now=str, present=list, change=lambda keys: str(keys))


Case = tuple[Callable[[], Screen[Any]], list[str], object]

CASES: dict[str, Case] = {
    "ask": (lambda: Ask("Name?"), [*"a b", "enter"], "a b"),
    "ask, mended": (lambda: Ask("Name?"), [*"abc", "backspace", "enter"], "ab"),
    "ask, left": (lambda: Ask("Name?"), [*"ab", "escape"], None),
    "confirm, yes": (lambda: Confirm("Sure?"), ["y"], True),
    "confirm, enter": (lambda: Confirm("Sure?"), ["enter"], True),
    "confirm, no": (lambda: Confirm("Sure?"), ["escape"], False),
    "editor, kept": (lambda: Editor("Text"), [*"ab", "enter", "c", "ctrl+o"], "ab\nc"),
    "editor, left": (lambda: Editor("Text"), [*"ab", "escape", "n"], None),
    "picker": (lambda: Picker("Pick", ROWS), [*"tw", "enter"], "two"),
    "picker, down": (lambda: Picker("Pick", ROWS), ["down", "enter"], "two"),
    "picker, left": (lambda: Picker("Pick", ROWS), [*"tw", "escape"], None),
    "switcher": (lambda: Switcher(TARGETS, (), nothing, {}), [*"tw", "enter"], Target("b")),
    "switcher, slot": (lambda: Switcher(TARGETS, ("c",), None, {}), ["1"], Target("c")),
    "search, left": (lambda: SearchScreen(nothing, Scope(), keymap={}), [*"tw", "escape"], None),
    "a text to scroll": (Scrolled, ["down", "escape"], None),
    "help": (lambda: HelpScreen("chat", {}), ["down", "escape"], None),
    "link": (lambda: LinkScreen("https://example.org"), ["n"], False),
    "links": (lambda: LinksScreen(LINKS), ["down", "enter"], "https://b.example"),
    "links, by number": (lambda: LinksScreen(LINKS), ["2"], "https://b.example"),
    "recorder": (recorder, ["enter", "f9", "escape"], None),
}


@pytest.fixture(params=list(CASES.values()), ids=list(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


async def settled(chat: Session, answers: list[object], text: str) -> None:
    try:
        await chat.until(lambda: answers and chat.composer.text == text)
    except TimeoutError:
        pytest.fail(f"got {answers!r}, and {chat.composer.text!r} behind it; {chat.app.screen}")


async def test_what_is_typed_behind_a_dialog_goes_to_the_prompt(chat: Session, case: Case) -> None:
    make, keys, answer = case
    answers: list[object] = []
    await chat.ctx.push(make(), answers.append)
    chat.burst(*keys, *"next one")
    await settled(chat, answers, "next one")
    assert answers == [answer]


async def test_the_same_where_work_waits_for_the_answer(chat: Session, case: Case) -> None:
    make, keys, answer = case
    answers: list[object] = []
    dialog = make()

    async def work() -> None:
        answers.append(await chat.ctx.ask(dialog))

    chat.ctx.work(work(), group="test")
    await chat.until(lambda: chat.app.screen is dialog and dialog.is_mounted)
    chat.burst(*keys, *"next one")
    await settled(chat, answers, "next one")
    assert answers == [answer]


async def test_keys_may_come_before_the_dialog_is_up(chat: Session, case: Case) -> None:
    make, keys, answer = case
    answers: list[object] = []

    async def take(text: str) -> bool:
        if text == "open":
            chat.composer.text = ""
            await chat.ctx.push(make(), answers.append)
        return text == "open"

    chat.ctx.prompt_takers.append(take)
    chat.burst(*"open", "enter", *keys, *"next one")
    await settled(chat, answers, "next one")
    assert answers == [answer]


async def test_one_dialog_may_come_behind_another(chat: Session, case: Case) -> None:
    make, keys, answer = case
    answers: list[object] = []

    async def again(first: object) -> None:
        answers.append(first)
        await chat.ctx.push(make(), answers.append)

    await chat.ctx.push(make(), again)
    chat.burst(*keys, *keys, *"next one")
    await settled(chat, answers, "next one")
    assert answers == [answer, answer]


async def test_prompts_behind_a_dialog_are_sent_in_their_order(chat: Session, case: Case) -> None:
    make, keys, _answer = case
    answers: list[object] = []
    await chat.ctx.push(make(), answers.append)
    chat.burst(*keys, *"hello", "enter", *"next one")
    await settled(chat, answers, "next one")
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.desk.backend.requests[0].messages[-1].content == "hello"


@pytest.mark.parametrize("seed", range(20))
async def test_keys_stay_in_order_when_they_come_in_pieces_as_the_focus_moves(
    chat: Session, seed: int
) -> None:
    chance = random.Random(seed)
    chat.app.set_focus(chat.app.chat_screen.query_one(Transcript))
    for key in ("shift+tab", *"hello", "enter", *"next"):
        chat.burst(key)
        for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 3, 5, 8])):  # turns of the event loop
            await asyncio.sleep(0)
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.desk.backend.requests[0].messages[-1].content == "hello"
    await chat.until(lambda: chat.composer.text == "next")
