from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tests.ui.test_fullness import FakeBook
from tui.chat.recalling import Recalling
from tui.core.costs import Prices
from tui.core.failure import Failure, FailureKind
from tui.store.mentioned import NamedFiles
from tui.ui.features.composing import Composing
from tui.ui.features.fullness import Fullness


class FakeHistory:
    """Prompts in memory."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.trouble: Failure | None = None

    @property
    def stamp(self) -> tuple[int, ...]:
        return (len(self.texts),)

    def load(self) -> list[str]:
        if self.trouble is not None:
            raise self.trouble
        return list(self.texts)

    def add(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory("first\nof two lines", "second")


@pytest.fixture
async def chat(make: Maker, history: FakeHistory, tmp_path: Path) -> Session:
    desk = FakeDesk()
    desk.drawer.recalling = Recalling(history)
    desk.drawer.files = NamedFiles(tmp_path)
    (tmp_path / "notes.md").write_text("some notes")
    (tmp_path / "note 2.txt").write_text("more")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside.py").write_text("x = 1\n")
    (tmp_path / "binary").write_bytes(b"\0\1")
    chat = await make(desk)
    await chat.until(lambda: desk.drawer.recalling and len(desk.drawer.recalling.recall) == 2)
    return chat


def sent(chat: Session) -> str:
    return chat.desk.backend.requests[-1].messages[-1].text


# -- prompts from before


async def test_up_in_the_top_line_goes_back_and_down_brings_the_draft_again(chat: Session) -> None:
    chat.burst(*"draft", "up")
    await chat.until(lambda: chat.composer.text == "second")
    chat.burst("up")
    await chat.until(lambda: chat.composer.text == "first\nof two lines")
    chat.burst("up", "down", "down", "down")
    await chat.until(lambda: chat.composer.text == "draft")
    chat.burst("down", "!")
    await chat.until(lambda: chat.composer.text == "draft!")


async def test_up_moves_the_cursor_where_there_is_a_line_above(chat: Session) -> None:
    chat.burst("a", "ctrl+j", "b", "up", "x")
    await chat.until(lambda: chat.composer.text == "ax\nb")


async def test_what_is_changed_on_the_way_is_what_one_goes_back_from(chat: Session) -> None:
    chat.burst("up", "end", "!", "up", "down")
    await chat.until(lambda: chat.composer.text == "second!")


async def test_a_draft_is_not_lost_when_the_chat_is_left_on_the_way(chat: Session) -> None:
    await chat.say("hello")
    chat.burst(*"mine", "up")
    await chat.until(lambda: chat.composer.text == "hello")
    chat.burst("ctrl+n")
    await chat.until(lambda: chat.composer.text == "")
    chat.burst("ctrl+t")
    await chat.until(lambda: chat.composer.text == "mine")


async def test_what_is_sent_is_remembered(chat: Session, history: FakeHistory) -> None:
    await chat.say("third")
    await chat.until(lambda: history.texts[-1] == "third")


async def test_nothing_of_a_chat_that_is_not_kept_is_remembered(
    chat: Session, history: FakeHistory
) -> None:
    await chat.ctx.features.do("chat.ephemeral")
    await chat.say("secret")
    assert chat.desk.drawer.recalling is not None
    await chat.desk.drawer.recalling.flush()
    assert "secret" not in history.texts


async def test_a_prompt_is_found_by_what_is_typed_of_it(chat: Session) -> None:
    chat.burst("x", "ctrl+r", *"twol", "enter", "!")
    await chat.until(lambda: chat.composer.text == "first\nof two lines!")
    chat.burst("ctrl+z")
    chat.burst("ctrl+z")
    await chat.until(lambda: chat.composer.text == "x")


async def test_without_history_there_is_a_sentence(make: Maker) -> None:
    chat = await make()
    await chat.press("ctrl+r", "up")
    assert chat.composer.text == ""
    assert any("No prompts" in note.message for note in chat.app._notifications)


# -- the editor


async def test_where_the_terminal_can_not_be_given_away_that_is_told(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    chat.burst(*"text", "ctrl+g")
    await chat.until(lambda: chat.app._notifications)
    assert "can't be given" in next(iter(chat.app._notifications)).message
    assert chat.composer.text == "text"


async def test_without_an_editor_that_is_told(
    chat: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    with pytest.raises(ValueError, match=r"set \$VISUAL"):
        await chat.ctx.features.one(Composing).edited_outside("text")


# -- pastes


async def test_unfolding_what_is_none_is_told(chat: Session) -> None:
    await chat.press("alt+p")
    assert "no folded paste" in next(iter(chat.app._notifications)).message


# -- files


async def test_a_path_is_completed_while_it_is_typed(chat: Session) -> None:
    await chat.press(*"see @no")
    await chat.until(lambda: chat.ctx.hints.display)
    await chat.press("down", "tab")
    assert chat.composer.text == "see @notes.md "


async def test_a_path_is_completed_in_one_piece_with_what_is_typed_behind(chat: Session) -> None:
    chat.burst(*"see @fo", "tab", *"in", "tab", *"now")
    await chat.until(lambda: chat.composer.text == "see @folder/inside.py now")


async def test_a_path_with_spaces_is_quoted(chat: Session) -> None:
    chat.burst("@", *"note", "tab", "!")
    await chat.until(lambda: chat.composer.text == '@"note 2.txt" !')


async def test_where_nothing_fits_tab_goes_on(chat: Session) -> None:
    chat.burst("@", *"anna", "tab")
    await chat.until(lambda: chat.app.focused is chat.stage.widgets.transcript)
    assert chat.composer.text == "@anna"


async def test_a_file_goes_with_the_prompt_that_names_it(chat: Session) -> None:
    chat.burst(*"read @notes.md!", "enter", *"next")
    await chat.until(lambda: chat.desk.backend.requests)
    assert sent(chat).startswith("read @notes.md!\n\n")
    assert "some notes" in sent(chat)
    assert chat.composer.text == "next"


async def test_the_frame_tells_of_the_files_and_their_sizes(chat: Session) -> None:
    await chat.press(*"@notes.md @folder @./none @anna")
    wanted = "notes.md 10 B · folder is a folder · ./none is not there"
    await chat.until(lambda: str(chat.composer._border_title) == wanted)
    await chat.press("ctrl+c")
    await chat.until(lambda: chat.composer._border_title is None)


async def test_a_name_that_is_no_file_is_text(chat: Session) -> None:
    await chat.say("hello @anna")
    assert sent(chat) == "hello @anna"


@pytest.mark.parametrize(
    ("path", "words"),
    [("./none", "is not there"), ("./folder", "is a folder"), ("binary", "is binary")],
)
async def test_what_can_not_be_had_is_told_and_the_prompt_stays(
    chat: Session, path: str, words: str
) -> None:
    chat.burst(*f"read @{path}", "enter")
    await chat.until(lambda: chat.ctx.hints.is_error)
    assert words in str(chat.ctx.hints.render())
    assert chat.composer.text == f"read @{path}"
    assert not chat.desk.backend.requests
    chat.burst("enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert sent(chat) == f"read @{path}"


@pytest.mark.parametrize("name", ["notes.md", "notes"])
async def test_a_file_that_vanishes_before_it_is_sent_is_told(
    chat: Session, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_text("some notes")
    await chat.press(*f"@{name} please")
    await chat.until(lambda: str(chat.composer._border_title) == f"{name} 10 B")
    file.unlink()
    await chat.press("enter")
    await chat.until(lambda: f"{name} is not there" in str(chat.ctx.hints.render()))
    await chat.until(lambda: "10 B" not in str(chat.composer._border_title))
    assert not chat.desk.backend.requests
    await chat.press("enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert sent(chat) == f"@{name} please"


async def test_a_file_for_which_there_is_no_room_is_asked_about_first(
    make: Maker, tmp_path: Path
) -> None:
    desk = FakeDesk()
    desk.drawer.files = NamedFiles(tmp_path)
    desk.bench.book = FakeBook(100, Prices())
    (tmp_path / "long.txt").write_text("many words " * 200)
    chat = await make(desk)
    await chat.until(lambda: chat.ctx.features.one(Fullness)._meter)
    chat.burst(*"read @long.txt", "enter")
    await chat.until(lambda: len(chat.app.screen_stack) > 1)
    assert not desk.backend.requests
    chat.burst("enter")
    await chat.until(lambda: desk.backend.requests)
    assert "many words" in sent(chat)
    assert len(chat.app.screen_stack) == 1


async def test_what_a_paste_mentions_is_no_file(chat: Session) -> None:
    from textual import events

    chat.app.post_message(events.Paste("@./none\n" * 30))
    await chat.until(lambda: chat.composer.text)
    chat.composer._pasted_at = 0
    await chat.press("enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert sent(chat) == "@./none\n" * 30


async def test_a_history_that_can_not_be_read_is_none(make: Maker) -> None:
    desk, history = FakeDesk(), FakeHistory("x")
    history.trouble = Failure(FailureKind.CONFIG, "broken")
    desk.drawer.recalling = Recalling(history)
    chat = await make(desk)
    await chat.press("up")
    assert chat.composer.text == ""
    await chat.say("hello")
