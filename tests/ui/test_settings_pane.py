from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from textual import events

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.completion import Choice, Reply
from tui.core.events import Finished
from tui.core.words import Kind
from tui.store.config.settings import SettingsFile
from tui.store.places import Places
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_sets import StopSets
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.editor import EditorArea
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.settings.fields import FieldList
from tui.ui.widgets.status import StatusLine

BY_HAND = """\
# What I like.
theme = "bise-dark"  # dark

[parameters]
# Not too wild.
temperature = 0.3   # really

[stop_sets]
mine = ["a", "b"]  # for me
"""


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    folders = (tmp_path / name for name in ("config", "data", "state", "cache"))
    places = Places(*folders)
    places.config.mkdir()
    places.settings_file.write_text(BY_HAND)
    return SettingsFile(places)


@pytest.fixture
async def pane(chat: Session) -> Session:
    await chat.press("f2")
    return chat


def fields(chat: Session) -> FieldList:
    return chat.app.chat_screen.query_one(FieldList)


def has_focus(chat: Session) -> bool:
    return isinstance(chat.app.focused, FieldList)


def rows(chat: Session) -> list[str]:
    widget = fields(chat)
    lines = [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
    return [line for line in lines if line]


def text(chat: Session) -> str:
    return "\n".join(rows(chat))


def kept(chat: Session) -> dict[str, object]:
    assert chat.stage.session is not None
    return chat.stage.session.parameters.kept()


def status(chat: Session) -> str:
    return chat.app.chat_screen.query_one(StatusLine).render().plain


def notes(chat: Session) -> list[str]:
    return [str(note.message) for note in chat.app._notifications]


def values(chat: Session):
    return chat.ctx.features.one(Parameters).values


async def paste(chat: Session, pasted: str) -> None:
    chat.app.post_message(events.Paste(pasted))
    await chat.pilot.pause()


# -- opening and finding


async def test_f2_opens_and_closes_it(chat: Session) -> None:
    await chat.press("f2")
    assert has_focus(chat)
    assert "Scope" in text(chat)
    await chat.press("f2")
    assert not chat.ctx.pane.is_open
    assert isinstance(chat.app.focused, Composer)


async def test_it_covers_the_conversation_under_100_columns(make: Maker) -> None:
    chat = await make(size=(80, 24))
    await chat.press("f2")
    assert fields(chat).region.width == 80
    assert len(rows(chat)) >= 14


async def test_it_works_at_60_columns_and_16_rows(make: Maker) -> None:
    chat = await make(size=(60, 16))
    chat.burst("f2", *"top_p", "enter", *"2", "enter")
    await chat.until(lambda: has_focus(chat) and "top_p is 0 to 1" in text(chat))
    assert len(rows(chat)) >= 4


async def test_typing_narrows_down_and_escape_goes_back(pane: Session) -> None:
    await pane.press(*"penalty")
    assert [line.split("(")[0].strip() for line in rows(pane)[1:]] == [
        "›  Presence penalty",
        "Frequency penalty",
        "Repetition penalty",
    ]
    await pane.press("backspace", *"x")
    assert "nothing fits" in text(pane)
    await pane.press("escape")
    assert "Scope" in text(pane)
    await pane.press("escape")
    assert not pane.ctx.pane.is_open


async def test_a_slash_word_opens_it_at_a_parameter(chat: Session) -> None:
    chat.burst(*"/settings max_tokens", "enter", "enter", *"99", "enter")
    await chat.until(lambda: kept(chat).get("max_tokens") == 99)


async def test_the_palette_knows_every_parameter(chat: Session) -> None:
    await chat.press("ctrl+p", *"sampling: repet", "enter")
    await chat.until(lambda: has_focus(chat))
    assert fields(chat).at == "repetition_penalty"


async def test_help_for_the_row_stands_below(pane: Session) -> None:
    await pane.press(*"top-p")
    foot = str(pane.app.chat_screen.query_one("#settings-foot").render())
    assert "top_p · number, 0 to 1" in foot
    assert "Change this or temperature, not both." in foot


# -- values


async def test_a_number_is_edited_in_place_and_holds_at_once(pane: Session) -> None:
    pane.burst(*"temperature", "enter", *"0.25", "enter", "escape", "escape", *"hello")
    await pane.until(lambda: pane.composer.text == "hello")
    assert kept(pane) == {"temperature": 0.25}
    await pane.press("enter")
    await pane.until(lambda: pane.desk.backend.requests)
    assert pane.desk.backend.requests[0].parameters.temperature == 0.25


@pytest.mark.parametrize(
    ("typed", "words"),
    [("hot", "and “hot” is none"), ("nan", "NaN is none"), ("1e400", "too large"), ("3", "0 to 2")],
)
async def test_a_mistake_stands_at_the_field_and_the_last_value_stays(
    pane: Session, typed: str, words: str
) -> None:
    await pane.press(*"temperature", "enter", *"0.5", "enter", "enter", "ctrl+u", *typed, "enter")
    assert words in " ".join(text(pane).split())
    assert kept(pane) == {"temperature": 0.5}
    assert fields(pane).edited == typed
    await pane.press("backspace")
    assert words not in text(pane)
    await pane.press("escape")
    assert fields(pane).edited is None
    assert kept(pane) == {"temperature": 0.5}


async def test_nothing_typed_leaves_it_to_the_server(pane: Session) -> None:
    await pane.press(*"temperature", "enter", *"0.5", "enter", "enter", "ctrl+u", "enter")
    assert kept(pane) == {}


async def test_switches_choices_and_numbers_go_on_by_keys(pane: Session) -> None:
    await pane.press(*"cut here", "enter")
    assert kept(pane) == {"cut_here": True}
    await pane.press("space", "escape", *"stream", "enter")
    assert kept(pane) == {"cut_here": False, "stream": False}
    await pane.press("escape", *"effort", "right", "right")
    assert kept(pane)["reasoning_effort"] == "minimal"
    await pane.press("left", "left", "escape", *"temperature", "left")
    assert kept(pane) == {"cut_here": False, "stream": False, "temperature": 0.9}


async def test_fields_are_reset_one_by_one_and_in_whole(pane: Session) -> None:
    values(pane).change({"temperature": 0.1, "top_p": 0.2, "model": "m", "stop": ["a"]})
    await pane.press(*"temperature", "delete")
    assert kept(pane) == {"top_p": 0.2, "model": "m", "stop": ["a"]}
    await pane.press("ctrl+x")
    assert kept(pane) == {"model": "m"}
    await pane.press("ctrl+z", "ctrl+z")
    assert kept(pane) == {"temperature": 0.1, "top_p": 0.2, "model": "m", "stop": ["a"]}
    await pane.press("ctrl+y")
    assert "temperature" not in kept(pane)


async def test_undo_goes_through_all_changes_of_this_chat(pane: Session) -> None:
    await pane.press("ctrl+z")
    assert notes(pane)[-1] == "Nothing can be taken back"
    values(pane).change({"top_p": 0.2})
    await pane.press("escape")
    await pane.press(*"/stop add x", "enter", "f2", "ctrl+z")
    assert kept(pane) == {"top_p": 0.2}
    await pane.press("ctrl+z")
    assert kept(pane) == {}


async def test_a_long_text_is_edited_in_a_dialog_that_shows_its_ends(pane: Session) -> None:
    values(pane).change({"prefix": "one  \ntwo "})
    pane.burst(*"prefix", "enter", "enter", *"three", "ctrl+o")
    await pane.until(lambda: kept(pane).get("prefix") == "one  \ntwo \nthree")
    await pane.press("enter")
    area = pane.app.screen.query_one(EditorArea)
    assert area.get_line(0).plain == "one··"
    assert area.text == "one  \ntwo \nthree"


async def test_a_schema_that_is_no_json_is_told_in_the_dialog(pane: Session) -> None:
    values(pane).change({"response_format": {"type": "json_schema", "json_schema": {}}})
    await pane.press(*"response_format", "enter")
    area = pane.app.screen.query_one(EditorArea)
    area.text = '{"type": '
    await pane.press("ctrl+o")
    assert "no JSON" in str(pane.app.screen.query_one("#editor-foot").render())
    assert kept(pane) == {"response_format": {"type": "json_schema", "json_schema": {}}}


async def test_members_that_nobody_knows_are_typed_as_toml(pane: Session) -> None:
    pane.burst(*"extra", "enter", *"min_p = 0.1", "ctrl+o")
    await pane.until(lambda: kept(pane) == {"extra": {"min_p": 0.1}})
    assert '"min_p" = 0.1' in text(pane)


async def test_a_tab_takes_what_was_typed_and_goes_on(pane: Session) -> None:
    await pane.press(*"temperature", "enter", *"0.4", "tab")
    assert kept(pane) == {"temperature": 0.4}
    assert not has_focus(pane)
    await pane.press("shift+tab", "enter", *"x", "tab")
    assert has_focus(pane)
    assert "“0.4x” is none" in " ".join(text(pane).split())


# -- stop sequences


async def test_stop_sequences_are_typed_with_escapes_and_switched(pane: Session) -> None:
    pane.burst("ctrl+a", *r"\n\n", "enter", "ctrl+a", *"Paris, France ", "enter", "up", "space")
    await pane.until(lambda: kept(pane).get("stop_off"))
    assert kept(pane) == {"stop": ["\n\n"], "stop_off": {"2": "Paris, France "}}
    assert "1 ☑ ⏎⏎" in text(pane)
    assert "2 ☐ Paris,·France·" in text(pane)
    assert "stop: 1" in status(pane)
    await pane.press("space")
    assert "stop: 2" in status(pane)


async def test_they_are_edited_moved_and_removed(pane: Session) -> None:
    values(pane).change({"stop": ["a", "b", "c"]})
    fields(pane).go("stop.2")
    await pane.press("ctrl+u", "ctrl+u", "enter", *r"\t", "enter")
    assert kept(pane) == {"stop": ["c\t", "a", "b"]}
    await pane.press("ctrl+d", "delete")
    assert kept(pane) == {"stop": ["a", "b"]}
    await pane.press("ctrl+z", "ctrl+z", "ctrl+z")
    assert kept(pane) == {"stop": ["c", "a", "b"]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "empty"), ("END", "there already, as number 1"), ("\\q", "means nothing")],
)
async def test_what_makes_no_sense_is_refused_with_a_reason(
    pane: Session, typed: str, words: str
) -> None:
    values(pane).change({"stop": ["END"]})
    await pane.press("ctrl+a", *typed, "enter")
    assert words in " ".join(text(pane).split())
    assert kept(pane) == {"stop": ["END"]}


