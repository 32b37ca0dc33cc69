from __future__ import annotations

import pytest
from textual.widgets import Static

from tests.fakes.desk import FakeDesk
from tests.fakes.shelf import FakeShelf
from tests.ui.session import Maker, Session
from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.core.words import Kind
from tui.ui.screens.providers import FIELDS, FormRows, ProviderScreen
from tui.ui.widgets.ask import Ask, Confirm
from tui.ui.widgets.line_edit import LineField
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import RowList


@pytest.fixture
def shelf() -> FakeShelf:
    return FakeShelf()


@pytest.fixture
async def session(make: Maker, shelf: FakeShelf) -> Session:
    desk = FakeDesk()
    desk.house.providers = shelf
    made = await make(desk)
    shelf.providers = made.ctx.need_desk().conductor.providers
    return made


def top(session: Session, kind: type) -> bool:
    return isinstance(session.app.screen, kind)


def rows(session: Session) -> str:
    found = session.app.screen.query_one(RowList)
    return "\n".join(found.render_line(y).text.rstrip() for y in range(found.size.height))


def report(session: Session) -> str:
    return str(session.app.screen.query_one("#server-report", Static).content)


async def adding(session: Session) -> None:
    await session.press(*"/servers", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press("ctrl+n")
    await session.until(lambda: top(session, ProviderScreen))
    await session.pilot.pause()


async def fill(session: Session, name: str, text: str) -> None:
    form = session.app.screen.query_one(FormRows)
    form.go([field.name for field in FIELDS].index(name))
    await session.press("enter")
    await session.until(lambda: top(session, Ask))
    field = session.app.screen.query_one(LineField)
    field.value = ""
    await session.press(*text, "enter")


async def test_a_server_is_added_with_a_wrong_key_and_then_the_right_one(
    session: Session, shelf: FakeShelf
) -> None:
    await adding(session)
    await fill(session, "base_url", "https://box.example/v1")
    assert "box.example" in rows(session).splitlines()[0]
    await fill(session, "key", "wrong")
    await session.press("ctrl+t")
    await session.until(lambda: "✗ key" in report(session))
    await fill(session, "key", "right")
    await session.press("ctrl+t")
    await session.until(lambda: "✓ key" in report(session))
    assert "typed, not saved yet" in rows(session)
    assert "right" not in rows(session) + report(session)
    assert "vllm" in rows(session)
    await fill(session, "name", "box")
    await session.press("ctrl+o")
    await session.until(lambda: shelf.saved)
    expected = Provider(name="box", kind=Kind.VLLM, base_url="https://box.example/v1")
    assert shelf.saved == [(None, expected, "right")]
    await session.until(lambda: not top(session, ProviderScreen))


async def test_its_model_is_chosen_from_what_it_offers(session: Session, shelf: FakeShelf) -> None:
    await adding(session)
    await fill(session, "base_url", "https://box.example/v1")
    await fill(session, "key", "right")
    await session.press("ctrl+t")
    await session.until(lambda: "✓ key" in report(session))
    session.app.screen.query_one(FormRows).go([f.name for f in FIELDS].index("model"))
    await session.press("enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"tw", "enter")
    assert "two" in rows(session)


async def test_a_server_is_changed_and_keeps_what_was_not_touched(
    session: Session, shelf: FakeShelf
) -> None:
    before = Provider(
        name="box", kind=Kind.VLLM, base_url="http://h", headers={"X-Token": "s3cret"}
    )
    shelf.providers["box"] = before
    await session.press(*"/servers", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"box", "enter")
    await session.until(lambda: top(session, ProviderScreen))
    assert "s3cret" not in rows(session)
    assert "X-Token: •••" in rows(session)
    await fill(session, "headers", "X-Team: blue; X-Other: a b")
    await fill(session, "proxy", "http://me:pass@proxy:1")
    assert "pass" not in rows(session)
    await session.press("ctrl+o")
    await session.until(lambda: shelf.saved)
    headers = {"X-Team": "blue", "X-Other": "a b"}
    after = before.model_copy(update={"headers": headers, "proxy": "http://me:pass@proxy:1"})
    assert shelf.saved == [(before, after, None)]


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("name", "fake", "There is a server of that name"),
        ("name", "a/b", "without slashes"),
        ("api_key_env", "sk-0123456789", "looks like a key"),
        ("api_key_env", "MY KEY", "no name of a variable"),
        ("key", "två", "no key has"),
        ("headers", "nonsense", "no header"),
    ],
)
async def test_what_can_not_be_is_told_at_the_field(
    session: Session, name: str, typed: str, words: str
) -> None:
    await adding(session)
    screen = session.app.screen
    assert isinstance(screen, ProviderScreen)
    assert words in screen.wrong(name, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1/v1", "http://127.0.0.1/v1"),
        ("box.example", "https://box.example"),
        ("localhost.example", "https://localhost.example"),
    ],
)
async def test_an_address_needs_no_scheme(session: Session, typed: str, meant: str) -> None:
    await adding(session)
    await fill(session, "base_url", typed)
    assert meant in rows(session)


async def test_a_key_is_typed_unseen(session: Session) -> None:
    await adding(session)
    session.app.screen.query_one(FormRows).go([f.name for f in FIELDS].index("key"))
    await session.press("enter")
    await session.until(lambda: top(session, Ask))
    await session.press(*"hidden")
    field = session.app.screen.query_one(LineField)
    assert field.password
    assert "hidden" not in field.render_line(0).text


async def test_nothing_is_lost_by_escape(session: Session, shelf: FakeShelf) -> None:
    await adding(session)
    await fill(session, "base_url", "https://box.example/v1")
    await session.press("escape")
    await session.until(lambda: top(session, Confirm))
    await session.press("escape")
    assert top(session, ProviderScreen)
    await session.press("escape", "y")
    assert not top(session, ProviderScreen)
    assert not shelf.saved


async def test_what_can_not_be_saved_is_told_and_the_form_stays(
    session: Session, shelf: FakeShelf
) -> None:
    shelf.trouble = Failure(FailureKind.DISK, "The disk is full")
    await adding(session)
    await session.press("ctrl+o")
    await session.until(lambda: "needs a name" in report(session))
    await fill(session, "base_url", "https://box.example/v1")
    await session.press("ctrl+o")
    await session.until(lambda: "The disk is full" in report(session))
    assert top(session, ProviderScreen)


async def test_removing_asks_and_can_be_taken_back(session: Session, shelf: FakeShelf) -> None:
    shelf.providers["box"] = Provider(name="box")
    await session.press(*"/servers", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"box", "ctrl+d")
    await session.until(lambda: top(session, Confirm))
    await session.press("enter")
    assert not shelf.removed
    await session.press("ctrl+d", "y")
    await session.until(lambda: shelf.removed == ["box"])
    await session.until(lambda: "box" not in rows(session))
    await session.press("ctrl+z")
    await session.until(lambda: not shelf.removed)
    await session.until(lambda: "box" in rows(session))


async def test_a_look_from_the_list_is_told_there(session: Session) -> None:
    await session.press(*"/servers", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"mistral", "ctrl+t")
    preview = session.app.screen.query_one("#picker-preview", Static)
    await session.until(lambda: "✗ key: It did not accept" in str(preview.content))
