from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.store.config.settings import SettingsFile
from tui.store.places import Places
from tui.ui.features.config import Config
from tui.ui.features.keymap import Keys
from tui.ui.keys import keys_of, read_keymap
from tui.ui.screens.recorder import Recorder
from tui.ui.widgets.find import FindField
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import RowList
from tui.ui.widgets.sidebar import Sidebar


@pytest.fixture
def file() -> Path:
    path = Places.from_environment().settings_file
    path.parent.mkdir(parents=True)
    path.write_text('# mine\ntheme = "bise-dark"  # dark\n', "utf-8")
    return path


@pytest.fixture
async def session(make: Maker, file: Path) -> Session:
    desk = FakeDesk()
    desk.house.settings = SettingsFile(Places.from_environment())
    return await make(desk)


def told(session: Session) -> str:
    return str(session.app.screen.query_one("#keys-told", Static).content)


def listed(session: Session) -> str:
    rows = session.app.screen.query_one(RowList)
    return "\n".join(rows.render_line(y).text.rstrip() for y in range(rows.size.height))


async def recording(session: Session, query: str) -> None:
    session.burst(*"/keys", "enter", *query, "enter")
    await session.until(lambda: isinstance(session.app.screen, Recorder))


async def test_a_pressed_key_does_the_command_at_once_and_is_kept_beside_the_comments(
    session: Session, file: Path
) -> None:
    await session.say("one")
    session.desk.backend.end("two")
    first = session.stage.shown
    session.burst(
        *"/keys", "enter", *"chat.new", "enter", "enter", "f12", "escape", "escape", "f12"
    )
    await session.until(lambda: session.stage.shown != first)
    assert keys_of("chat.new", session.ctx.keymap) == "F12"
    await session.until(lambda: '"chat.new" = "f12"' in file.read_text("utf-8"))
    assert file.read_text("utf-8").startswith('# mine\ntheme = "bise-dark"  # dark\n')
    second = session.stage.shown
    await session.press("ctrl+n")
    assert session.stage.shown == second


async def test_keys_of_the_transcript_and_the_list_change_while_they_stand(
    session: Session,
) -> None:
    keys = session.ctx.features.one(Keys)
    keys.change("transcript.find", ["z"])
    keys.change("sidebar.next", ["down"])
    await session.say("needle")
    session.desk.backend.end("two")
    await session.press("tab", "z")
    await session.until(lambda: isinstance(session.app.chat_screen.focused, FindField))


async def test_one_more_none_and_the_default(session: Session, file: Path) -> None:
    await recording(session, "chat.back")
    await session.press("a", "f12")
    assert keys_of("chat.back", session.ctx.keymap) == "Ctrl+T F12"
    await session.press("n")
    assert keys_of("chat.back", session.ctx.keymap) == ""
    await session.until(lambda: '"chat.back" = "none"' in file.read_text("utf-8"))
    await session.press("d")
    assert keys_of("chat.back", session.ctx.keymap) == "Ctrl+T"
    await session.until(lambda: "chat.back" not in file.read_text("utf-8"))


async def test_a_clash_is_told_with_both_ids_and_the_line(session: Session, file: Path) -> None:
    file.write_text('# mine\n\n[keys]\n"chat.new" = "f12"\n', "utf-8")
    await recording(session, "chat.back")
    assert keys_of("chat.new", session.ctx.keymap) == "F12"
    await session.press("enter", "f12")
    assert "F12 is bound to both 'chat.new' and 'chat.back'" in told(session)
    assert "line 4" in told(session)
    assert keys_of("chat.back", session.ctx.keymap) == "Ctrl+T"


async def test_keys_that_may_not_arrive_are_warned_of_and_taken(session: Session) -> None:
    await recording(session, "chat.back")
    await session.press("enter", "ctrl+b")
    assert "tmux takes it" in told(session)
    assert keys_of("chat.back", session.ctx.keymap) == "Ctrl+B"


async def test_esc_can_be_recorded_and_letters_are_refused_where_text_is_typed(
    session: Session,
) -> None:
    await recording(session, "chat.back")
    await session.press("enter", "x")
    assert "types a character" in told(session)
    await session.press("enter", "escape")
    assert "'chat.home'" in told(session)
    await session.press("escape")
    assert isinstance(session.app.screen, Picker)


async def test_the_list_has_places_ids_and_keys_and_what_is_wrong(
    session: Session, file: Path
) -> None:
    file.write_text('[keys]\n"chat.nwe" = "f12"\n', "utf-8")
    await session.press(*"/keys", "enter")
    await session.until(lambda: isinstance(session.app.screen, Picker))
    assert "no binding 'chat.nwe'" in listed(session)
    assert "line 2" in listed(session)
    assert "Everywhere" in listed(session)
    await session.press(*"chat.new")
    assert "Ctrl+N · chat.new" in listed(session)


def test_without_vim_keys_letters_do_not_move() -> None:
    keymap, problems = read_keymap({"sidebar.first": "g"}, vim_keys=False)
    assert not problems
    assert keys_of("transcript.next", keymap) == "↓"
    assert keys_of("sidebar.previous", keymap) == "↑"
    assert keys_of("sidebar.first", keymap) == "g"
    assert keys_of("selecting.first", keymap) == "g"
    assert keymap.own == {"sidebar.first": "g"}


async def test_the_settings_are_put_in_force_anew(session: Session, file: Path) -> None:
    file.write_text(
        'theme = "bise-light"\nvim_keys = false\nparallel = 7\n'
        '[keys]\n"chat.new" = "f12"\n[parameters]\ntemperature = "hot"\n',
        "utf-8",
    )
    await session.ctx.features.one(Config).reload()
    await session.until(lambda: session.app.theme == "bise-light")
    assert keys_of("chat.new", session.ctx.keymap) == "F12"
    assert keys_of("sidebar.next", session.ctx.keymap) == "↓"
    assert session.desk.settings.parallel == 7
    await session.until(
        lambda: any("line 7" in note.message for note in session.app._notifications)
    )
    assert session.app.chat_screen.query_one(Sidebar)


async def test_what_is_wrong_in_the_settings_stays_as_it_was(session: Session, file: Path) -> None:
    config, settings = session.ctx.features.one(Config), session.desk.settings
    file.write_text("parallel = 7\nretries = 1\n[parameters]\ntemperature = 0.3\n", "utf-8")
    assert await config.reload()
    file.write_text('parallel = "x"\nretries = 2\n[parameters]\ntemperature = "hot"\n', "utf-8")
    assert not await config.reload()
    assert (settings.parallel, settings.retries) == (7, 2)
    assert settings.parameters.temperature == 0.3
    file.write_text('retries = 9\ntheme = "nord\n', "utf-8")
    assert not await config.reload()
    assert (settings.parallel, settings.retries, session.app.theme) == (7, 2, "bise-dark")
    await session.until(
        lambda: any("all stays as it was" in n.message for n in session.app._notifications)
    )


async def test_without_an_editor_that_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    await session.press(*"/config", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
    assert "EDITOR" in session.ctx.hints.render().plain
