from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tests.ui.test_filing import FiledStore
from tui.core.message import Message
from tui.core.search import Found, Hit, Query, Snippet
from tui.core.words import Place, Role
from tui.ui.screens.search import SearchScreen
from tui.ui.screens.switcher import Switcher
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.picker import PickerField
from tui.ui.widgets.rowlist import RowList
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.transcript.widget import Transcript


class FakeSearch:
    """Finds what stands in the messages of a store, word for word; `gate` holds it up."""

    def __init__(self, store: FiledStore) -> None:
        self.store = store
        self.queries: list[Query] = []
        self.refreshed = 0

    def search(self, query: Query, limit: int = 50) -> Found:
        self.queries.append(query)
        if query.is_empty:
            return Found()
        words = query.terms[0].words.lower() if query.terms else ""
        hits = []
        for chat_id, messages in self.store.messages.items():
            for message in messages:
                at = message.text.lower().find(words)
                if at < 0 or (query.role and message.role != query.role):
                    continue
                if not chat_id.startswith(query.session):
                    continue
                snippet = Snippet(message.text[:200], ((at, at + len(words)),) if at < 200 else ())
                hits.append(
                    Hit(
                        chat_id,
                        self.store.titles[chat_id],
                        self.store.place_of(chat_id),
                        message.id,
                        str(message.role),
                        time.time(),
                        snippet,
                    )
                )
        return Found(hits[:limit], "" if hits else "Nothing stands there.")

    def refresh(self, progress: Callable[[int, int], bool]) -> bool:
        self.refreshed += 1
        return progress(1, 1)


@pytest.fixture
def store() -> FiledStore:
    store = FiledStore()
    store.hold("French cheese", "SSH keepalive", "Haiku", "Regex for dates")
    parent = "chat-1-r"
    for number in range(60):
        message = Message(
            id=f"chat-1-{number}",
            parent=parent,
            role=Role.ASSISTANT if number % 2 else Role.USER,
            content=f"line {number}\n\nand some more",
        )
        parent = message.id
        store.messages["chat-1"].append(message)
    store.messages["chat-1"][12].content = "here a **needle** lies"
    return store


@pytest.fixture
async def chat(make: Maker, store: FiledStore) -> Session:
    desk = FakeDesk()
    desk.store = store
    desk.drawer.filing = store
    desk.drawer.search = FakeSearch(store)
    chat = await make(desk)
    await chat.sees("Regex for dates", Sidebar)
    return chat


def rows(chat: Session) -> list[str]:
    found = chat.app.screen.query(RowList).first()
    return [
        line
        for y in range(found.size.height)
        if (line := found.render_line(y).text.strip()) and line
    ]


async def test_a_digit_opens_the_chat_in_that_slot_and_what_follows_is_its_prompt(
    chat: Session,
) -> None:
    chat.burst("ctrl+o", "3", *"hello")
    await chat.sees("answer to Haiku")
    await chat.until(lambda: chat.composer.text == "hello")
    chat.burst("ctrl+o", "1", *"4 you")
    await chat.sees("answer to French cheese")
    await chat.until(lambda: chat.composer.text == "4 you")
    assert chat.stage.views.of("chat-2").draft == "hello"


async def test_the_same_from_the_transcript_and_from_the_list(chat: Session) -> None:
    await chat.press("f6")
    assert isinstance(chat.app.focused, Transcript)
    chat.burst("ctrl+o", "3", *"dg")
    await chat.until(lambda: chat.composer.text == "dg")
    chat.ctx.focus(chat.ctx.sidebar)
    chat.burst("ctrl+o", "2", *"dp")
    await chat.until(lambda: chat.composer.text == "dp")
    assert chat.stage.shown == "chat-1"


async def test_a_title_is_found_by_some_of_its_letters(chat: Session) -> None:
    chat.burst("ctrl+o", *"kpalive", "enter", *"hi")
    await chat.sees("line 59")
    await chat.until(lambda: chat.composer.text == "hi")


