from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.cli.saving import FileExports
from tui.store.places import Places
from tui.ui.widgets.ask import Ask, Confirm


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(chat: Session) -> str:
    return " ".join(note.message for note in chat.app._notifications)


async def test_a_chat_is_written_to_a_file_by_a_word_by_key_and_never_over_another_unasked(
    make: Maker, folder: Path
) -> None:
    desk = FakeDesk()
    desk.drawer.exports = FileExports(Places.from_environment(), desk.store)
    chat = await make(desk)
    chat.burst(*"/export", "enter")
    await chat.until(lambda: "Nothing is said" in str(chat.ctx.hints.render()))
    chat.composer.text = ""
    await chat.say("../Blue: cheese?")
    desk.backend.say("Roquefort and")
    await chat.sees("Roquefort and")

    chat.burst(*"/export json all.json", "enter")
    await chat.until(lambda: "that is coming is not in it" in told(chat))
    assert json.loads((folder / "all.json").read_text())["messages"][0]["content"][:2] == ".."
    desk.backend.end("Roquefort and Stilton")
    await chat.until(lambda: not chat.busy)

    chat.burst(*"/export", "enter")
    await chat.until(lambda: isinstance(chat.app.screen, Ask))
    chat.burst("enter", *"next")
    await chat.until(lambda: "Blue cheese.md" in told(chat))
    assert "Roquefort and Stilton" in (folder / "Blue cheese.md").read_text()
    await chat.until(lambda: chat.composer.text == "next")

    chat.composer.text = ""
    (folder / "all.json").write_text("mine")
    for answer, left in ((("enter",), True), (("y",), False)):
        await chat.press("shift+tab", "e")
        await chat.until(lambda: isinstance(chat.app.screen, Ask))
        chat.burst(*["backspace"] * 30, *"all.json", "enter")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        chat.burst(*answer)
        await chat.until(lambda left=left: ((folder / "all.json").read_text() == "mine") == left)  # type: ignore[misc]
        await chat.press("tab")

    chat.burst(*"/export all.pdf", "enter")
    await chat.until(lambda: "or name the form: /export md PATH" in told(chat))
    assert not (folder / "all.pdf").exists()

    chat.burst(*"/export html no/such\0folder", "enter")
    await chat.until(lambda: "is no path" in told(chat) or "no/such" in told(chat))


def test_files_have_names_that_any_system_takes(folder: Path) -> None:
    exports = FileExports(Places.from_environment(), FakeDesk().store)
    assert exports.proposed("\x1b]0;a/b\nc\u202e" + "d" * 99, "md") == "0 a b c " + "d" * 52 + ".md"
    assert exports.proposed("…/..", "json") == "chat.json"
    (folder / "sub").mkdir()
    assert exports.target("sub", "html", "Käse") == (folder / "sub" / "Käse.html", False)
    assert exports.target("a.md", "", "x") == (folder / "a.md", False)