async def test_a_pasted_one_stays_raw(pane: Session) -> None:
    fields(pane).go("stop")
    await paste(pane, "\\n is\ttwo\r\nlines ")
    assert fields(pane).edited == "\\\\n is\\ttwo\\nlines "
    await pane.press("enter")
    assert kept(pane) == {"stop": ["\\n is\ttwo\nlines "]}


async def test_a_million_characters_are_refused_at_once(pane: Session) -> None:
    fields(pane).go("stop")
    await paste(pane, "x" * 1_000_000)
    assert "this has 1,000,000 characters" in " ".join(text(pane).split())
    assert kept(pane) == {}


async def test_more_than_the_kind_takes_are_told(pane: Session) -> None:
    values(pane).change({"stop": list("abcde")})
    assert "5 ☑ e not sent: OpenAI takes 4 stop sequences + add" in " ".join(text(pane).split())


async def test_a_stop_set_is_applied_in_two_keys(pane: Session) -> None:
    values(pane).change({"stop": ["mine"]})
    pane.burst("ctrl+e", "2", *"top")
    await pane.until(lambda: fields(pane).query_text == "top")
    assert kept(pane) == {"stop": ["\n\n"], "stop_off": {"1": "mine"}}


async def test_what_is_on_is_saved_as_a_set_and_used_again(make: Maker, file: SettingsFile) -> None:
    chat = await make(FakeDesk().with_settings(file))
    await chat.press("f2", "ctrl+e")
    assert isinstance(chat.app.screen, Picker)
    await chat.press("1")
    assert kept(chat)["stop"] == ["a", "b"]
    await chat.press("ctrl+e", "ctrl+o")
    await chat.press(*"my set", "enter")
    await chat.until(lambda: "my set" in file.load().stop_sets)
    assert "# for me" in file.path.read_text()
    values(chat).change({"stop": None})
    await chat.press("ctrl+e", "2")
    assert kept(chat)["stop"] == ["a", "b"]
    await chat.press("ctrl+e", *"my set", "ctrl+d")
    await chat.until(lambda: "my set" not in file.load().stop_sets)
    await chat.press("ctrl+z")
    await chat.until(lambda: file.load().stop_sets == {"mine": ["a", "b"], "my set": ["a", "b"]})
    await chat.press("ctrl+z")
    await chat.until(lambda: "my set" not in file.load().stop_sets)
    await chat.press(*["backspace"] * 6, *"line", "ctrl+d")
    assert "line" in chat.ctx.features.one(StopSets).names()
    assert "# for me" in file.path.read_text()


