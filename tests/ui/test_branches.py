from __future__ import annotations

from tests.ui.session import Maker, Session
from tui.core.words import Role
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.editor import Editor
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.transcript.widget import Transcript


async def ask(chat: Session, prompt: str, answer: str = "") -> None:
    await chat.say(prompt)
    chat.desk.backend.end(answer or f"answer to {prompt}")
    await chat.until(lambda: not chat.busy)


async def asked(chat: Session, *prompts: str) -> None:
    for prompt in prompts:
        await ask(chat, prompt)
    await chat.sees(f"answer to {prompts[-1]}")


def branch(chat: Session) -> list[str]:
    assert chat.stage.session is not None
    return [message.text for message in chat.stage.session.branch()]


def roles(chat: Session) -> list[str]:
    assert chat.stage.session is not None
    return [message.role.value for message in chat.stage.session.branch()]


def sent(chat: Session) -> list[str]:
    return [message.text for message in chat.desk.backend.requests[-1].messages]


def row_of(chat: Session, text: str) -> int:
    return next(y for y, line in enumerate(chat.lines()) if text in line)


async def dialog(chat: Session, kind: type) -> None:
    await chat.until(lambda: isinstance(chat.app.screen, kind))


async def test_an_early_question_put_otherwise_begins_a_branch_and_is_asked(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "g", "e")
    await dialog(chat, Editor)
    await chat.press(*" more", "ctrl+o")
    await chat.until(lambda: chat.desk.backend.requests[-1].messages[-1].text == "one more")
    assert sent(chat) == ["one more"]
    chat.desk.backend.end("another answer")
    await chat.sees("another answer")
    await chat.sees("2/2")
    assert not chat.shows("answer to two")
    assert branch(chat) == ["one more", "another answer"]


async def test_what_is_typed_behind_e_belongs_to_the_text_even_if_it_comes_in_one_piece(
    chat: Session,
) -> None:
    await asked(chat, "one")
    chat.burst("tab", "g", "e", *"!?", "ctrl+o")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    assert sent(chat) == ["one!?"]


async def test_versions_are_turned_and_the_head_stays_where_it_is(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "r")
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    chat.desk.backend.end("\n\n".join(f"paragraph {n}" for n in range(100)))
    await chat.until(lambda: not chat.busy)
    await chat.sees("paragraph 99")
    await chat.press("[")
    await chat.sees("1/2")
    await chat.sees("answer to two")
    before = row_of(chat, "1/2")
    await chat.press("]")
    await chat.sees("2/2")
    assert row_of(chat, "2/2") == before
    assert chat.shows("paragraph 0")
    await chat.press("[")
    await chat.sees("1/2")
    assert row_of(chat, "1/2") == before
    assert branch(chat)[-1] == "answer to two"


async def test_there_is_no_version_beyond_the_last_one_and_it_is_said(chat: Session) -> None:
    await asked(chat, "one")
    await chat.press("tab", "]")
    await chat.until(lambda: chat.app._notifications)
    assert "no other version" in next(iter(chat.app._notifications)).message


async def test_a_message_that_is_left_out_is_shown_and_not_sent(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "g", "x")
    await chat.sees("not sent")
    await chat.press("escape")
    await chat.say("three")
    assert sent(chat) == ["answer to one", "two", "answer to two", "three"]
    chat.desk.backend.end("answer to three")
    await chat.until(lambda: not chat.busy)
    await chat.press("tab", "g", "x")
    await chat.until(lambda: not chat.shows("not sent"))


async def test_removing_leaves_what_follows_and_undo_brings_back(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "g", "j", "d")
    await chat.until(lambda: branch(chat) == ["one", "two", "answer to two"])
    assert not chat.shows("answer to one")
    await chat.press("u")
    await chat.sees("answer to one")
    await chat.press("U")
    await chat.until(lambda: not chat.shows("answer to one"))


async def test_a_branch_is_removed_with_all_that_follows(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "g", "j", "j", "D")
    await chat.until(lambda: branch(chat) == ["one", "answer to one"])
    await chat.press("u")
    await chat.sees("answer to two")


async def test_any_message_is_edited_in_its_place(chat: Session) -> None:
    await asked(chat, "one")
    await chat.press("tab", "E")
    await dialog(chat, Editor)
    await chat.press(*" and more", "ctrl+o")
    await chat.sees("answer to one and more")
    await chat.sees("edited")
    assert len(chat.desk.backend.requests) == 1
    await chat.press("escape")
    await chat.say("two")
    assert sent(chat) == ["one", "answer to one and more", "two"]


async def test_a_message_of_any_role_is_put_in(chat: Session) -> None:
    await asked(chat, "one")
    await chat.press("tab", "g", "A")
    await dialog(chat, Picker)
    await chat.press("enter")
    await dialog(chat, Editor)
    await chat.press(*"Be brief", "ctrl+o")
    await chat.sees("Be brief")
    assert chat.stage.session is not None
    assert chat.stage.session.branch()[0].role is Role.SYSTEM
    assert branch(chat) == ["Be brief", "one", "answer to one"]