async def test_the_list_begins_with_what_was_seen_last_and_leaves_out_the_open_chat(
    chat: Session,
) -> None:
    for slot, title in ((3, "Haiku"), (2, "SSH keepalive"), (1, "French cheese")):
        chat.burst("ctrl+o", str(slot))
        await chat.sees(f"said in {title}" if slot != 2 else "line 59")
    await chat.press("ctrl+o")
    await chat.until(lambda: isinstance(chat.app.screen, Switcher))
    assert [row.split("  ")[0] for row in rows(chat)] == [
        "› SSH keepalive", "Haiku", "Regex for dates",
    ]  # fmt: skip
    await chat.press("enter")
    await chat.until(lambda: chat.stage.shown == "chat-1")


async def test_words_in_a_chat_are_found_below_the_titles_and_opened_at_the_message(
    chat: Session,
) -> None:
    chat.burst("ctrl+o", *"needle")
    await chat.until(lambda: isinstance(chat.app.screen, Switcher) and len(rows(chat)) == 2)
    assert rows(chat)[0] == "In the chats"
    assert "here a **needle** lies" in rows(chat)[1]
    assert "SSH keepalive" in rows(chat)[1]
    await chat.press("enter")
    await chat.sees("here a needle lies")
    assert chat.ctx.transcript.place().selected == "chat-1-10"
    assert not chat.ctx.transcript.at_tail


async def test_enter_waits_for_what_is_being_searched(chat: Session) -> None:
    chat.burst("ctrl+o", *"needle", "enter")
    await chat.sees("here a needle lies")
    assert chat.ctx.transcript.place().selected == "chat-1-10"


async def test_what_was_said_on_another_branch_is_shown(chat: Session, store: FiledStore) -> None:
    other = Message(
        id="other", parent="chat-1-3", role=Role.ASSISTANT, content="a thimble", ended="stop"
    )
    store.messages["chat-1"].insert(8, other)
    chat.burst("ctrl+o", *"thimble", "enter")
    await chat.sees("a thimble")
    assert chat.ctx.transcript.place().selected == "other"
    assert not chat.shows("line 59")


async def test_a_hit_in_the_chat_that_is_open_is_gone_to(chat: Session) -> None:
    chat.burst("ctrl+o", "2")
    await chat.sees("line 59")
    chat.burst("f3", *"needle", "enter")
    await chat.sees("here a needle lies")


async def test_without_an_index_titles_are_found_all_the_same(make: Maker) -> None:
    chat = await make()
    await chat.say("one thing")
    chat.desk.backend.end("answer")
    chat.burst("ctrl+n", "ctrl+o", *"thing", "enter")
    await chat.sees("answer")
    chat.burst("f3")
    await chat.until(lambda: any("can't be searched" in n.message for n in chat.app._notifications))


async def test_a_chat_is_opened_by_a_word_with_its_title(chat: Session) -> None:
    chat.burst(*"/open reg", "tab", "enter")
    await chat.sees("answer to Regex for dates")
    chat.burst(*"/open xyzzyx", "enter")
    await chat.until(lambda: chat.ctx.hints.is_error)


async def test_the_palette_offers_chats(chat: Session) -> None:
    offered = [row for offer in chat.ctx.palette_rows for row in offer("haiku")]
    found = next(row for row in offered if row.text == "Haiku")
    found.value()
    await chat.sees("answer to Haiku")
    assert chat.app.focused is chat.composer


async def test_alt_u_goes_to_the_next_unread_chat_around_the_list(chat: Session) -> None:
    from tui.ui.chats import Mark

    for number in (1, 3):
        found = chat.stage.chats.get(f"chat-{number}")
        assert found is not None
        found.mark = Mark.UNREAD
    seen: list[str] = []
    for _ in range(2):
        chat.burst("alt+u")
        await chat.until(
            lambda: chat.stage.session and chat.stage.shown in {"chat-1", "chat-3"} - set(seen)
        )
        seen.append(chat.stage.shown)
        await chat.pilot.pause()
    assert seen == ["chat-1", "chat-3"]
    chat.burst("alt+u")
    await chat.until(lambda: any("No chat is unread" in n.message for n in chat.app._notifications))


