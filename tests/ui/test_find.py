from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from textual import events
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from tests.fakes.desk import FakeDesk
from tui.core.message import Message
from tui.core.words import Role
from tui.ui.app import BiseApp
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.link import LinkScreen
from tui.ui.screens.links import LinksScreen
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.find import FindBar, FindField
from tui.ui.widgets.transcript.widget import Transcript

ANSWER = """\
# Cheese

There is no best **blue cheese**, see [the guide](https://example.org/guide) and <https://example.org/more>.

```python
best = "Comté"
```

## Months

| cheese | months |
|---|---:|
| Comté | 18 |
"""


class Chat:
    def __init__(self, app: BiseApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.copied: list[str] = []
        app.copy_to_clipboard = self.copied.append  # type: ignore[method-assign,assignment]  # to hear it

    def focus(self) -> object:
        return self.app.focused

    @property
    def transcript(self) -> Transcript:
        return self.app.chat_screen.query_one(Transcript)

    @property
    def lines(self) -> list[str]:
        widget = self.transcript
        return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]

    def marked(self) -> list[str]:
        """What stands on the screen as a hit, or as the hit that the reader is at (in brackets)."""
        assert self.transcript._look is not None
        dress = self.transcript._look.dress
        found = []
        for y in range(self.transcript.size.height):
            for text, style, _ in self.transcript.render_line(y):
                if style is not None and style.reverse:
                    found.append(f"[{text}]")
                elif style is not None and style.bgcolor == dress.hit.bgcolor:
                    found.append(text)
        return found

    @property
    def bar(self) -> FindBar:
        return self.app.chat_screen.query_one(FindBar)

    @property
    def tally(self) -> str:
        content = self.bar.query_one("#find-tally", Static).content
        return content.plain if isinstance(content, Content) else str(content)

    @property
    def is_finding(self) -> bool:
        return bool(self.app.chat_screen.query(FindBar)) and self.bar.display

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await self.pilot.pause()


async def opened(messages: list[Message]) -> tuple[FakeDesk, BiseApp]:
    desk = FakeDesk()
    desk.store.titles["chat"] = "Chat"
    for number, message in enumerate(messages):
        message.id = f"m{number}"
        message.parent = f"m{number - 1}" if number else None
    desk.store.messages["chat"] = messages
    desk.open_session = "chat"
    return desk, desk.app()


def said(*texts: str) -> list[Message]:
    """Messages, the user's and the assistant's in turn."""
    roles = (Role.USER, Role.ASSISTANT)
    return [Message(role=roles[n % 2], content=text) for n, text in enumerate(texts)]


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    texts = [f"question {n} of mine" if n % 2 == 0 else f"answer {n}" for n in range(40)]
    texts[5] += " with a Needle"
    texts[11] += " with a needle and a needle"
    texts[30] += " with a needle"
    _, app = await opened(said(*texts))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        chat = Chat(app, pilot)
        await chat.until(lambda: chat.transcript.place().entry_id)
        chat.transcript.focus()
        await pilot.pause()
        yield chat


async def test_a_slash_opens_a_field_and_typing_goes_to_the_first_hit(chat: Chat) -> None:
    await chat.press("g", "/")
    assert chat.is_finding
    assert isinstance(chat.focus(), FindField)
    await chat.press(*"needle")
    assert any("answer 5 with a Needle" in line for line in chat.lines)
    assert "[Needle]" in chat.marked()
    assert chat.tally == "1 of 4"


async def test_a_capital_makes_case_count(chat: Chat) -> None:
    await chat.press("g", "/", *"Needle")
    assert chat.tally == "1 of 1"


async def test_all_hits_in_view_are_marked_and_one_of_them_as_the_present_one(chat: Chat) -> None:
    await chat.press("g", "/", *"needle", "down")
    assert chat.tally == "2 of 4"
    assert [mark for mark in chat.marked() if mark != "Needle"] == ["[needle]", "needle"]