# -- trying out


async def test_what_would_be_cut_is_marked_while_it_is_typed(chat: Session) -> None:
    await chat.say("go")
    chat.desk.backend.end("The capital is Paris, of course.")
    await chat.sees("Paris")
    await chat.press("f2", "ctrl+a", *"Pari")
    assert "after 15 of 32 characters" in " ".join(text(chat).split())
    assert struck(chat) == "Paris, of course."
    await chat.press(*"x")
    assert "it would not be cut" in " ".join(text(chat).split())
    assert struck(chat) == ""
    await chat.press("backspace", "enter")
    assert struck(chat) == "Paris, of course."
    await chat.press("up", "space")
    assert struck(chat) == ""
    await chat.press("space", "home")
    assert struck(chat) == ""


def struck(chat: Session) -> str:
    transcript = chat.stage.widgets.transcript
    strips = [transcript.render_line(y) for y in range(transcript.size.height)]
    return " ".join(
        "".join(part.text for part in strip if part.style is not None and part.style.strike)
        for strip in strips
        if any(part.style is not None and part.style.strike for part in strip)
    ).strip()


async def test_what_was_cut_here_is_tried_as_it_came(chat: Session) -> None:
    await chat.say("go")
    choice = Choice(text="One", content="One", finish_reason="stop", uncut="One\n\nis Paris.")
    chat.desk.backend.feed(Finished(Reply([choice])))
    await chat.until(lambda: not chat.busy)
    await chat.press("f2", "ctrl+a", *"Paris", "enter")
    assert "after 8 of 14 characters" in " ".join(text(chat).split())
    assert struck(chat) == ""
    await chat.press("ctrl+a", *r"\n\n", "enter")
    assert "after 3 of 14 characters" in " ".join(text(chat).split())


