from __future__ import annotations

import pytest

from tests.ui.session import Maker, Session
from tui.ui import slash
from tui.ui.commands import BY_ID, BY_SLASH, COMMANDS
from tui.ui.table.command import GROUPS
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.transcript.widget import Transcript


def test_ids_and_words_are_unique() -> None:
    assert len(BY_ID) == len(COMMANDS)
    assert len(BY_SLASH) == sum(1 for command in COMMANDS if command.slash)
    assert {command.group for command in COMMANDS} <= set(GROUPS)


def test_an_argument_needs_a_word_to_stand_behind() -> None:
    assert [c.id for c in COMMANDS if c.argument and not c.slash] == []


async def test_every_command_is_done_by_a_feature_or_is_a_widgets_own(chat: Session) -> None:
    wanted = {command.id for command in COMMANDS if not command.own_action}
    assert chat.app.chat_screen.features.ids() - {"chat.home"} == wanted


async def test_what_takes_an_argument_is_given_as_such(chat: Session) -> None:
    features = chat.app.chat_screen.features
    features.add_late()
    assert set(features._taking) == {command.id for command in COMMANDS if command.argument}
    assert not features._plain.keys() & features._taking.keys()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.own_action], ids=lambda c: c.id)
def test_a_widgets_own_action_is_there(command) -> None:
    from tui.ui.app import BiseApp
    from tui.ui.screens.chat import ChatScreen
    from tui.ui.screens.compare import CompareScreen
    from tui.ui.widgets.editor import Editor
    from tui.ui.widgets.find import FindField
    from tui.ui.widgets.picker import Picker
    from tui.ui.widgets.settings.fields import FieldList
    from tui.ui.widgets.transcript.selector import _MOTIONS

    owners = {
        "chat": ChatScreen,
        "composer": Composer,
        "transcript": Transcript,
        "sidebar": Sidebar,
        "find": FindField,
        "picker": Picker,
        "editor": Editor,
        "settings": FieldList,
        "compare": CompareScreen,
    }
    name = command.own_action.partition("(")[0]
    if command.where == "selecting":
        assert name in {*_MOTIONS, "copy", "leave"}
    elif name.startswith("app."):
        assert hasattr(BiseApp, f"action_{name.removeprefix('app.')}")
    elif command.where in owners:
        assert hasattr(owners[command.where], f"action_{name}")


# -- words with a slash


@pytest.mark.parametrize("text", ["hello", "/usr/bin is full", "/* C */", "/ x", "", "/1"])
def test_other_prompts_are_prompts(text: str) -> None:
    assert slash.read(text) is None


def test_a_word_and_its_argument_are_read() -> None:
    call = slash.read("/theme  two words\nand a line ")
    assert call is not None
    assert (call.command.id, call.argument) == ("theme.choose", "two words\nand a line")


@pytest.mark.parametrize(("text", "words"), [("/nwe", "/new"), ("/xyzzy", "//"), ("/new x", "//")])
def test_what_is_no_command_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        slash.read(text)


async def test_enter_runs_a_command_instead_of_sending_it(chat: Session) -> None:
    await chat.say("first")
    chat.desk.backend.end("one")
    first = chat.stage.shown
    await chat.press(*"/new", "enter")
    assert chat.stage.shown != first
    assert chat.composer.text == ""
    await chat.press(*"/back", "enter")
    assert chat.stage.shown == first
    assert chat.composer.text == ""
    assert len(chat.desk.backend.requests) == 1