async def test_enter_stays_and_n_goes_on_and_wraps_with_a_note(chat: Chat) -> None:
    await chat.press("g", "/", *"needle", "enter")
    assert not chat.is_finding
    assert chat.app.focused is chat.transcript
    assert "[Needle]" in chat.marked()
    await chat.press("n", "n", "n")
    assert any("question 30 of mine with a needle" in line for line in chat.lines)
    assert not chat.app._notifications
    await chat.press("n")
    assert any("answer 5 with a Needle" in line for line in chat.lines)
    assert [n.message for n in chat.app._notifications] == ["From the top: 1 of 4"]
    await chat.press("N")
    assert [n.message for n in chat.app._notifications] == ["From the bottom: 4 of 4"]


async def test_escape_goes_back_to_where_one_was(chat: Chat) -> None:
    await chat.press("g")
    before, place = chat.lines, chat.transcript.place()
    await chat.press("/", *"needle", "down", "down", "down")
    assert chat.lines != before
    await chat.press("escape")
    await chat.until(lambda: chat.lines == before)
    assert not chat.is_finding
    assert chat.transcript.place() == place
    assert chat.app.focused is chat.transcript
    assert chat.marked() == []


async def test_escape_goes_back_to_the_end_and_follows_it_again(chat: Chat) -> None:
    before = chat.lines
    assert chat.transcript.at_tail
    await chat.press("/", *"needle", "up", "escape")
    await chat.until(lambda: chat.lines == before)
    assert chat.transcript.at_tail


async def test_what_is_not_there_is_told(chat: Chat) -> None:
    await chat.press("/", *"haystack")
    assert chat.tally == "not found"
    assert chat.marked() == []
    await chat.press(*["backspace"] * 8, *"needle")
    assert chat.tally == "4 of 4"


async def test_keys_that_come_in_one_piece_with_the_slash_are_typed_into_the_field(
    chat: Chat,
) -> None:
    for key in ("slash", *"jump"):
        chat.app.post_message(events.Key(key, "/" if key == "slash" else key))
    await chat.until(lambda: chat.is_finding and chat.bar.field.value == "jump")


async def test_all_of_a_search_may_come_in_one_piece(chat: Chat) -> None:
    for key in (
        "g",
        "/",
        *"needlx",
        "backspace",
        "e",
        "down",
        "enter",
        "n",
        "/",
        "a",
        "escape",
        "k",
    ):
        name = {"/": "slash"}.get(key, key)
        chat.app.post_message(events.Key(name, key if len(key) == 1 else None))
    await chat.until(lambda: chat.transcript._chosen == "m10")
    assert not chat.is_finding


async def test_the_second_time_the_field_is_empty(chat: Chat) -> None:
    await chat.press("g", "/", *"needle", "enter", "/")
    assert (chat.bar.field.value, chat.tally) == ("", "")
    await chat.press("escape")
    assert chat.marked() == []


async def test_marks_go_when_the_transcript_is_left_and_n_brings_them_back(chat: Chat) -> None:
    await chat.press("g", "/", *"needle", "enter", "escape")
    assert isinstance(chat.focus(), Composer)
    assert chat.marked() == []
    await chat.press("tab", "n")
    assert "[needle]" in chat.marked()


async def test_hits_survive_a_resize(chat: Chat) -> None:
    await chat.press("g", "/", *"needle", "enter")
    await chat.pilot.resize_terminal(61, 30)
    await chat.pilot.pause()
    assert "[Needle]" in chat.marked()


async def test_another_chat_has_no_marks(chat: Chat) -> None:
    await chat.press("g", "/", *"needle", "enter", "ctrl+n")
    await chat.press("tab", "n")
    assert chat.marked() == []
    assert [n.message for n in chat.app._notifications] == ["Not found"]


async def test_markup_in_what_is_typed_is_inert(chat: Chat) -> None:
    await chat.press("/", "[", "/", "b", "]", "(", "*")
    assert chat.tally == "not found"


