from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Static

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.message import Message
from tui.core.words import Role
from tui.store.config.prompts import PromptFolder
from tui.store.places import Places
from tui.ui.screens.system_prompt import FilledScreen, SystemPromptEditor
from tui.ui.widgets.picker import Picker


@pytest.fixture
def library() -> PromptFolder:
    return PromptFolder(Places.from_environment())


@pytest.fixture
async def session(make: Maker, library: PromptFolder) -> Session:
    desk = FakeDesk()
    desk.bench.prompts = library
    return await make(desk)


def kept(session: Session) -> dict[str, object]:
    assert session.stage.session is not None
    return session.stage.session.parameters.kept()


def told(session: Session) -> str:
    return str(session.app.screen.query_one("#fillings", Static).content)


async def top(session: Session, kind: type) -> None:
    await session.until(lambda: isinstance(session.app.screen, kind))


async def test_the_prompt_is_edited_and_stands_above_the_messages(session: Session) -> None:
    session.burst(*"/system", "enter", *"Be kind.", "ctrl+o", *"hello")
    await session.until(lambda: kept(session) == {"system_prompt": "Be kind."})
    await session.sees("System prompt, 8 characters: Be kind.")
    await session.until(lambda: session.composer.text == "hello")
    await session.ctx.features.do("parameters.undo")
    await session.until(lambda: not session.shows("System prompt"))


async def test_a_text_behind_the_word_is_the_prompt_of_what_is_sent_next(session: Session) -> None:
    session.burst(*"/system Be brief.", "enter", *"hi", "enter")
    await session.until(lambda: session.desk.backend.requests)
    assert session.desk.backend.requests[0].parameters.system_prompt == "Be brief."


async def test_what_is_filled_in_is_told_while_it_is_typed(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("12345", "utf-8")
    await session.press(*"/system", "enter")
    await top(session, SystemPromptEditor)
    assert isinstance(session.app.screen, SystemPromptEditor)
    session.app.screen.insert(
        f"{{{{date}}}} {{{{file:{tmp_path}/notes.md}}}} {{{{file:nope}}}} {{{{x}}}}"
    )
    today = date.today().isoformat()  # noqa: DTZ011
    await session.until(lambda: today in told(session))
    assert "notes.md}}: 5 characters" in told(session)
    assert "nope: it can't be read" in told(session)
    assert "no such variable" in told(session)
    await session.press("ctrl+r")
    await top(session, FilledScreen)
    text = str(session.app.screen.query_one("#filled-text", Static).content)
    assert f"{today} 12345 {{{{file:nope}}}}" in text
    await session.press("escape")
    await top(session, SystemPromptEditor)


async def test_a_prompt_of_the_library_is_linked_by_name(
    session: Session, library: PromptFolder
) -> None:
    library.save("pirate", "Talk like a pirate of {{model}}.")
    await session.press(*"/prompt pirate", "enter")
    await session.until(lambda: kept(session) == {"prompt": "pirate"})
    await session.sees("[pirate] Talk like a pirate of fake-model")
    await session.press(*"/prompt none", "enter")
    await session.until(lambda: kept(session) == {})
    await session.press(*"/prompt pirat", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
    assert "did you mean pirate" in session.ctx.hints.render().plain


async def test_within_the_editor_a_prompt_is_linked_or_inserted(
    session: Session, library: PromptFolder
) -> None:
    library.save("one", "First.\n")
    library.save("two", "Second.\n")
    session.burst(*"/system", "enter", "ctrl+l", *"one", "enter", *"Own. ", "ctrl+l", *"two", "tab")
    await session.until(
        lambda: (
            isinstance(session.app.screen, SystemPromptEditor)
            and session.app.screen.area.text == "Own. Second."
        )
    )
    await session.press("ctrl+o")
    await session.until(lambda: kept(session) == {"system_prompt": "Own. Second.", "prompt": "one"})


async def test_a_missing_linked_prompt_is_told_above_the_messages(
    session: Session, library: PromptFolder
) -> None:
    path = library.save("gone", "Text")
    await session.press(*"/prompt gone", "enter")
    await session.sees("[gone] Text")
    path.unlink()
    await session.press(*"/new", "enter", *"/prompt none", "enter")
    await session.press(*"/system x", "enter")
    await session.ctx.features.do("prompt.edit", "y")
    assert session.stage.session is not None
    session.stage.session.parameters.prompt = "gone"
    session.stage.parameters_changed(session.stage.session)
    await session.sees("linked prompt can't be had")


async def test_the_library_is_filled_from_the_chat_and_edited_in_its_list(
    session: Session, library: PromptFolder
) -> None:
    await session.press(*"/save-prompt", "enter")
    await session.until(lambda: session.ctx.hints.is_error)
    session.composer.clear()
    session.burst(*"/system Be kind.", "enter", *"/save-prompt", "enter", *"kind", "enter")
    await session.until(lambda: [p.name for p in library.listing()] == ["kind"])
    session.burst(*"/prompt", "enter", *"kind", "ctrl+e", *" Always.", "ctrl+o")
    await session.until(lambda: library.text("kind") == "Be kind. Always.")
    await top(session, Picker)


async def test_what_a_model_says_is_never_filled_in(make: Maker, library: PromptFolder) -> None:
    desk = FakeDesk()
    desk.bench.prompts = library
    desk.store.titles["a"] = "A"
    desk.store.messages["a"] = [
        Message(id="m1", role=Role.USER, content="{{date}}"),
        Message(id="m2", parent="m1", role=Role.ASSISTANT, content="{{model}}", ended="stop"),
    ]
    desk.open_session = "a"
    session = await make(desk)
    await session.sees("{{model}}")
    assert session.shows("{{date}}")


async def test_markup_and_escapes_in_a_prompt_are_inert(session: Session) -> None:
    await session.press(*"/system [red]x[/red]", "enter")
    await session.sees("[red]x[/red]")
