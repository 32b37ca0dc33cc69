from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from tests.fakes.backend import FakeStore
from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.failure import Failure, FailureKind
from tui.core.listing import Header, Listing
from tui.core.message import Message, utc_now
from tui.core.session import Session as Chat
from tui.core.words import Place, Role
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.sidebar import Sidebar


class FiledStore(FakeStore):
    """Sessions in memory with heads, each in a place; it is the filing port, too."""

    def __init__(self) -> None:
        super().__init__()
        self.place: dict[str, Place] = {}
        self.pinned: set[str] = set()
        self.tags: dict[str, list[str]] = {}
        self.refusal: Failure | None = None
        self.told: list[str] = []

    def hold(self, *titles: str) -> None:
        for number, title in enumerate(titles):
            chat_id = f"chat-{number}"
            self.titles[chat_id] = title
            said = Message(id=f"{chat_id}-m", role=Role.USER, content=f"said in {title}")
            reply = Message(
                id=f"{chat_id}-r",
                parent=said.id,
                role=Role.ASSISTANT,
                content=f"answer to {title}",
                ended="stop",
            )
            self.messages[chat_id] = [said, reply]

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        wanted = [i for i in self.titles if self.place_of(i) is place]
        now = time.time()
        headers = [
            Header(
                i,
                self.titles[i],
                utc_now(),
                now - 60 * number,
                pinned=i in self.pinned,
                tags=tuple(self.tags.get(i, ())),
                place=place,
            )
            for number, i in enumerate(wanted)
        ]
        return Listing(headers[:limit])

    def load(self, session_id: str) -> Chat:
        session = super().load(session_id)
        session.pinned = session_id in self.pinned
        session.tags = list(self.tags.get(session_id, ()))
        return session

    def save_header(self, session: Chat) -> None:
        super().save_header(session)
        (self.pinned.add if session.pinned else self.pinned.discard)(session.id)
        self.tags[session.id] = list(session.tags)

    # -- the filing port

    def place_of(self, session_id: str) -> Place:
        return self.place.get(session_id, Place.OPEN)

    def _move(self, session_id: str, place: Place) -> str:
        self.told.append(f"{session_id} {place.name.lower()}")
        if self.refusal is not None:
            raise self.refusal
        self.place[session_id] = place
        return session_id

    def archive(self, session_id: str) -> str:
        return self._move(session_id, Place.ARCHIVE)

    def delete(self, session_id: str) -> str:
        return self._move(session_id, Place.TRASH)

    def restore(self, session_id: str) -> str:
        return self._move(session_id, Place.OPEN)

    def rename(self, session_id: str, title: str) -> str:
        self._check()
        self.titles[session_id] = title
        return title

    def pin(self, session_id: str) -> None:
        self._check()
        self.pinned.add(session_id)

    def unpin(self, session_id: str) -> None:
        self.pinned.discard(session_id)

    def tag(
        self, session_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[str]:
        kept = [tag for tag in self.tags.get(session_id, []) if tag not in set(remove)]
        self.tags[session_id] = [*kept, *add]
        return self.tags[session_id]

    def duplicate(self, session_id: str) -> str:
        raise NotImplementedError


TITLES = ("French cheese", "SSH keepalive", "Haiku", "Regex for dates")


@pytest.fixture
def store() -> FiledStore:
    store = FiledStore()
    store.hold(*TITLES)
    return store


@pytest.fixture
async def chat(make: Maker, store: FiledStore) -> Session:
    desk = FakeDesk()
    desk.store = store
    desk.drawer.filing = store
    chat = await make(desk)
    await chat.sees("Regex for dates", Sidebar)
    return chat


def listed(chat: Session) -> list[str]:
    """The lines of the list, without the blanks and the filter."""
    return [line.strip() for line in chat.lines(Sidebar)[1:] if line.strip()]


async def on(chat: Session, title: str) -> None:
    """Go to a chat in the list, its cursor on it."""
    chat.ctx.focus(chat.ctx.sidebar)
    found = next(c for c in chat.stage.listed.shown.chats if c.title == title)
    chat.ctx.sidebar.go_to(found.id)
    await chat.pilot.pause()


async def test_chats_stand_under_their_day_with_their_numbers(chat: Session) -> None:
    assert listed(chat) == [
        "Today",
        "1 French cheese",
        "2 SSH keepalive",
        "3 Haiku",
        "4 Regex for dates",
    ]


async def test_a_pinned_chat_stands_first_and_goes_back_to_its_place(
    chat: Session, store: FiledStore
) -> None:
    await on(chat, "Haiku")
    await chat.press("p")
    assert listed(chat)[:3] == ["Pinned", "1 ★ Haiku", "Today"]
    await chat.until(lambda: store.pinned == {"chat-2"})
    await chat.press("p")
    assert listed(chat)[3] == "3 Haiku"
    await chat.until(lambda: not store.pinned)


async def test_the_open_chat_is_pinned_by_a_word_and_saved(
    chat: Session, store: FiledStore
) -> None:
    chat.burst(*"/open haiku", "enter", *"/pin", "enter")
    await chat.sees("answer to Haiku")
    await chat.until(lambda: listed(chat)[:2] == ["Pinned", "1 ★ Haiku"])
    await chat.until(lambda: store.pinned == {"chat-2"})


async def test_a_title_is_typed_in_its_place_with_keys_that_come_in_one_piece(
    chat: Session, store: FiledStore
) -> None:
    await on(chat, "Haiku")
    chat.burst("R", "ctrl+u", *"dR u/", "left", "x", "enter", "j")
    await chat.until(lambda: listed(chat)[3] == "3 dR ux/")
    await chat.until(lambda: store.titles["chat-2"] == "dR ux/")
    assert chat.ctx.sidebar.chat is not None
    assert chat.ctx.sidebar.chat.title == "Regex for dates"


async def test_esc_leaves_a_title_as_it_was(chat: Session, store: FiledStore) -> None:
    await on(chat, "Haiku")
    chat.burst("R", *"xyz", "up", "escape")
    await chat.pilot.pause()
    assert listed(chat)[3] == "3 Haiku"
    assert chat.app.focused is chat.ctx.sidebar
    assert store.titles["chat-2"] == "Haiku"


async def test_a_title_that_can_not_be_saved_is_taken_back(
    chat: Session, store: FiledStore
) -> None:
    store.trouble = Failure(FailureKind.DISK, "The disk is full")
    await on(chat, "Haiku")
    chat.burst("R", *"!", "enter")
    await chat.until(lambda: any("disk is full" in n.message for n in chat.app._notifications))
    assert listed(chat)[3] == "3 Haiku"


async def test_a_deleted_chat_goes_at_once_and_comes_back(chat: Session, store: FiledStore) -> None:
    await on(chat, "SSH keepalive")
    chat.burst("d", "d", "u")
    await chat.until(lambda: store.told == ["chat-1 trash", "chat-2 trash", "chat-2 open"])
    assert listed(chat) == ["Today", "1 French cheese", "2 Haiku", "3 Regex for dates"]
    await chat.press("u")
    await chat.until(lambda: store.place_of("chat-1") is Place.OPEN)
    assert "2 SSH keepalive" in listed(chat)


async def test_a_chat_that_can_not_be_moved_stays_and_says_why(
    chat: Session, store: FiledStore
) -> None:
    store.refusal = Failure(FailureKind.DISK, "A reply is still coming in", code="EBUSY")
    await on(chat, "SSH keepalive")
    await chat.press("d")
    await chat.until(lambda: any("still coming" in n.message for n in chat.app._notifications))
    assert "2 SSH keepalive" in listed(chat)
    with pytest.raises(ValueError, match="No chat was filed away"):
        await chat.app.chat_screen.features.run("sidebar.undo")


async def test_deleting_the_chat_that_streams_stops_it_and_undo_brings_it_back_with_what_came(
    chat: Session, store: FiledStore
) -> None:
    await chat.say("a new one")
    chat.desk.backend.say("half of ")
    await chat.sees("half of")
    streaming = chat.stage.shown
    chat.burst(*"/delete", "enter", *"next")
    await chat.until(lambda: store.place_of(streaming) is Place.TRASH)
    assert not chat.busy
    assert chat.stage.shown == "chat-0"
    assert chat.stage.chats.get(streaming) is None  # its end has not listed it again
    assert chat.composer.text == "next"
    assert [m.ended for m in store.messages[streaming]][-1] == "stopped"
    chat.composer.clear()
    chat.burst(*"/restore", "enter")
    await chat.sees("half of")
    assert store.place_of(streaming) is Place.OPEN
    assert chat.stage.shown == streaming


async def test_the_archive_and_the_trash_are_views_of_the_list(
    chat: Session, store: FiledStore
) -> None:
    await on(chat, "Haiku")
    await chat.press("a")
    await on(chat, "SSH keepalive")
    await chat.press("d")
    await chat.until(lambda: store.place_of("chat-1") is Place.TRASH)
    await chat.press("v")
    await chat.until(lambda: listed(chat) == ["Today", "Haiku"])
    assert "filter the archive" in chat.lines(Sidebar)[0]
    await chat.press("v")
    await chat.until(lambda: listed(chat) == ["Today", "SSH keepalive"])
    await chat.press("a")
    await chat.until(lambda: store.place_of("chat-1") is Place.OPEN)
    await chat.sees("the trash is empty", Sidebar)
    await chat.press("escape")
    await chat.until(lambda: "2 SSH keepalive" in listed(chat))
    assert "3 Haiku" not in listed(chat)
    assert chat.app.focused is chat.ctx.sidebar


async def test_a_chat_in_the_archive_is_opened_and_read(chat: Session, store: FiledStore) -> None:
    await on(chat, "Haiku")
    await chat.press("a", "v")
    await chat.until(lambda: listed(chat) == ["Today", "Haiku"])
    chat.burst("enter", *"typed")
    await chat.sees("answer to Haiku")
    assert chat.composer.text == "typed"


async def test_tags_are_given_shown_and_asked_for_in_the_filter(
    chat: Session, store: FiledStore
) -> None:
    chat.ctx.focus(chat.ctx.sidebar)
    await chat.press(">", ">")
    chat.ctx.focus(chat.composer)
    chat.burst(*"/open haiku", "enter", *"/tag food old", "enter", *"/tag -old", "enter")
    await chat.until(lambda: store.tags.get("chat-2") == ["food"])
    await chat.sees("#food", Sidebar)
    chat.ctx.focus(chat.ctx.sidebar)
    chat.burst("/", *"#fo")
    await chat.until(lambda: len(listed(chat)) == 2)
    assert listed(chat)[0] == "1 of 4"
    assert listed(chat)[1].startswith("3 Haiku")


async def test_the_filter_narrows_as_it_is_typed_and_enter_opens_the_best(chat: Session) -> None:
    chat.ctx.focus(chat.ctx.sidebar)
    chat.burst("/", *"re da", "enter", *"hello")
    await chat.sees("answer to Regex for dates")
    assert chat.composer.text == "hello"
    assert len(listed(chat)) == 5


async def test_tab_goes_from_the_filter_to_what_fits(chat: Session, store: FiledStore) -> None:
    chat.burst("shift+tab", *"/e", "tab", "d", "d", *"/", "s", "escape")
    await chat.until(lambda: len(store.told) == 2)
    assert len(listed(chat)) == 3  # all that are left, with their heading
    assert isinstance(chat.focus(), Sidebar)
    await chat.press("tab")
    assert isinstance(chat.focus(), Composer)


async def test_esc_ends_the_filter_before_it_leaves_the_list(chat: Session) -> None:
    chat.ctx.focus(chat.ctx.sidebar)
    chat.burst("/", *"haiku?")
    await chat.sees("1 of 4", Sidebar)
    await chat.press("escape")
    assert len(listed(chat)) == 5
    assert chat.ctx.sidebar.has_focus
    await chat.press("escape")
    assert isinstance(chat.app.focused, Composer)


async def test_nothing_is_filed_where_chats_are_not_kept(make: Maker) -> None:
    chat = await make()
    await chat.say("one")
    chat.desk.backend.end("answer")
    await chat.until(lambda: not chat.busy)
    chat.burst(*"/delete", "enter")
    await chat.until(lambda: chat.ctx.hints.is_error)
    assert chat.composer.text == "/delete"


async def test_a_title_may_hold_anything(make: Maker) -> None:
    store = FiledStore()
    store.hold("\x1b[31mred\n\r\t" + "long " * 2000, "", "\u202eevil" + "日本" * 40)
    desk = FakeDesk()
    desk.store = store
    desk.drawer.filing = store
    chat = await make(desk)
    await chat.sees("␛[31mred", Sidebar)
    assert {len(chat.ctx.sidebar.render_line(y)) for y in range(6)} <= set(range(60))
    assert {chat.ctx.sidebar.render_line(y).cell_length for y in range(6)} == {28}
    await on(chat, store.titles["chat-0"])
    chat.burst("R", "home", *"x", "enter")
    await chat.sees("x␛[31mred", Sidebar)
    chat.ctx.focus(chat.ctx.sidebar)
    chat.burst("/", *"long")
    await chat.sees("1 of 3", Sidebar)


async def test_what_others_do_in_the_folder_is_listed(chat: Session, store: FiledStore) -> None:
    store.titles["chat-9"] = "From elsewhere"
    store.messages["chat-9"] = []
    store.place["chat-1"] = Place.TRASH
    watchers = chat.ctx.need_desk().conductor.watchers
    watchers.folder_changed()
    watchers.folder_changed()
    await chat.sees("From elsewhere", Sidebar)
    assert not chat.shows("SSH keepalive", Sidebar)


async def test_a_chat_that_was_moved_elsewhere_is_told(chat: Session) -> None:
    chat.burst(*"/open haiku", "enter")
    await chat.sees("answer to Haiku")
    session = chat.stage.session
    assert session is not None
    await chat.press("ctrl+n")
    chat.ctx.need_desk().conductor.watchers.filed_elsewhere(session, Place.TRASH)
    words = "“Haiku” was moved to the trash elsewhere"
    await chat.until(lambda: any(words in n.message for n in chat.app._notifications))
