from __future__ import annotations

import pytest

from tests.ui.transcript.stage import Stage, chat, screen
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.links import links_of
from tui.ui.widgets.transcript.messages import (
    CopyRequested,
    EntrySelected,
    NothingThere,
    TailChanged,
)
from tui.ui.widgets.transcript.widget import Transcript

REPLY = """\
# First

{filler}

```python
one = {number}
```

| a | b |
|---|---|
| {number} | x |

## Second

{filler}

    two

| c |
|---|
| {number} |
"""
FILLER = "\n\n".join(["some words"] * 8)


class Reading(Stage):
    """A transcript with the real renderer."""

    def compose(self):
        yield Transcript()

    def on_transcript_nothing_there(self, event: NothingThere) -> None:
        self.heard.append(event)


def replies(count: int) -> list[Entry]:
    """Questions q0, q1, … and their replies r0, r1, …"""
    entries = []
    for number in range(count):
        body = REPLY.format(filler=FILLER, number=number)
        entries.append(Entry(f"q{number}", "user", head=f"You {number}", body="why?"))
        entries.append(Entry(f"r{number}", "assistant", head=f"Reply {number}", body=body))
    return entries


@pytest.fixture
async def pilot():
    stage = Reading()
    async with stage.run_test(size=(40, 12)) as pilot:
        stage.transcript.show(replies(5))
        await pilot.press("g")
        yield pilot


def at(pilot) -> tuple[str | None, str]:
    """The chosen entry, and the text of the line that was jumped to."""
    transcript = pilot.app.transcript
    entry_id, line, top = transcript._jumped
    assert top == transcript._view.top
    row = transcript._sheet.heights.before(transcript._sheet.index(entry_id)) + line
    return transcript.place().selected, screen(transcript)[row - top].strip()


async def test_braces_go_from_code_to_code_over_messages_and_back(pilot):
    seen = []
    for key in ("}", "}", "}", "{", "{"):
        await pilot.press(key)
        seen.append(at(pilot))
    assert seen == [("r0", "python"), ("r0", "two"), ("r1", "python"), ("r0", "two"), ("r0", "python")]  # fmt: skip


async def test_parentheses_go_from_heading_to_heading(pilot):
    seen = []
    for key in (")", ")", ")", "("):
        await pilot.press(key)
        seen.append(at(pilot))
    assert seen == [("r0", "First"), ("r0", "Second"), ("r1", "First"), ("r0", "Second")]


async def test_from_the_end_the_jump_back_goes_to_the_last_one(pilot):
    await pilot.press("G", "{")
    assert at(pilot) == ("r4", "two")
    await pilot.press("{", "{")
    assert at(pilot) == ("r3", "two")


async def test_after_scrolling_the_next_jump_goes_from_what_is_in_view(pilot):
    await pilot.press(")", "pagedown", "pagedown", "pagedown", ")")
    assert at(pilot) == ("r1", "First")


async def test_where_there_is_nothing_more_the_view_stays_and_it_is_told(pilot):
    await pilot.press("G", "}")
    before = screen(pilot.app.transcript)
    await pilot.press("}", ")", "J")
    await pilot.pause()
    assert screen(pilot.app.transcript) == before
    told = [e.what for e in pilot.app.heard if isinstance(e, NothingThere)]
    assert told[-3:] == ["code block below", "heading below", "message of yours below"]


async def test_j_and_k_with_shift_choose_messages_of_mine(pilot):
    seen = []
    for key in ("J", "J", "K", "J"):
        await pilot.press(key)
        seen.append(pilot.app.transcript.place().selected)
    assert seen == ["q1", "q2", "q1", "q2"]
    assert "You 2" in screen(pilot.app.transcript)


async def test_a_jump_lays_out_only_messages_that_may_have_what_is_looked_for():
    class Counting(Stage):
        def on_mount(self) -> None:
            super().on_mount()
            plain = chat(3000)
            self.transcript.show([*plain, Entry("h", "user", body="# Heading"), *chat(3)])

    stage = Counting()
    async with stage.run_test(size=(40, 12)) as pilot:
        await pilot.press("g")
        made = stage.press.made
        await pilot.press(")")
        assert stage.transcript.place().selected == "h"
        assert stage.press.made - made <= 8


def copied(pilot) -> list[tuple[str, str]]:
    return [(e.text, e.what) for e in pilot.app.heard if isinstance(e, CopyRequested)]


async def test_tables_are_copied_with_tabs_the_one_in_view_first_then_in_turn(pilot):
    await pilot.press("}", "Y", "Y", "Y")
    await pilot.pause()
    assert copied(pilot) == [
        ("a\tb\n0\tx", "table 1 of 2"),
        ("c\n0", "table 2 of 2"),
        ("a\tb\n0\tx", "table 1 of 2"),
    ]
    await pilot.press("}", "}", "}", "Y")
    await pilot.pause()
    assert copied(pilot)[-1] == ("c\n1", "table 2 of 2")


async def test_the_code_that_was_jumped_to_is_copied_first(pilot):
    await pilot.press("}", "}", "c", "c")
    await pilot.pause()
    assert [text for text, _ in copied(pilot)] == ["two", "one = 0"]