async def test_two_slashes_send_one(chat: Session) -> None:
    await chat.press(*"//new", "enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.desk.backend.requests[0].messages[-1].text == "/new"
    assert chat.composer.text == ""


async def test_an_unknown_word_is_told_above_the_prompt_and_the_text_stays(chat: Session) -> None:
    await chat.press(*"/nwe", "enter")
    assert chat.composer.text == "/nwe"
    assert chat.ctx.hints.display
    assert "Did you mean /new?" in chat.ctx.hints.render().plain
    assert not chat.desk.backend.requests
    await chat.press("backspace")
    assert not chat.ctx.hints.is_error


async def test_what_a_command_complains_of_stands_above_the_prompt(chat: Session) -> None:
    await chat.press(*"/theme nope", "enter")
    assert chat.composer.text == "/theme nope"
    assert "There is no theme 'nope'" in chat.ctx.hints.render().plain


async def test_words_are_offered_and_tab_completes_the_chosen_one(chat: Session) -> None:
    await chat.press("/", "t", "h")
    assert "/theme [NAME]" in chat.ctx.hints.render().plain
    await chat.press("tab")
    assert chat.composer.text == "/theme "
    await chat.press("down", "tab", "enter")
    assert chat.app.theme == chat.ctx.launch.themes[1].name
    assert chat.composer.text == ""
    assert not chat.ctx.hints.display


async def test_completing_and_running_works_in_one_piece(chat: Session) -> None:
    await chat.say("first")
    chat.desk.backend.end("one")
    first = chat.stage.shown
    chat.burst(*"/ne", "tab", "enter", *"hello")
    await chat.until(lambda: chat.composer.text == "hello")
    assert chat.stage.shown != first


async def test_escape_sends_the_offers_away_and_then_acts_as_ever(chat: Session) -> None:
    shown = []
    for key in ("/", "n", "escape"):
        await chat.press(key)
        shown.append(chat.ctx.hints.display)
    assert shown == [True, True, False]
    assert chat.composer.text == "/n"
    await chat.press("tab")
    assert isinstance(chat.app.focused, Transcript)


async def test_the_transcript_has_tab_and_arrows_when_nothing_is_offered(chat: Session) -> None:
    await chat.press(*"hello", "tab")
    assert isinstance(chat.app.focused, Transcript)


async def test_keys_that_were_switched_off_do_nothing_and_others_take_their_place(
    make: Maker,
) -> None:
    chat = await make(**{"chat.new": "none", "reply.stop": "f12"})
    await chat.say("go")
    shown = chat.stage.shown
    await chat.press("ctrl+n")
    assert chat.stage.shown == shown
    await chat.press("f12")
    await chat.sees("Stopped before anything came")


# -- what features hear


async def test_hooks_tell_of_turns_and_chats(chat: Session) -> None:
    heard: list[str] = []
    hooks = chat.ctx.hooks
    hooks.turn_ended.add(lambda turn: heard.append(f"end {turn.state}"))
    hooks.chat_shown.add(lambda session: heard.append(f"show {session.title}"))
    hooks.chat_left.add(lambda chat_id: heard.append("left"))
    await chat.say("go")
    chat.desk.backend.end("done")
    await chat.sees("done")
    await chat.press("ctrl+n")
    assert heard == ["end done", "left", "show "]


async def test_changed_parameters_are_told_and_shown(chat: Session) -> None:
    heard: list[object] = []
    chat.ctx.hooks.parameters_changed.add(heard.append)
    session = chat.stage.session
    assert session is not None
    session.parameters.stop = ["a"]
    chat.stage.parameters_changed(session)
    assert heard == [session]
    status = chat.stage.widgets.status
    assert "stop: 1" in status.render().plain


async def test_showing_a_chat_again_keeps_the_prompt(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.end("done")
    await chat.sees("done")
    await chat.press(*"next")
    session = chat.stage.session
    assert session is not None
    session.messages[-1].content = "changed"
    chat.stage.show_again()
    await chat.sees("changed")
    assert chat.composer.text == "next"


async def test_features_tell_in_the_status_line(chat: Session) -> None:
    chat.stage.status_parts.append(lambda session: f"[/foo] {len(session.messages)} said")
    chat.stage.status_parts.append(lambda session: "")
    chat.stage.tick()
    assert "│ [/foo] 0 said" in chat.stage.widgets.status.render().plain


async def test_the_message_that_is_gone_to_is_told(chat: Session) -> None:
    heard: list[str] = []
    chat.ctx.hooks.entry_chosen.add(heard.append)
    await chat.say("go")
    chat.desk.backend.end("done")
    await chat.sees("done")
    await chat.press("tab", "k")
    session = chat.stage.session
    assert session is not None
    await chat.until(lambda: heard)
    assert heard[-1] in {message.id for message in session.messages}
