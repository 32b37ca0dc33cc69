from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Static

from tests.fakes.desk import FakeDesk
from tests.ui.session import SIZE, Maker, Session
from tests.ui.test_filing import FiledStore
from tui.chat.listener import Listener
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.words import Role
from tui.store.mentioned import NamedFiles
from tui.ui.chats import Mark
from tui.ui.desk import Desk
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.link import LinkScreen
from tui.ui.screens.start import StartScreen
from tui.ui.widgets.ask import Confirm
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.status import StatusLine
from tui.ui.widgets.transcript.widget import Transcript


async def test_a_prompt_is_sent_and_its_answer_streams_in(chat: Session) -> None:
    await chat.say("What is the best cheese?")
    assert chat.composer.text == ""
    await chat.sees("What is the best cheese?")
    chat.desk.backend.say("There is **no** best")
    await chat.sees("There is no best")
    assert chat.mark == Mark.STREAMING
    chat.desk.backend.end("There is **no** best")
    await chat.sees("finished")
    assert chat.mark == Mark.NONE
    assert [m.text for m in chat.saved("What is the best cheese?")][1] == "There is **no** best"


async def test_text_and_enter_that_come_in_one_piece_are_sent(chat: Session) -> None:
    """As a paste without brackets or a fast line brings them: Enter may not overtake the text."""
    await chat.pilot.press(*"hello", "enter")
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.desk.backend.requests[0].messages[-1].text == "hello"


async def test_a_key_behind_one_that_moves_the_focus_goes_where_the_focus_is(chat: Session) -> None:
    from textual import events

    await answered(chat, "one", "two")
    for key, character in (("shift+tab", None), ("j", "j"), ("enter", "\r")):
        chat.app.post_message(events.Key(key, character))
    await chat.sees("answer to one")
    assert chat.composer.text == ""


async def test_a_paste_comes_in_once_and_enter_right_after_it_does_not_send(chat: Session) -> None:
    from textual import events

    chat.app.post_message(events.Paste("pasted"))
    await chat.pilot.press("enter")
    await chat.pilot.pause()
    assert chat.composer.text == "pasted"
    assert not chat.desk.backend.requests


async def test_ctrl_j_begins_a_new_line_and_the_composer_grows_to_a_third(chat: Session) -> None:
    before = chat.composer.size.height
    for _ in range(30):
        await chat.pilot.press("a", "ctrl+j")
    await chat.pilot.pause()
    assert before < chat.composer.outer_size.height <= SIZE[1] // 3 + 1
    assert chat.composer.text.count("\n") == 30