@pytest.mark.parametrize(("key", "title"), [("/", "Find field"), ("v", "Selecting text")])
async def test_help_begins_with_the_keys_that_are_in_force(
    chat: Chat, key: str, title: str
) -> None:
    await chat.press(key, "f1")
    assert isinstance(chat.app.screen, HelpScreen)
    assert chat.app.screen._text().plain.startswith(title)


@pytest.fixture
async def reply() -> AsyncIterator[Chat]:
    _, app = await opened(said("q", ANSWER))
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        chat = Chat(app, pilot)
        await chat.until(lambda: chat.transcript.place().entry_id)
        chat.transcript.focus()
        await pilot.pause()
        yield chat


async def test_words_parted_by_marks_of_markdown_are_found_and_marked(reply: Chat) -> None:
    await reply.press("/", *"best blue cheese,")
    assert reply.tally == "1 of 1"
    assert "".join(reply.marked()) == "[best ][blue cheese][,]"


async def test_o_lists_links_with_their_targets_and_a_digit_asks_to_open_one(reply: Chat) -> None:
    await reply.press("o")
    assert isinstance(reply.app.screen, LinksScreen)
    options = reply.app.screen.query_one(OptionList)
    shown = [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]
    assert shown == [
        " 1 the guide\n   https://example.org/guide",
        " 2 https://example.org/more",
    ]
    await reply.press("2")
    assert isinstance(reply.app.screen, LinkScreen)
    assert reply.app.screen._url == "https://example.org/more"


async def test_a_link_beyond_the_ninth_is_reached_with_arrows() -> None:
    links = " ".join(f"[l{n}](https://example.org/{n})" for n in range(1, 13))
    _, app = await opened(said("q", links))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = Chat(app, pilot)
        await chat.until(lambda: chat.transcript.place().entry_id)
        chat.transcript.focus()
        await chat.press("o", *["down"] * 10, "j", "enter")
        assert isinstance(app.screen, LinkScreen)
        assert app.screen._url == "https://example.org/12"


async def test_hostile_links_are_shown_harmless_and_not_opened() -> None:
    _, app = await opened(
        said("q", "[a\u202eb [red]x[/]](javascript:alert(1)) <file:///etc/passwd>")
    )
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        chat = Chat(app, pilot)
        await chat.until(lambda: chat.transcript.place().entry_id)
        chat.transcript.focus()
        await chat.press("o")
        if isinstance(app.screen, LinksScreen):
            text = "".join(
                str(option.prompt) for option in app.screen.query_one(OptionList).options
            )
            assert "\u202e" not in text
            await chat.press("1")
        assert app.screen is app.chat_screen
        assert app._notifications


async def test_escape_closes_the_list_of_links(reply: Chat) -> None:
    await reply.press("o", "escape")
    assert reply.app.screen is reply.app.chat_screen


async def test_a_message_without_links_says_so(reply: Chat) -> None:
    await reply.press("g", "o")
    told = [n.message for n in reply.app._notifications]
    assert told == ["There is no link in this message"]
    await reply.press("Y")
    told = [n.message for n in reply.app._notifications]
    assert told == ["There is no table in this message"]


async def test_escape_leaves_the_selection_and_then_the_transcript(reply: Chat) -> None:
    await reply.press("v", "w")
    assert reply.app.chat_screen.selections
    await reply.press("escape")
    assert reply.app.focused is reply.transcript
    assert not reply.app.chat_screen.selections
    await reply.press("escape")
    assert isinstance(reply.focus(), Composer)


async def test_keys_of_the_transcript_can_be_remapped_while_selecting() -> None:
    desk, _ = await opened(said("one two three", "four"))
    app = desk.app(keys={"selecting.word_on": "f7", "selecting.copy": "f8"})
    async with app.run_test(size=(80, 24)) as pilot:
        chat = Chat(app, pilot)
        await chat.until(lambda: chat.transcript.place().entry_id)
        chat.transcript.focus()
        await chat.press("g", "v", "j", "f7", "w", "y", "f8")
        assert chat.copied == ["You\none t"]