# -- new chats


async def test_new_chats_begin_with_what_is_set_for_them(make: Maker, file: SettingsFile) -> None:
    chat = await make(FakeDesk().with_settings(file))
    await chat.press("f2", "ctrl+w", *"temperature", "enter", "ctrl+u", *"0.9", "enter")
    assert "Settings of new chats" in str(chat.app.chat_screen.query_one("#settings-head").render())
    await chat.until(lambda: "temperature = 0.9" in file.path.read_text())
    assert file.path.read_text() == BY_HAND.replace("0.3 ", "0.9 ")
    assert kept(chat)["temperature"] == 0.9  # nothing was said in it yet: it is new
    await chat.press("escape", "escape")
    await chat.say("go")
    chat.desk.backend.end("done")
    await chat.sees("done")
    await chat.press("f2", *"temperature", "delete", "escape", "escape")
    await chat.until(lambda: "temperature" not in file.path.read_text())
    assert kept(chat)["temperature"] == 0.9
    await chat.press("ctrl+n")
    assert kept(chat) == {}
    assert "# What I like." in file.path.read_text()
    assert "# Not too wild." in file.path.read_text()


async def test_a_file_that_is_edited_meanwhile_is_read_again(
    make: Maker, file: SettingsFile
) -> None:
    chat = await make(FakeDesk().with_settings(file))
    await chat.press("f2", "ctrl+w")
    file.path.write_text(BY_HAND.replace("0.3", "0.7") + 'top = ["x"]\n')
    await chat.press("escape", "f2")
    await chat.until(lambda: "0.7" in text(chat))
    await chat.press(*"seed", "enter", *"5", "enter")
    await chat.until(lambda: "random_seed = 5" in file.path.read_text())
    assert "temperature = 0.7   # really" in file.path.read_text()
    assert 'top = ["x"]' in file.path.read_text()


async def test_a_broken_file_is_told_and_left_as_it_is(make: Maker, file: SettingsFile) -> None:
    chat = await make(FakeDesk().with_settings(file))
    file.path.write_text(BY_HAND + "oops\n")
    await chat.press("f2", "ctrl+w")
    foot = chat.app.chat_screen.query_one("#settings-foot")
    await chat.until(lambda: "oops" in str(foot.render()) or "line" in str(foot.render()))
    await chat.press(*"seed", "enter", *"5", "enter")
    await chat.until(lambda: any("Not saved" in note for note in notes(chat)))
    assert file.path.read_text() == BY_HAND + "oops\n"


async def test_timeouts_belong_to_the_server_and_retries_to_all(
    make: Maker, file: SettingsFile
) -> None:
    desk = FakeDesk("mistral").with_settings(file)
    chat = await make(desk)
    conductor = chat.ctx.need_desk().conductor
    await chat.press("f2", *"silence", "enter", "ctrl+u", *"20", "enter")
    assert conductor.providers["mistral"].idle_timeout_s == 20
    await chat.press("escape", *"retries", "enter", "ctrl+u", *"0", "enter")
    assert conductor.settings.retries == 0
    await chat.until(lambda: "retries = 0" in file.path.read_text())
    saved = file.load()
    assert saved.all_providers()["mistral"].idle_timeout_s == 20
    assert saved.all_providers()["mistral"].kind is Kind.MISTRAL
    await chat.press("delete")
    assert conductor.settings.retries == 3
    await chat.until(lambda: "retries" not in file.path.read_text())