async def test_stopping_keeps_the_partial_answer(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.say("half an ans")
    await chat.sees("half an ans")
    await chat.pilot.press("escape")
    await chat.sees("stopped by you")
    assert chat.shows("half an ans")
    assert [(m.text, m.ended) for m in chat.saved("go")][1] == ("half an ans", "stopped")


async def test_a_reply_is_there_if_the_chat_is_shown_anew_just_before_its_end(
    chat: Session,
) -> None:
    await chat.say("hello")
    turn = chat.stage.turn(chat.stage.shown)
    assert turn is not None
    await chat.until(lambda: chat.app.chat_screen.query_one(Transcript).has(turn.message_id))
    settle = chat.ctx.need_desk().conductor.turns._settle

    async def shown_anew(one: Any) -> None:
        chat.stage.show_again()  # as when another window has changed the file
        await settle(one)

    chat.ctx.need_desk().conductor.turns._settle = shown_anew  # type: ignore[method-assign]
    chat.desk.backend.end("the whole reply")
    await chat.sees("the whole reply")
    await chat.sees("finished")


async def test_escape_leaves_the_transcript_before_it_stops(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.say("half")
    await chat.pilot.press("tab")
    assert isinstance(chat.focus(), Transcript)
    await chat.pilot.press("escape")
    assert isinstance(chat.focus(), Composer)
    assert chat.desk.backend.closed == []
    await chat.pilot.press("escape")
    await chat.sees("stopped by you")


async def test_a_chat_streams_on_while_another_is_open(chat: Session) -> None:
    await chat.say("first")
    first = chat.stage.shown
    chat.desk.backend.say("one ")
    await chat.sees("one")
    await chat.pilot.press("ctrl+n")
    await chat.until(lambda: chat.stage.shown != first)
    assert not chat.shows("one")
    chat.desk.backend.say("two", number=0)
    await chat.pilot.pause()
    assert not chat.shows("two")
    await chat.sees("●", Sidebar)
    chat.desk.backend.end("one two", number=0)
    await chat.sees("○", Sidebar)
    await chat.pilot.press("ctrl+t")
    await chat.sees("one two")
    assert not chat.shows("○", Sidebar)


async def test_a_chat_that_still_streams_is_shown_as_far_as_it_is_and_goes_on(
    chat: Session,
) -> None:
    await chat.say("first")
    chat.desk.backend.say("one ")
    await chat.pilot.press("ctrl+n")
    await chat.until(lambda: not chat.shows("one"))
    chat.desk.backend.say("two ", number=0)
    await chat.pilot.press("ctrl+t")
    await chat.sees("one two")
    chat.desk.backend.say("three", number=0)
    await chat.sees("one two three")


async def test_two_chats_stream_at_once_and_do_not_mix(chat: Session) -> None:
    await chat.say("first")
    await chat.pilot.press("ctrl+n")
    await chat.say("second")
    for number in (0, 1):
        chat.desk.backend.say(f"answer {number}", number=number)
    await chat.sees("answer 1")
    assert not chat.shows("answer 0")
    for number in (0, 1):
        chat.desk.backend.end(f"answer {number}", number=number)
    await chat.until(lambda: not chat.busy)
    assert [m.text for m in chat.saved("first")] == ["first", "answer 0"]
    assert [m.text for m in chat.saved("second")] == ["second", "answer 1"]


async def answered(chat: Session, *prompts: str) -> None:
    """One chat for each prompt, the last one open."""
    for prompt in prompts:
        await chat.pilot.press("ctrl+n")
        await chat.pilot.pause()
        await chat.say(prompt)
        chat.desk.backend.end(f"answer to {prompt}")
        await chat.sees(f"answer to {prompt}")


async def test_previous_and_next_chat_walk_the_list_as_it_stands(chat: Session) -> None:
    await answered(chat, "one", "two", "three")
    await chat.pilot.press("alt+down")
    await chat.sees("answer to two")
    await chat.pilot.press("alt+down")
    await chat.sees("answer to one")
    await chat.pilot.press("alt+down")
    await chat.pilot.pause()
    assert chat.shows("answer to one")
    await chat.pilot.press("alt+up")
    await chat.sees("answer to two")


async def test_back_toggles_between_the_last_two_chats(chat: Session) -> None:
    await answered(chat, "one", "two")
    for expected in ("answer to one", "answer to two", "answer to one"):
        await chat.pilot.press("ctrl+t")
        await chat.sees(expected)


async def test_a_draft_stays_with_its_chat(chat: Session) -> None:
    await answered(chat, "one", "two")
    await chat.pilot.press(*"later")
    await chat.pilot.press("ctrl+t")
    await chat.sees("answer to one")
    assert chat.composer.text == ""
    assert chat.shows("✎", Sidebar)
    await chat.pilot.press("ctrl+t")
    await chat.sees("answer to two")
    assert chat.composer.text == "later"
    assert not chat.shows("✎", Sidebar)


async def test_a_new_chat_in_which_nothing_was_said_is_found_again_with_its_draft(
    chat: Session,
) -> None:
    await answered(chat, "one")
    await chat.pilot.press("ctrl+n", *"later", "alt+down")
    await chat.sees("answer to one")
    await chat.pilot.press("ctrl+n")
    await chat.until(lambda: chat.composer.text == "later")
    assert not chat.shows("answer to one")


async def test_the_place_in_a_chat_is_found_again(chat: Session) -> None:
    await answered(chat, "one")
    await chat.say("long")
    chat.desk.backend.end("\n\n".join(f"paragraph {n}" for n in range(200)))
    await chat.sees("paragraph 199")
    await chat.pilot.press("tab", "g")
    await chat.sees("answer to one")
    top = chat.lines()[0][1:]  # the bar tells which message is chosen
    await chat.pilot.press("ctrl+n")
    await chat.until(lambda: not chat.shows("answer to one"))
    await chat.pilot.press("ctrl+t")
    await chat.sees("answer to one")
    assert chat.lines()[0][1:] == top


async def test_what_comes_below_the_view_is_told_and_does_not_move_it(chat: Session) -> None:
    await chat.say("long")
    chat.desk.backend.say("\n\n".join(f"paragraph {n}" for n in range(100)))
    await chat.sees("paragraph 99")
    await chat.pilot.press("tab", "g")
    await chat.sees("paragraph 3")
    before = chat.lines()
    chat.desk.backend.say("\n\nthe end")
    status = chat.app.chat_screen.query_one(StatusLine)
    await chat.until(lambda: "more below" in str(status.render()))
    assert chat.lines() == before
    await chat.pilot.press("G")
    await chat.sees("the end")
    assert "more below" not in str(status.render())


async def test_a_failed_request_says_why_and_enter_sends_it_again(chat: Session) -> None:
    chat.desk.backends.trouble = Failure(FailureKind.CONNECT, "refused", advice="Start it.")
    chat.composer.insert("go")
    await chat.pilot.press("enter")
    await chat.sees("refused. Start it.")
    assert chat.mark == Mark.FAILED
    chat.desk.backends.trouble = None
    await chat.pilot.press("enter")
    await chat.until(lambda: chat.desk.backend.requests)
    chat.desk.backend.end("here I am")
    await chat.sees("here I am")
    assert not chat.shows("refused")
    assert [m.text for m in chat.saved("go")] == ["go", "here I am"]


async def test_a_broken_stream_keeps_the_text_and_says_why(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.say("half")
    chat.desk.backend.break_off("half")
    await chat.sees("The line broke")
    assert chat.shows("half")
    assert chat.shows("interrupted")


async def test_what_cannot_be_saved_is_told_until_it_is_saved(chat: Session) -> None:
    chat.desk.store.trouble = Failure(FailureKind.DISK, "The disk is full")
    await chat.say("go")
    banner = chat.app.chat_screen.query_one("#banner", Static)
    await chat.until(lambda: banner.display)
    assert "The disk is full" in str(banner.visual)
    chat.desk.backend.end("done")
    await chat.until(lambda: chat.mark == Mark.UNSAVED)
    chat.desk.store.trouble = None
    await chat.ctx.need_desk().conductor.save_again()
    await chat.until(lambda: not banner.display)
    assert chat.mark == Mark.NONE
    assert [m.text for m in chat.saved("go")] == ["go", "done"]


@pytest.mark.parametrize("keys", [("ctrl+q",), ("ctrl+c", "ctrl+c")])
async def test_quitting_asks_if_something_would_be_lost(chat: Session, keys: tuple[str]) -> None:
    chat.desk.store.trouble = Failure(FailureKind.DISK, "The disk is full")
    await chat.say("go")
    chat.desk.backend.end("done")
    await chat.until(lambda: chat.mark == Mark.UNSAVED)
    await chat.press(*keys)
    await chat.until(lambda: isinstance(chat.app.screen, Confirm))
    await chat.press("enter")
    await chat.until(lambda: not isinstance(chat.app.screen, Confirm))
    chat.desk.store.trouble = None
    chat.burst("ctrl+q")
    async with asyncio.timeout(60):
        while not chat.desk.backends.is_closed:
            await asyncio.sleep(0.01)
    assert [m.text for m in chat.saved("go")] == ["go", "done"]


async def test_what_was_lost_at_the_end_is_told_behind_the_screen(chat: Session) -> None:
    chat.desk.store.trouble = Failure(FailureKind.DISK, "The disk is full")
    await chat.say("go")
    chat.desk.backend.end("done")
    await chat.until(lambda: chat.mark == Mark.UNSAVED)
    await chat.app.leave(0)
    assert str(chat.app._exit_renderables[0]) == "bise: not saved: “go”"


async def test_a_prompt_while_the_answer_comes_waits_for_its_end(chat: Session) -> None:
    await chat.say("go")
    await chat.pilot.press(*"more", "enter")
    await chat.until(lambda: not chat.composer.text)
    assert len(chat.desk.backend.requests) == 1
    chat.desk.backend.end("done")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    assert chat.desk.backend.requests[1].messages[-1].text == "more"


async def test_ctrl_c_clears_the_composer_and_quits_only_when_pressed_twice(chat: Session) -> None:
    await chat.pilot.press(*"text", "ctrl+c")
    assert chat.composer.text == ""
    await chat.pilot.press("ctrl+c")
    assert chat.app.is_running
    await chat.pilot.press("ctrl+c")
    await chat.until(lambda: chat.app._exit)


async def test_ctrl_c_copies_what_is_selected(chat: Session) -> None:
    await chat.pilot.press(*"text", "shift+home", "ctrl+c")
    assert chat.app.clipboard == "text"
    assert chat.composer.text == "text"


async def test_quitting_asks_and_saves_what_is_in_the_making(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.say("half")
    await chat.sees("half")
    await chat.pilot.press("ctrl+q")
    assert not chat.app._exit
    await chat.pilot.press("ctrl+q")
    await chat.until(lambda: chat.app._exit)
    assert [(m.text, m.ended) for m in chat.saved("go")][1] == ("half", "interrupted")
    assert chat.desk.backends.is_closed


async def test_the_parts_of_the_screen_are_focused_in_turn(chat: Session) -> None:
    seen = []
    for key in ("tab", "tab", "f6", "shift+tab"):
        await chat.pilot.press(key)
        seen.append(type(chat.app.focused))
    assert seen == [Transcript, Sidebar, Composer, Sidebar]


async def test_the_list_opens_chats_by_keyboard(chat: Session) -> None:
    await answered(chat, "one", "two")
    await chat.pilot.press("shift+tab", "j", "enter")
    await chat.sees("answer to one")
    assert isinstance(chat.focus(), Composer)


async def test_a_narrow_screen_hides_the_list_and_a_key_shows_it(make: Maker) -> None:
    chat = await make(size=(80, 24))
    sidebar = chat.app.chat_screen.query_one(Sidebar)
    shown = [sidebar.display]
    await chat.pilot.press("f9")
    shown.append(sidebar.display)
    assert chat.app.focused is sidebar
    await chat.pilot.press("escape")
    shown.append(sidebar.display)
    assert shown == [False, True, False]
    assert isinstance(chat.focus(), Composer)


@pytest.mark.parametrize("key", ["tab", "shift+tab", "ctrl+n"])
async def test_the_list_lies_over_the_others_as_long_as_it_has_the_keys(
    make: Maker, key: str
) -> None:
    chat = await make(size=(80, 24))
    sidebar = chat.app.chat_screen.query_one(Sidebar)
    await chat.press("f9")
    await chat.press(key)
    assert chat.focus() is not sidebar
    assert not sidebar.display


async def test_a_chat_that_is_deleted_in_the_list_over_the_others_leaves_it_there(
    make: Maker,
) -> None:
    chat = await make(size=(80, 24))
    chat.desk.drawer.filing = FiledStore()
    await chat.say("one")
    chat.desk.backend.end("reply")
    await chat.press("f9", "d")
    await chat.until(lambda: not chat.stage.chats.chats)
    await chat.pilot.pause()
    assert chat.focus() is chat.ctx.sidebar
    assert chat.ctx.sidebar.display


async def test_what_is_told_in_passing_gives_way_to_what_is_told_next(chat: Session) -> None:
    for words in ("one", "two"):
        chat.ctx.note(words)
        chat.ctx.complain("bad")
    chat.ctx.note("three")
    await chat.pilot.pause()
    assert [note.message for note in chat.app._notifications] == ["bad", "three"]


async def test_a_screen_that_is_too_small_says_so_and_comes_back(make: Maker) -> None:
    chat = await make(size=(20, 5))
    small = chat.app.chat_screen.query_one("#too-small", Static)
    shown = [small.display]
    assert "60×16" in str(small.visual)
    await chat.pilot.resize_terminal(80, 24)
    await chat.pilot.pause()
    assert [*shown, small.display] == [True, False]
    await chat.say("still works")


async def test_help_lists_the_keys_of_the_focused_part_first(chat: Session) -> None:
    await chat.pilot.press("tab", "f1")
    assert isinstance(chat.app.screen, HelpScreen)
    text = str(chat.app.screen.query_one(Static).visual)
    assert text.startswith("Transcript")
    assert "New chat" in text
    await chat.pilot.press("escape")
    assert not isinstance(chat.app.screen, HelpScreen)


async def test_keys_can_be_moved_in_the_composer_too(make: Maker) -> None:
    chat = await make(**{"composer.send": "ctrl+j", "composer.newline": "enter", "chat.new": "f10"})
    await chat.pilot.press("a", "enter", "b", "ctrl+j")
    await chat.until(lambda: chat.desk.backend.requests)
    assert chat.desk.backend.requests[0].messages[-1].text == "a\nb"
    first = chat.stage.shown
    await chat.pilot.press("f10")
    await chat.until(lambda: chat.stage.shown != first)


async def test_a_key_can_be_a_character_that_has_a_name_of_its_own(make: Maker) -> None:
    chat = await make(**{"sidebar.next": "?"})
    await answered(chat, "one", "two")
    await chat.pilot.press("shift+tab", "question_mark", "enter")
    await chat.sees("answer to one")


async def test_problems_with_files_are_told(make: Maker) -> None:
    desk = FakeDesk()
    desk.problems = ["settings.toml, line 3: [/foo] is no setting", "and another"]
    chat = await make(desk)
    banner = chat.app.chat_screen.query_one("#banner", Static)
    await chat.until(lambda: banner.display)
    assert "line 3: [/foo] is no setting (and 1 more)" in str(banner.visual)


async def test_a_chat_that_cannot_be_read_says_so_and_blocks_no_other(make: Maker) -> None:
    desk = FakeDesk()
    desk.open_session = "nowhere"
    chat = await make(desk)
    await chat.sees("There is no chat nowhere")
    await chat.pilot.press("ctrl+n")
    await chat.until(lambda: chat.stage.session is not None)
    await chat.say("go on")


async def test_hostile_text_is_inert_everywhere(chat: Session) -> None:
    evil = "[/foo] [@click=app.quit]x[/] \x1b]0;owned\x07\x9b31m \u202edrow"
    await chat.say(evil)
    chat.desk.backend.end(evil)
    await chat.until(lambda: not chat.busy)
    await chat.pilot.pause()
    painted = "\n".join(chat.lines() + chat.lines(Sidebar)) + str(
        chat.app.chat_screen.query_one("#title", Static).visual
    )
    assert "[/foo]" in painted
    assert not set(painted) & set("\x1b\x07\x9b\u202e")
    assert chat.desk.backend.requests[0].messages[-1].text == evil


async def test_links_open_only_if_harmless_and_after_a_yes(chat: Session) -> None:
    opened: list[str] = []
    driver = chat.app._driver
    assert driver is not None
    driver.open_url = lambda url, new_tab=True: opened.append(url)  # type: ignore[method-assign]
    chat.app.open_url("file:///etc/passwd")
    await chat.pilot.pause()
    assert not isinstance(chat.app.screen, LinkScreen)
    for key, expected in (("escape", []), ("y", ["https://example.org/a"])):
        chat.app.open_url("https://example.org/a")
        await chat.pilot.pause()
        assert isinstance(chat.app.screen, LinkScreen)
        await chat.pilot.press(key)
        await chat.pilot.pause()
        assert opened == expected


async def test_chats_with_the_embedded_model_carry_the_label(make: Maker) -> None:
    desk = FakeDesk(provider="local")
    chat = await make(desk)
    label = chat.app.chat_screen.query_one("#label", Static)
    assert label.display
    assert "facts are often wrong" in str(label.visual)


class TestFirstStart:
    async def start(self, make: Maker) -> Session:
        chat = await make(FakeDesk(provider=None))
        await chat.until(lambda: isinstance(chat.app.screen, StartScreen))
        return chat

    async def test_a_key_is_typed_unseen_and_checked(self, make: Maker) -> None:
        chat = await self.start(make)
        await chat.pilot.press("1", *"sk-123", "enter")
        await chat.until(lambda: chat.stage.session is not None)
        assert chat.desk.setup.asked == [("key", "sk-123")]
        await chat.say("hello")

    async def test_the_embedded_model_is_fetched(self, make: Maker) -> None:
        chat = await self.start(make)
        await chat.pilot.press("2")
        await chat.until(lambda: chat.stage.session is not None)
        assert chat.desk.setup.asked == [("model",)]

    async def test_another_server_is_asked(self, make: Maker) -> None:
        chat = await self.start(make)
        await chat.pilot.press("3", *"http://x:1", "enter", *"ollama", "enter", "enter")
        await chat.until(lambda: chat.stage.session is not None)
        assert chat.desk.setup.asked == [("server", "http://x:1", "ollama", "")]

    @pytest.mark.parametrize("way", ["1", "2", "3"])
    async def test_a_failure_says_what_happened_and_comes_back(self, make: Maker, way: str) -> None:
        chat = await self.start(make)
        chat.desk.setup.trouble = Failure(FailureKind.AUTH, "[/foo] wrong key", advice="Try again.")
        keys = {"1": [*"key", "enter"], "2": [], "3": [*"http://x", "enter", "enter", "enter"]}
        await chat.pilot.press(way, *keys[way])
        failure = chat.app.screen.query_one("#failure", Static)
        await chat.until(lambda: "wrong key. Try again." in str(failure.visual))
        chat.desk.setup.trouble = None
        await chat.pilot.press("2")
        await chat.until(lambda: chat.stage.session is not None)

    async def test_what_is_typed_fast_goes_into_its_fields_and_starts_nothing_else(
        self, make: Maker
    ) -> None:
        from textual import events

        chat = await self.start(make)
        for key in ["3", *"1.2", "enter", *"vllm", "enter", *"k3y", "enter"]:
            name = {".": "full_stop"}.get(key, key)
            chat.app.post_message(events.Key(name, key if len(key) == 1 else None))
        await chat.until(lambda: chat.stage.session is not None)
        assert chat.desk.setup.asked == [("server", "1.2", "vllm", "k3y")]

    async def test_an_unknown_kind_is_told_at_once(self, make: Maker) -> None:
        chat = await self.start(make)
        await chat.pilot.press("3", *"http://x", "enter", *"olama", "enter", "enter")
        failure = chat.app.screen.query_one("#failure", Static)
        await chat.until(lambda: "'olama'" in str(failure.visual))
        assert chat.desk.setup.asked == []

    async def test_leaving_it_is_no_dead_end(self, make: Maker) -> None:
        chat = await self.start(make)
        await chat.pilot.press("escape")
        await chat.until(lambda: not isinstance(chat.app.screen, StartScreen))
        await chat.pilot.press("ctrl+n")
        await chat.until(lambda: isinstance(chat.app.screen, StartScreen))


async def loaded_behind(make: Maker, desk: FakeDesk, *keys: str) -> Session:
    """A program that is only loaded once those keys were pressed."""
    go = threading.Event()
    open_now = desk.open

    def slowly(listener: Listener) -> Desk:
        go.wait(10)
        return open_now(listener)

    desk.open = slowly  # type: ignore[method-assign]
    desk.open_session = "-"  # so that the fixture does not wait
    chat = await make(desk)
    await chat.pilot.press(*keys)
    desk.open_session = None
    go.set()
    return chat


async def test_a_prompt_typed_before_anything_is_loaded_waits(make: Maker) -> None:
    desk = FakeDesk()
    await (await loaded_behind(make, desk, *"early", "enter")).until(lambda: desk.backend.requests)
    assert desk.backend.requests[0].messages[-1].text == "early"


async def test_a_command_typed_before_anything_is_loaded_waits(make: Maker) -> None:
    desk = FakeDesk()
    chat = await loaded_behind(make, desk, *"/ring osc9", "enter", *"more")
    await chat.until(lambda: (("ring",), "osc9") in desk.remembered)
    assert chat.composer.text == "more"
    assert not chat.ctx.hints.is_error


async def test_a_prompt_typed_before_anything_is_loaded_goes_with_its_files(
    make: Maker, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("Comté")
    desk = FakeDesk()
    desk.drawer.files = NamedFiles(tmp_path)
    chat = await loaded_behind(make, desk, *"see @notes.md", "enter")
    await chat.until(lambda: desk.backend.requests)
    assert "Comté" in desk.backend.requests[0].messages[-1].text


async def test_what_needs_nothing_runs_though_loading_failed(make: Maker) -> None:
    def fail(listener: Listener) -> Desk:
        raise Failure(FailureKind.CONFIG, "The settings can't be read")

    desk = FakeDesk()
    desk.open_session = "-"
    desk.open = fail  # type: ignore[method-assign]
    chat = await make(desk)
    await chat.pilot.press(*"/help", "enter")
    await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))


async def test_an_unanswered_prompt_of_an_old_session_can_be_sent(make: Maker) -> None:
    desk = FakeDesk()
    desk.store.titles["old"] = "old"
    desk.store.messages["old"] = [Message(role=Role.USER, content="still there?")]
    desk.open_session = "old"
    chat = await make(desk)
    await chat.sees("has no reply yet")
    chat.burst("tab", "s", *"assi", "enter")
    await chat.until(lambda: not chat.shows("has no reply yet"))
    chat.burst("u", "escape")
    await chat.sees("You")
    await chat.pilot.press("enter")
    await chat.until(lambda: desk.backend.requests)
    assert desk.backend.requests[0].messages[-1].text == "still there?"


async def test_text_behind_keys_that_edit_does_not_overtake_them(chat: Session) -> None:
    chat.burst(*"abc", "backspace", *"xyz", "left", *"12")
    await chat.until(lambda: len(chat.composer.text) == 7)
    assert chat.composer.text == "abxy12z"


async def test_what_is_told_in_passing_leaves_the_prompt_to_be_seen(make: Maker) -> None:
    chat = await make(size=(60, 16))
    chat.ctx.note("Something of some length, which takes more than one line")
    await chat.until(lambda: chat.app.screen.query("Toast"))
    await chat.pilot.pause()
    toast = chat.app.screen.query_one("Toast")
    await chat.until(lambda: toast.region.height > 1)
    assert toast.region.bottom <= chat.composer.region.y
