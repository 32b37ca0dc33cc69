from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Static

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.store.config.themes import ThemeFolder
from tui.store.places import Places
from tui.ui.features.themes import Themes
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import RowList

OWN = 'name = "mine"\n[colors]\nprimary = "{primary}"\nbackground = "#101010"\n'


@pytest.fixture
def folder() -> Path:
    found = Places.from_environment().themes
    found.mkdir(parents=True)
    return found


@pytest.fixture
async def session(make: Maker) -> Session:
    desk = FakeDesk()
    desk.house.themes = ThemeFolder(Places.from_environment())
    return await make(desk)


def listed(session: Session) -> str:
    rows = session.app.screen.query_one(RowList)
    return "\n".join(rows.render_line(y).text.rstrip() for y in range(rows.size.height))


async def picking(session: Session) -> None:
    await session.press(*"/theme", "enter")
    await session.until(lambda: isinstance(session.app.screen, Picker))
    await session.pilot.pause()


async def test_a_theme_is_put_on_in_passing_and_esc_goes_back(session: Session) -> None:
    await picking(session)
    await session.press(*"nord")
    await session.until(lambda: session.app.theme == "nord")
    sample = str(session.app.screen.query_one("#picker-preview", Static).content)
    assert "A heading" in sample
    assert "def hello" in sample
    await session.press("escape")
    assert session.app.theme == "bise-dark"
    assert session.desk.remembered == []


async def test_only_the_chosen_one_is_remembered(session: Session) -> None:
    session.burst(*"/theme", "enter", "down", "down", *"light", "enter", *"x")
    await session.until(lambda: session.desk.remembered)
    assert session.desk.remembered == [(("theme",), session.app.theme)]
    assert "light" in session.app.theme
    assert session.composer.text == "x"


async def test_a_theme_that_was_made_meanwhile_is_found_by_name(
    session: Session, folder: Path
) -> None:
    (folder / "mine.toml").write_text(OWN.format(primary="#123456"), "utf-8")
    await session.press(*"/theme mine", "enter")
    await session.until(lambda: session.app.theme == "mine")


async def test_mistakes_are_told_with_their_line(session: Session, folder: Path) -> None:
    (folder / "odd.toml").write_text('name = "odd"\n[colors]\nprimary = "#12}456"\n', "utf-8")
    await session.press(*"/theme odd", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
    assert "line 3" in session.ctx.hints.render().plain
    await session.press(*["backspace"] * 4, "enter")
    await session.until(lambda: isinstance(session.app.screen, Picker))
    await session.press(*["pagedown"] * 5)
    await session.until(lambda: "Mistakes in the files" in listed(session))
    assert "line 3" in listed(session)
    before = session.app.theme
    await session.press("enter")
    assert session.app.theme == "bise-dark"
    assert before in session.app.available_themes


async def test_a_theme_whose_file_changes_is_put_on_anew_and_a_mistake_leaves_it(
    session: Session, folder: Path
) -> None:
    file = folder / "mine.toml"
    file.write_text(OWN.format(primary="#123456"), "utf-8")
    await session.press(*"/theme mine", "enter")
    await session.until(lambda: session.app.theme_variables.get("primary") == "#123456")
    themes = session.ctx.features.one(Themes)
    await session.until(lambda: "mine" in themes._stamps)
    file.write_text(OWN.format(primary="#336699"), "utf-8")
    os.utime(file, (1, 1))
    await session.until(lambda: session.app.theme_variables.get("primary") == "#336699")
    file.write_text("name = ", "utf-8")
    os.utime(file, (2, 2))
    await session.until(lambda: any("line 1" in n.message for n in session.app._notifications))
    assert session.app.theme_variables["primary"] == "#336699"


async def test_without_colours_there_is_nothing_to_choose(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    session = await make()
    if not session.app.no_color:
        pytest.skip("Textual has decided before")
    await session.press(*"/theme", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