async def test_a_chat_comes_back_as_it_was_left(chat: Session) -> None:
    from textual.widget import Widget

    class Thing(Widget, can_focus=True):
        pass

    thing = Thing()
    chat.burst("ctrl+o", "2")
    await chat.sees("line 59")
    await chat.press("f6", "g")
    await chat.sees("said in SSH")
    chat.ctx.focus(chat.composer)
    await chat.press(*"draft", "ctrl+j", *"two", "up", "home")
    await chat.ctx.pane.show(thing)
    chat.ctx.focus(chat.composer)
    chat.burst("ctrl+o", "1")
    await chat.sees("answer to French")
    chat.ctx.pane.close()
    assert chat.composer.text == ""
    chat.burst("ctrl+t")
    await chat.sees("said in SSH")
    assert (chat.composer.text, chat.composer.cursor_location) == ("draft\ntwo", (0, 0))
    assert chat.ctx.pane.is_open
    assert isinstance(chat.app.focused, Composer)
    chat.burst("ctrl+t")
    await chat.until(lambda: not chat.ctx.pane.is_open)


async def test_key_repeat_reads_only_where_it_ends(chat: Session, store: FiledStore) -> None:
    read = []
    load = store.load

    def counted(session_id: str):
        read.append(session_id)
        time.sleep(0.02)
        return load(session_id)

    store.load = counted  # type: ignore[method-assign]
    chat.burst(*["alt+down", "alt+up"] * 40, "alt+down", *"x")
    await chat.until(lambda: chat.stage.session is not None and chat.composer.text == "x")
    await chat.until(lambda: chat.stage.session is not None and not chat.stage.is_opening)
    assert len(read) <= 4


async def test_a_prompt_that_is_sent_before_its_chat_was_read_goes_to_that_chat(
    chat: Session, store: FiledStore
) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    load = store.load

    def slow(session_id: str):
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(5)
        return load(session_id)

    store.load = slow  # type: ignore[method-assign]
    chat.burst("ctrl+o", "3", *"more", "enter")
    await chat.until(lambda: chat.stage.is_opening and chat.composer.text)
    await chat.pilot.pause()
    gate.set()
    await chat.until(lambda: chat.desk.backend.requests)
    assert [m.text for m in chat.desk.backend.requests[0].messages][-1] == "more"
    assert chat.busy == ["chat-2"]
    assert chat.composer.text == ""


# -- full-text search


async def opened(chat: Session, *keys: str) -> SearchScreen:
    chat.burst("f3", *keys)
    await chat.until(lambda: isinstance(chat.app.screen, SearchScreen))
    screen = chat.app.screen
    assert isinstance(screen, SearchScreen)
    return screen


def foot(chat: Session) -> str:
    """What is said above and below the hits."""
    ends = ("#picker-title", "#picker-foot")
    return "\n".join(str(chat.app.screen.query_one(one).render()) for one in ends).replace(
        "\xa0", " "
    )


async def test_hits_come_as_they_are_typed_with_what_is_around_them(chat: Session) -> None:
    screen = await opened(chat, *"answer")
    await chat.until(lambda: "4 found" in foot(chat))
    await chat.until(lambda: "French cheese" in str(screen.query_one("#picker-preview").render()))
    await chat.press("down", "enter")
    await chat.sees("answer to SSH keepalive")
    assert chat.app.focused is chat.ctx.transcript


async def test_filters_by_key_and_by_word(chat: Session) -> None:
    await opened(chat, *"s")
    search = chat.desk.drawer.search
    assert isinstance(search, FakeSearch)
    await chat.press("f2")
    await chat.until(lambda: search.queries[-1].role == "system")
    await chat.press("f2")
    await chat.until(lambda: search.queries[-1].role == "user")
    chat.burst(*" role:assistant")
    await chat.until(lambda: search.queries[-1].role == "assistant")
    await chat.press("f6", "f7", "f4")
    await chat.until(lambda: search.queries[-1].places == tuple(Place))
    await chat.until(lambda: search.queries[-1].model == "fake-model")
    after = search.queries[-1].after
    assert after is not None
    assert time.time() - 90_000 < after < time.time()
    assert "user" in foot(chat)