async def test_a_prefix_is_used_once_if_that_is_wanted(chat: Session) -> None:
    chat.burst(*"/prefix once Well, ", "enter")
    await chat.until(lambda: kept(chat) == {"prefix": "Well,", "prefix_once": True})
    assert "prefix" in status(chat)
    await chat.press("f2", *"prefix")
    await chat.press("escape", "escape")
    await chat.say("go")
    assert chat.desk.backend.requests[0].parameters.prefix == "Well,"
    await chat.until(lambda: kept(chat) == {})
    await chat.until(lambda: "prefix" not in status(chat))


async def test_what_was_being_typed_in_one_chat_is_not_set_in_another(chat: Session) -> None:
    await chat.say("first")
    chat.desk.backend.end("one")
    await chat.until(lambda: not chat.busy)
    await chat.press("f2", *"temperature", "enter", *"0.5", "ctrl+n")
    await chat.press("f2", "f2", "enter", "escape")
    assert kept(chat) == {}
    await chat.press("ctrl+t")
    assert kept(chat) == {}


async def test_what_does_not_reach_the_server_is_told_in_the_status_line(pane: Session) -> None:
    values(pane).change({"prefix": "x"})
    assert "prefix is not sent" in status(pane)
    values(pane).change({"prefix": None, "stop": list("abcde")})
    assert "too many stops" in status(pane)


async def test_a_chat_of_a_newer_version_is_left_as_it_is(pane: Session) -> None:
    session = pane.stage.session
    assert session is not None
    session.schema_version = 99
    await pane.press(*"temperature", "enter", *"0.5", "enter")
    assert "newer version" in " ".join(text(pane).split())
    await pane.press("escape", "escape", *"prefix", "enter", "x", "ctrl+o")
    await pane.until(lambda: any("newer version" in note for note in notes(pane)))
    assert kept(pane) == {}


KEYS = [
    *"ast0.1\\n", "enter", "enter", "space", "up", "down", "left", "right", "delete", "backspace", "home", "end",
    "pagedown", "ctrl+z", "ctrl+y", "ctrl+x", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+d", "ctrl+w",
]  # fmt: skip
"""All keys of the pane but those that leave it."""


@pytest.mark.parametrize("seed", range(3))
async def test_no_order_of_keys_breaks_it_or_a_comment(
    make: Maker, file: SettingsFile, seed: int
) -> None:
    chat = await make(FakeDesk().with_settings(file))
    random = Random(seed)
    for _ in range(12):
        if not has_focus(chat) and len(chat.app.screen_stack) == 1:
            await chat.ctx.features.do("parameters.open", "stop")
        chat.burst(*random.choices(KEYS, k=25))
        await chat.pilot.pause()
        if len(chat.app.screen_stack) > 1:
            await chat.press("escape", "n")
    lines = file.path.read_text().splitlines()
    assert [line for line in lines if line.startswith("#")] == ["# What I like.", "# Not too wild."]
    assert 'theme = "bise-dark"  # dark' in lines
    file.load()
    assert not file.problems


async def test_what_was_edited_in_the_file_meanwhile_is_shown(
    make: Maker, file: SettingsFile
) -> None:
    chat = await make(FakeDesk().with_settings(file))
    await chat.press("f2")
    file.path.write_text(BY_HAND.replace("0.3", "0.9"))
    await chat.press("ctrl+w", *"temperature")
    await chat.until(lambda: "0.9" in text(chat))


# -- asking again


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
async def test_a_reply_is_made_anew_with_what_is_typed(make: Maker, size: tuple[int, int]) -> None:
    chat = await make(size=size)
    await chat.press("f2", "f7")
    assert "nothing yet to be made anew" in " ".join(text(chat).split())
    await chat.press("escape")
    await chat.say("go")
    chat.desk.backend.end("one\n\ntwo")
    await chat.until(lambda: not chat.busy)
    await chat.press("f2", "ctrl+a", *r"\n\n", "f7")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    assert chat.desk.backend.requests[1].parameters.stop == ["\n\n"]
    assert has_focus(chat) is (size == (120, 40))
    chat.desk.backend.end("one")
    await chat.sees("2/2")
    await chat.press("f2")
    if size == (80, 24):
        await chat.press("ctrl+w", "f7")
        assert "this is for new chats" in " ".join(text(chat).split())
