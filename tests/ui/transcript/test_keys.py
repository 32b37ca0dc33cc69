from __future__ import annotations

import pytest

from tests.ui.transcript.stage import Stage, chat, screen
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.messages import CopyRequested, EntrySelected


@pytest.fixture
async def pilot():
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        stage.transcript.show(chat(20))
        yield pilot


def chosen(pilot) -> object:
    return pilot.app.transcript.place().selected


async def test_k_chooses_the_last_entry_in_view_and_then_those_above(pilot):
    await pilot.press("k")
    assert chosen(pilot) == "m19"
    await pilot.press("up", "k")
    assert chosen(pilot) == "m17"
    assert "Head 17" in screen(pilot.app.transcript)


async def test_g_and_shift_g_go_to_the_ends(pilot):
    await pilot.press("g")
    assert chosen(pilot) == "m0"
    assert screen(pilot.app.transcript)[0] == "Head 0"
    await pilot.press("j")
    assert chosen(pilot) == "m1"
    await pilot.press("G")
    assert chosen(pilot) == "m19"
    assert pilot.app.transcript.at_tail


async def test_choosing_is_told(pilot):
    await pilot.press("g")
    await pilot.pause()
    assert [e.entry_id for e in pilot.app.heard if isinstance(e, EntrySelected)] == ["m0"]


async def test_after_scrolling_away_the_choice_goes_on_from_what_is_in_view(pilot):
    await pilot.press("G")
    pilot.app.transcript.scroll_to(y=0)
    await pilot.press("j")
    assert chosen(pilot) == "m0"


async def test_a_tall_entry_is_scrolled_through_before_the_next_is_chosen(pilot):
    transcript = pilot.app.transcript
    transcript.show(
        [
            *chat(2, lines=1),
            Entry("tall", "user", body="line\n" * 30 + "end"),
            Entry("next", "user", body="next"),
        ]
    )
    await pilot.press("g", "j", "j")
    assert chosen(pilot) == "tall"
    presses = 0
    while chosen(pilot) == "tall":
        assert presses < 10
        await pilot.press("j")
        presses += 1
    assert presses > 2
    await pilot.press("k")
    assert chosen(pilot) == "tall"
    assert "end" in screen(transcript)


async def test_pages_overlap_by_a_line(pilot):
    transcript = pilot.app.transcript
    before = screen(transcript)
    await pilot.press("pageup")
    assert screen(transcript)[-1] == before[0]
    await pilot.press("pagedown")
    assert screen(transcript) == before
    assert transcript.at_tail


async def test_the_chosen_entry_has_another_bar_while_the_focus_is_here(pilot):
    transcript = pilot.app.transcript
    await pilot.press("g")

    def bars() -> str:
        return "".join(strip.text[0] for strip in transcript.render_lines(transcript.size.region))

    assert bars().startswith("▌▌▌▌ ▎")
    pilot.app.set_focus(None)
    await pilot.pause()
    assert bars().startswith("▎▎▎▎ ▎")


async def test_y_asks_for_the_source_of_the_chosen_message(pilot):
    await pilot.press("g", "y")
    await pilot.pause()
    request = pilot.app.heard[-1]
    assert (request.text, request.what) == ("text 0.0\ntext 0.1\ntext 0.2", "message")


async def test_y_during_a_reply_has_all_that_arrived(pilot):
    transcript = pilot.app.transcript
    transcript.add(Entry("live", "assistant", live=True))
    transcript.append_text("live", "one ")
    transcript.append_text("live", "two")
    await pilot.press("G", "y")
    await pilot.pause()
    assert pilot.app.heard[-1].text == "one two"


async def test_c_asks_for_the_code_blocks_in_turn(pilot):
    pilot.app.transcript.show([Entry("a", "assistant", body="```one``` and ```two```")])
    await pilot.press("c", "c", "c")
    await pilot.pause()
    requests = [(e.text, e.what) for e in pilot.app.heard if isinstance(e, CopyRequested)]
    assert requests == [
        ("one", "code block 1 of 2"),
        ("two", "code block 2 of 2"),
        ("one", "code block 1 of 2"),
    ]


async def test_keys_do_nothing_in_an_empty_chat(pilot):
    pilot.app.transcript.show([])
    await pilot.press("j", "k", "g", "G", "y", "c", "t", "pageup", "pagedown")
    assert chosen(pilot) is None