async def test_only_the_open_chat_is_searched_where_that_is_wanted(chat: Session) -> None:
    chat.burst("ctrl+o", "3")
    await chat.sees("answer to Haiku")
    await opened(chat, *"answer")
    await chat.until(lambda: "4 found" in foot(chat))
    await chat.press("f3")
    await chat.until(lambda: "1 found" in foot(chat))
    assert "this chat" in foot(chat)


@pytest.mark.parametrize("typed", ['"', "*", "'", "-", "AND (", "role:", "\\"])
async def test_anything_can_be_searched_for(chat: Session, typed: str) -> None:
    await opened(chat, *typed)
    await chat.until(lambda: "found" in foot(chat) or "Nothing" in foot(chat))
    await chat.press("enter", "escape")
    assert chat.app.screen is chat.app.chat_screen


async def test_a_search_begins_with_the_words_behind_the_slash(chat: Session) -> None:
    chat.burst(*"/find needle", "enter")
    await chat.until(lambda: isinstance(chat.app.screen, SearchScreen))
    assert chat.app.screen.query_one(PickerField).value == "needle"
    await chat.until(lambda: "1 found" in foot(chat))


async def test_a_search_comes_back_as_it_was_left_and_is_typed_over(chat: Session) -> None:
    screen = await opened(chat, *"answer")
    await chat.until(lambda: "4 found" in foot(chat))
    await chat.press("f2", "f2", "f2")
    await chat.until(lambda: "assistant" in foot(chat) and "4 found" in foot(chat))
    await chat.press("down", "down", "enter")
    await chat.until(lambda: chat.app.screen is chat.app.chat_screen)
    again = await opened(chat)
    await chat.until(lambda: "4 found" in foot(chat))
    assert "F2 assistant" in foot(chat)
    await chat.until(lambda: again.chosen is not None and again.chosen == screen.chosen)
    await chat.press("x")
    assert again.query_text == "x"


async def test_the_cursor_stays_when_the_index_has_taken_in_more(chat: Session) -> None:
    screen = await opened(chat, *"answer")
    await chat.until(lambda: "4 found" in foot(chat))
    await chat.press("down")
    here = screen.chosen
    search = chat.desk.drawer.search
    assert isinstance(search, FakeSearch)
    asked = len(search.queries)
    screen.search_again()
    await chat.until(lambda: len(search.queries) > asked)
    await chat.pilot.pause(0.1)
    assert screen.chosen == here


async def test_signs_alone_can_not_be_found_and_that_is_said(chat: Session) -> None:
    await opened(chat, *'"*')
    await chat.until(lambda: "only letters and digits count" in foot(chat))


async def test_a_small_screen_shows_more_hits_than_anything_else(
    make: Maker, store: FiledStore
) -> None:
    desk = FakeDesk()
    desk.store, desk.drawer.search = store, FakeSearch(store)
    chat = await make(desk, size=(60, 16))
    screen = await opened(chat)
    await chat.pilot.pause()
    assert screen.query_one(RowList).size.height >= 7


async def test_the_index_is_brought_up_to_date_when_somebody_searches(chat: Session) -> None:
    search = chat.desk.drawer.search
    assert isinstance(search, FakeSearch)
    await opened(chat)
    await chat.until(lambda: search.refreshed)


async def test_entries_are_kept_of_few_chats_only(chat: Session) -> None:
    from tui.ui.view import MADE

    for number in range(1, 5):
        chat.burst("ctrl+o", str(number))
        await chat.until(lambda: chat.stage.session is not None and not chat.stage.is_opening)
        await chat.pilot.pause()
    chat.burst("ctrl+n")
    await chat.until(lambda: chat.stage.session is not None and not chat.stage.session.messages)
    kept = [number for number in range(4) if chat.stage.views.of(f"chat-{number}").made]
    assert kept == [1, 2, 3]
    assert len(kept) < MADE
