from __future__ import annotations

import tomllib

import pytest
from textual.widgets import Static

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.presets import Preset
from tui.store.config.presets import PresetFolder
from tui.store.places import Places
from tui.ui.screens.preset_fields import FieldsScreen
from tui.ui.widgets.ask import Ask, Confirm
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.rowlist import RowList


@pytest.fixture
async def session(make: Maker) -> Session:
    desk = FakeDesk()
    desk.bench.presets = PresetFolder(Places.from_environment())
    return await make(desk)


@pytest.fixture
def shelf() -> PresetFolder:
    return PresetFolder(Places.from_environment())


def kept(session: Session) -> dict[str, object]:
    assert session.stage.session is not None
    return session.stage.session.parameters.kept()


def top(session: Session, kind: type) -> bool:
    return isinstance(session.app.screen, kind)


def preview(session: Session) -> str:
    return str(session.app.screen.query_one("#picker-preview", Static).content)


def rows(session: Session) -> str:
    found = session.app.screen.query_one(RowList)
    return "\n".join(found.render_line(y).text.rstrip() for y in range(found.size.height))


async def test_a_preset_is_applied_by_name_before_the_prompt_behind_it_is_sent(
    session: Session,
) -> None:
    session.burst(*"/preset json", "enter", *"hello", "enter")
    await session.until(lambda: session.desk.backend.requests)
    request = session.desk.backend.requests[0]
    assert request.parameters.response_format == {"type": "json_object"}
    assert request.messages[-1].text == "hello"


async def test_an_unknown_preset_is_told_with_the_nearest(session: Session) -> None:
    await session.press(*"/preset jsno", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
    assert "did you mean json" in session.ctx.hints.render().plain
    assert kept(session) == {}


async def test_the_list_shows_what_would_change(session: Session) -> None:
    await session.press(*"/temperature 1.5", "enter", *"/preset", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"precise")
    await session.until(lambda: "temperature" in preview(session))
    assert "1.5 → 0" in " ".join(preview(session).split())
    await session.press("enter")
    await session.until(lambda: not top(session, Picker))
    assert kept(session)["temperature"] == 0.0


async def test_a_preset_is_applied_by_field_and_taken_back(session: Session) -> None:
    session.burst(*"/preset", "enter", *"json", "tab", "n", "space", "enter", *"x")
    await session.until(lambda: kept(session) and not top(session, FieldsScreen))
    assert len(kept(session)) == 1
    await session.until(lambda: not top(session, Picker))
    await session.until(lambda: session.composer.text == "x")
    await session.ctx.features.do("parameters.undo")
    assert kept(session) == {}


async def test_another_server_is_taken_back_with_the_rest(
    session: Session, shelf: PresetFolder
) -> None:
    shelf.save(Preset("far", provider="mistral", parameters={"temperature": 0.1}))
    await session.press(*"/set model own", "enter", *"/preset far", "enter")
    assert session.stage.session is not None
    await session.until(lambda: kept(session) == {"temperature": 0.1})
    assert session.stage.session.provider == "mistral"
    await session.ctx.features.do("parameters.undo")
    assert kept(session) == {"model": "own"}
    assert session.stage.session.provider == "fake"


async def test_nothing_marked_changes_nothing(session: Session) -> None:
    await session.press(*"/preset json", "backspace", "backspace", "backspace", "backspace")
    await session.press("enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"json", "tab", "n", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press("escape")
    assert kept(session) == {}


async def test_what_is_set_is_saved_under_a_name_and_applied_in_a_new_chat(
    session: Session, shelf: PresetFolder
) -> None:
    session.burst(*"/temperature 0.3", "enter", *"/save-preset", "enter", *"my own", "enter")
    await session.until(lambda: "my own" in shelf.load().found)
    preset = shelf.load().found["my own"]
    assert preset.parameters == {"temperature": 0.3}
    await session.say("one")
    session.desk.backend.end("two")
    session.burst(*"/new", "enter", *"/preset my own", "enter")
    await session.until(lambda: kept(session) == {"temperature": 0.3})


async def test_a_preset_that_is_there_is_replaced_only_on_a_yes(
    session: Session, shelf: PresetFolder
) -> None:
    shelf.save(Preset("mine", "About it", parameters={"top_p": 0.5}))
    await session.press(*"/temperature 0.3", "enter", *"/save-preset mine", "enter")
    await session.until(lambda: top(session, Confirm))
    await session.press("enter")
    assert shelf.load().found["mine"].parameters == {"top_p": 0.5}
    await session.press(*"/save-preset mine", "enter")
    await session.until(lambda: top(session, Confirm))
    await session.press("y")
    await session.until(lambda: shelf.load().found["mine"].parameters == {"temperature": 0.3})
    assert shelf.load().found["mine"].description == "About it"


async def test_what_is_no_name_is_told_at_the_field(session: Session) -> None:
    await session.press(*"/save-preset", "enter")
    await session.until(lambda: top(session, Ask))
    await session.press(*"../x", "enter")
    assert top(session, Ask)
    assert "can't be the name" in str(session.app.screen.query_one(".wrong", Static).content)


async def test_a_deleted_preset_can_be_brought_back(session: Session, shelf: PresetFolder) -> None:
    shelf.save(Preset("mine", parameters={"top_p": 0.5}))
    await session.press(*"/preset", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"mine", "ctrl+d")
    await session.until(lambda: "mine" not in shelf.load().found)
    await session.until(lambda: "mine" not in rows(session))
    await session.press("ctrl+z")
    await session.until(lambda: "mine" in shelf.load().found)
    await session.until(lambda: "mine" in rows(session))


async def test_a_built_in_preset_is_not_deleted(session: Session, shelf: PresetFolder) -> None:
    await session.press(*"/preset", "enter")
    await session.until(lambda: top(session, Picker))
    await session.press(*"json", "ctrl+d")
    await session.pilot.pause()
    assert "json" in shelf.load().found


async def test_a_preset_for_another_server_takes_its_own_model_along(
    session: Session, shelf: PresetFolder
) -> None:
    shelf.save(Preset("far", provider="mistral", parameters={"temperature": 0.1}))
    await session.press(*"/set model fake-small", "enter", *"/preset far", "enter")
    await session.until(lambda: kept(session) == {"temperature": 0.1})
    assert session.stage.session is not None
    assert session.stage.session.provider == "mistral"


async def test_a_mistake_in_a_file_is_told_with_its_line_and_the_rest_works(
    session: Session,
) -> None:
    folder = Places.from_environment().presets
    folder.mkdir(parents=True)
    (folder / "odd.toml").write_text("[parameters]\ntop_p = 0.5\ntemprature = 1\n", "utf-8")
    await session.press(*"/preset", "enter")
    await session.until(lambda: top(session, Picker))
    assert "line 3" in rows(session)
    await session.press(*"odd", "enter")
    await session.until(lambda: kept(session) == {"top_p": 0.5})


async def test_a_saved_file_is_plain_toml(session: Session, shelf: PresetFolder) -> None:
    await session.press(*'/stop add "\\n\\n"', "enter", *"/save-preset cut", "enter")
    await session.until(lambda: "cut" in shelf.load().found)
    table = tomllib.loads(shelf.path("cut").read_text("utf-8"))
    assert table["parameters"] == {"stop": ["\n\n"]}
    assert "provider" not in table  # it is for this run only