async def test_links_are_listed_once_with_their_text_however_they_wrap(pilot):
    url = "https://example.org/" + "long/" * 12
    body = f"[two words that wrap over the line]({url}) and [short](https://e.org) {url} <a@b.org> ![pic](https://e.org/p.png)"
    pilot.app.transcript.show([Entry("a", "assistant", body=body)])
    links = links_of(pilot.app.transcript._sheet.laid(0))
    assert [link.url for link in links][:2] == [url, "https://e.org"]
    assert [link.text for link in links][:2] == ["two words that wrap over the line", "short"]
    assert "https://e.org/p.png" in [link.url for link in links]


@pytest.fixture
async def plain():
    stage = Reading()
    async with stage.run_test(size=(40, 12)) as pilot:
        entries = [
            Entry("a", "user", head="You", body="one two three\nfour"),
            Entry("b", "assistant", head="Assistant", body="日本語 and *five*, six"),
            Entry("c", "user", head="You", body="\n".join(f"line {n}" for n in range(30))),
        ]
        stage.transcript.show(entries)
        await pilot.press("g")
        yield pilot


async def selected(pilot, *keys: str) -> str:
    await pilot.press("v", *keys, "y")
    await pilot.pause()
    text, what = copied(pilot)[-1]
    assert what == "selection"
    return text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((), "Y"),
        (("l", "l", "h"), "Yo"),
        (("$",), "You"),
        (("$", "0"), "Y"),
        (("j", "w"), "You\none t"),
        (("j", "w", "w", "b"), "You\none t"),
        (("w", "w", "w"), "You\none two t"),
        (("j", "$", "j"), "You\none two three\nfour"),
        (
            ("j", "j", "j", "j", "j", "$"),
            "You\none two three\nfour\n\nAssistant\n日本語 and five, six",
        ),
        (("j", "k", "k", "h", "b"), "Y"),
        (("G", "g"), "Y"),
    ],
)
async def test_motions_move_the_end_of_the_selection(plain, keys, text):
    assert await selected(plain, *keys) == text


async def test_a_selection_goes_back_over_where_it_began(plain):
    await plain.press("j")
    assert await selected(plain, "b") == "four\n\nA"


async def test_the_view_follows_the_cursor(plain):
    text = await selected(plain, "pagedown", "pagedown")
    assert text.startswith("You\none two three")
    assert text.splitlines()[-1].strip() == "l"
    await plain.press("v", "G")
    assert plain.app.transcript.at_tail
    await plain.press("pageup", "pageup", "pageup", "pageup")
    assert "one two three" in screen(plain.app.transcript)


async def test_while_selecting_the_other_keys_of_the_transcript_do_nothing(plain):
    await plain.press("v", "c", "t", "Y", "n", "}", "/")
    await plain.pause()
    assert {type(heard) for heard in plain.app.heard} <= {EntrySelected, TailChanged}
    assert plain.app.transcript.is_selecting
    await plain.press("v")
    assert not plain.app.transcript.is_selecting
    await plain.press("j")
    assert plain.app.transcript.place().selected == "b"


async def test_keys_that_come_in_one_piece_select_in_their_order(plain):
    from textual import events

    for key in "vjwy":
        plain.app.post_message(events.Key(key, key))
    for _ in range(4):
        await plain.pause()
    assert copied(plain)[-1] == ("You\none t", "selection")


async def test_the_selection_is_painted_like_that_of_the_mouse(plain):
    transcript = plain.app.transcript
    await plain.press("v", "j", "$")
    await plain.pause()
    strip = transcript.render_lines(transcript.size.region)[0]
    by_keys = [(text, style) for text, style, _ in strip if "You" in text]
    await plain.press("escape")
    transcript.stop_selecting()
    await plain.mouse_down(offset=(2, 0))
    await plain.hover(offset=(20, 1))
    await plain.mouse_up(offset=(20, 1))
    await plain.pause()
    strip = transcript.render_lines(transcript.size.region)[0]
    assert [(text, style) for text, style, _ in strip if "You" in text] == by_keys
    assert all(style.color != style.bgcolor for _, style in by_keys)


async def test_a_click_ends_selecting_by_keys(plain):
    await plain.press("v", "j")
    await plain.click(offset=(5, 5))
    await plain.pause()
    assert not plain.app.transcript.is_selecting


async def test_another_chat_ends_selecting(plain):
    await plain.press("v", "j")
    plain.app.transcript.show(chat(2))
    await plain.pause()
    await plain.press("j", "j")
    assert not plain.app.transcript.is_selecting


async def test_a_message_taken_out_ends_selecting(plain):
    await plain.press("v", "G")
    plain.app.transcript.discard("c")
    await plain.press("j", "y")
    assert not plain.app.transcript.is_selecting


async def test_nothing_breaks_in_an_empty_chat(plain):
    plain.app.transcript.show([])
    await plain.press(*"v}{)(JKYonN/", "v", "y")
    assert not plain.app.transcript.is_selecting