async def test_somebody_else_says_a_message_and_undo_gives_it_back(chat: Session) -> None:
    await asked(chat, "one", "two")
    chat.burst("tab", "g", "s", *"syst", "enter")
    await chat.sees("System")
    assert roles(chat) == ["system", "assistant", "user", "assistant"]
    await chat.press("u")
    await chat.until(lambda: not chat.shows("System"))
    chat.burst("escape", *"/role assistant", "enter")
    await chat.until(lambda: roles(chat)[0] == "assistant")
    chat.burst(*"/role king", "enter")
    await chat.until(lambda: "no role 'king'" in str(chat.ctx.hints.render()))
    chat.composer.text = ""
    chat.burst(*"/role tool", "enter")
    await chat.until(lambda: any("not sent" in n.message for n in chat.app._notifications))


async def test_a_removed_message_is_put_back_from_a_list(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "g", "d", "j", "d")
    await chat.until(lambda: len(branch(chat)) == 2)
    await chat.press("escape", *"/removed", "enter")
    await dialog(chat, Picker)
    await chat.press(*"one", "enter")
    await chat.until(lambda: len(branch(chat)) == 3)


async def test_what_a_message_said_before_an_edit_comes_back_as_a_version(chat: Session) -> None:
    await asked(chat, "one")
    chat.burst("tab", "E", *" more", "ctrl+o")
    await chat.sees("answer to one more")
    chat.burst("escape", *"/removed", "enter", "enter")
    await chat.sees("1/2")
    assert branch(chat) == ["one", "answer to one"]
    chat.burst("tab", "]")
    await chat.sees("answer to one more")
    assert branch(chat) == ["one", "answer to one more"]


async def test_a_fork_goes_on_in_a_chat_of_its_own(chat: Session) -> None:
    await asked(chat, "one", "two")
    first = chat.stage.shown
    chat.burst("tab", "g", "j", "f", *"three", "enter", *"four")
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    assert chat.stage.shown != first
    await chat.sees("answer to one")
    assert not chat.shows("answer to two")
    await chat.until(lambda: chat.composer.text == "four")
    assert isinstance(chat.app.focused, Composer)
    assert sent(chat) == ["one", "answer to one", "three"]
    chat.desk.backend.end("answer to three")
    await chat.until(lambda: not chat.busy)
    await chat.press("ctrl+t")
    await chat.sees("answer to two")


async def test_the_tree_shows_all_branches_and_goes_to_one(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "g", "e")
    await dialog(chat, Editor)
    await chat.press(*"!", "ctrl+o")
    await chat.until(lambda: len(chat.desk.backend.requests) == 3)
    chat.desk.backend.end("third")
    await chat.sees("third")
    await chat.press("T")
    await dialog(chat, Picker)
    await chat.press(*"answer to two", "enter")
    await chat.sees("answer to two")
    assert branch(chat) == ["one", "answer to one", "two", "answer to two"]
    assert isinstance(chat.app.focused, Transcript)


async def test_a_branch_is_removed_in_the_tree_and_comes_back(chat: Session) -> None:
    await asked(chat, "one", "two")
    await chat.press("tab", "T")
    await dialog(chat, Picker)
    await chat.press("up", "ctrl+d")
    await chat.until(lambda: branch(chat) == ["one", "answer to one"])
    await chat.press("ctrl+z", "escape")
    await chat.sees("answer to two")


async def test_turning_away_from_a_reply_that_comes_and_back_to_it(chat: Session) -> None:
    await asked(chat, "one")
    await chat.press("tab", "r")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    chat.desk.backend.say("coming ")
    await chat.sees("coming")
    await chat.sees("2/2")
    await chat.press("[")
    await chat.sees("answer to one")
    assert not chat.shows("coming")
    chat.desk.backend.say("along")
    await chat.press("]")
    await chat.sees("coming along")
    chat.desk.backend.end("coming along and done")
    await chat.sees("coming along and done")
    assert branch(chat)[-1] == "coming along and done"


async def test_a_reply_that_is_still_coming_is_not_changed(chat: Session) -> None:
    await chat.say("one")
    chat.desk.backend.say("half")
    await chat.sees("half")
    await chat.press("tab", "d")
    await chat.until(lambda: chat.app._notifications)
    assert "still coming" in next(iter(chat.app._notifications)).message
    assert chat.shows("half")


async def test_an_edit_while_a_reply_comes_loses_nothing(make: Maker) -> None:
    chat = await make()
    await asked(chat, "one")
    await chat.press("tab", "g", "e")
    await dialog(chat, Editor)
    session = chat.stage.session
    assert session is not None
    assert chat.app.chat_screen.desk is not None
    chat.app.chat_screen.desk.conductor.send(session, "by another way")
    await chat.press(*"!", "ctrl+o")
    await chat.until(lambda: chat.app._notifications)
    await dialog(chat, Editor)
    assert chat.app.screen.query_one("EditorArea").text == "one!"  # type: ignore[attr-defined]


async def test_one_message_that_followed_is_told_as_one(chat: Session) -> None:
    await chat.say("first")
    chat.desk.backend.end("answer")
    await chat.until(lambda: not chat.busy)
    await chat.say("second")
    chat.desk.backend.end("more")
    await chat.until(lambda: not chat.busy)
    await chat.press("tab", "d", "k", "r")
    words = "What followed it (1 message) stays"
    await chat.until(lambda: any(words in one.message for one in chat.app._notifications))
