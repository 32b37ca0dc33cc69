from __future__ import annotations

import pytest
from textual.geometry import Region

from tests.ui.transcript.stage import Stage, chat, screen, until
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.place import Place


@pytest.fixture
async def pilot():
    async with Stage().run_test(size=(40, 12)) as pilot:
        yield pilot


async def test_an_empty_chat_is_blank(pilot):
    assert screen(pilot.app.transcript) == [""] * 12


async def test_a_chat_opens_at_its_end(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(20))
    assert transcript.at_tail
    assert screen(transcript)[-6:] == ["", "Head 19", "text 19.0", "text 19.1", "text 19.2", ""]


async def test_opening_ten_thousand_entries_lays_out_only_what_is_in_view(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(10_000))
    await pilot.pause()
    assert pilot.app.press.made <= 4


async def test_a_chat_that_was_shown_before_it_had_a_size_opens_as_well():
    class Eager(Stage):
        def on_mount(self) -> None:
            self.transcript.show(chat(20), Place("m3", 1, False, "m4"))

    stage = Eager()
    async with stage.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert screen(stage.transcript)[:2] == ["text 3.0", "text 3.1"]
        assert stage.transcript.place() == Place("m3", 1, False, "m4")


async def test_the_place_is_found_again_after_another_chat(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(100))
    await pilot.press("g", "j", "j", "pagedown", "pagedown")
    before, place = screen(transcript), transcript.place()
    transcript.show(chat(3, lines=50))
    transcript.show(chat(100), place)
    assert screen(transcript) == before
    assert transcript.place() == place
    assert place.selected == "m2"


async def test_a_place_whose_entry_is_gone_is_the_end(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(20), Place("gone", 2, False, "gone"))
    assert transcript.at_tail


async def test_the_end_is_followed_while_text_arrives(pilot):
    transcript = pilot.app.transcript
    transcript.show([*chat(5), Entry("live", "assistant", head="Live", live=True)])
    for number in range(40):
        transcript.append_text("live", f"word {number}\n")
        transcript.flush()
        assert f"word {number}" in screen(transcript)
    assert transcript.at_tail


async def test_the_view_moves_in_steps_while_text_arrives(pilot):
    transcript = pilot.app.transcript
    transcript.show([*chat(5), Entry("live", "assistant", head="Live", live=True)])
    tops = set()
    for number in range(40):
        transcript.append_text("live", f"word {number}\n")
        transcript.flush()
        tops.add(transcript.scroll_y)
    assert len(tops) <= 12


async def test_the_first_delta_is_painted_at_once_and_the_next_ones_together(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("live", "assistant", head="Live", live=True)])
    transcript.append_text("live", "first")
    assert "first" in screen(transcript)
    laid_out = pilot.app.press.laid_out
    for _ in range(20):
        transcript.append_text("live", " more")
    assert pilot.app.press.laid_out == laid_out
    await until(lambda: " ".join(screen(transcript)).count("more") == 20)
    assert pilot.app.press.laid_out <= laid_out + 2


async def test_no_timer_runs_when_nothing_arrives(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("live", "assistant", live=True)])
    transcript.append_text("live", "word")
    await until(lambda: transcript._beat is None)


async def test_a_reader_who_scrolled_away_sees_nothing_move(pilot):
    transcript = pilot.app.transcript
    transcript.show([*chat(10), Entry("live", "assistant", head="Live", live=True)])
    await pilot.press("pageup")
    before, laid_out = screen(transcript), pilot.app.press.laid_out
    for number in range(30):
        transcript.append_text("live", f"word {number}\n")
        transcript.flush()
    assert screen(transcript) == before
    assert pilot.app.press.laid_out == laid_out
    assert not transcript.at_tail
    await pilot.pause()
    told = [(e.at_tail, e.more) for e in pilot.app.heard if hasattr(e, "more")]
    assert told == [(False, False), (False, True)]
    transcript.go_to_tail()
    await pilot.pause()
    assert "word 29" in screen(transcript)
    assert (pilot.app.heard[-1].at_tail, pilot.app.heard[-1].more) == (True, False)


async def test_a_reader_within_a_growing_reply_sees_nothing_move(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("live", "assistant", head="Live", live=True, body="line\n" * 100)])
    await pilot.press("pageup")
    before, laid_out = screen(transcript), pilot.app.press.laid_out
    transcript.append_text("live", "and more\n" * 50)
    transcript.flush()
    assert screen(transcript) == before
    assert pilot.app.press.laid_out == laid_out
    await pilot.press("pagedown", "pagedown")
    assert "and more" in screen(transcript)[-1]
    assert not transcript.at_tail


async def test_measuring_what_is_above_does_not_move_what_is_in_view(pilot):
    transcript = pilot.app.transcript
    entries = chat(60)
    for entry in entries:
        entry.body += "\n" + "word " * 60  # the guess is wrong: lines break between words
    transcript.show(entries)
    for _ in range(40):
        before = screen(transcript)
        transcript.scroll_to(y=transcript.scroll_y - 1)
        assert screen(transcript)[1:] == before[:-1]


async def test_scrolling_to_the_top_shows_the_first_line(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(500))
    transcript.scroll_to(y=0)
    assert screen(transcript)[:2] == ["Head 0", "text 0.0"]


async def test_after_a_resize_the_same_entry_is_at_the_top(pilot):
    transcript = pilot.app.transcript
    entries = chat(50)
    for entry in entries:
        entry.body = "word " * 40
    transcript.show(entries, Place("m20", 0, False, None))
    made = pilot.app.press.made
    await pilot.resize_terminal(70, 20)
    await pilot.pause()
    assert screen(transcript)[0] == "Head 20"
    assert transcript.place().entry_id == "m20"
    assert pilot.app.press.made - made <= 12


async def test_after_a_resize_the_end_is_still_followed(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(50))
    await pilot.resize_terminal(25, 6)
    await pilot.pause()
    assert screen(transcript)[-2] == "text 49.2"


async def test_a_theme_change_lays_out_only_what_is_in_view(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(1000))
    await pilot.pause()
    before, made = transcript.render_lines(transcript.size.region), pilot.app.press.made
    pilot.app.theme = "textual-light"
    await pilot.pause()
    assert transcript.render_lines(transcript.size.region) != before
    assert pilot.app.press.made - made <= 8


async def test_the_foot_of_a_reply_is_in_view_when_it_ends(pilot):
    transcript = pilot.app.transcript
    transcript.show([*chat(5), Entry("live", "assistant", head="Live", live=True)])
    transcript.append_text("live", "word\n" * 30)
    transcript.amend("live", foot="finished · 1.4 s", live=False)
    transcript.flush()
    assert "finished · 1.4 s" in screen(transcript)


async def test_one_delta_repaints_one_line(pilot):
    transcript = pilot.app.transcript
    transcript.show([*chat(5), Entry("live", "assistant", head="Live", live=True, body="word")])
    await pilot.pause()
    painted: list[tuple[Region, ...]] = []
    transcript.refresh = lambda *regions, **_: painted.append(regions)
    transcript.append_text("live", " more")
    transcript.flush()
    ((region,),) = painted
    assert (region.height, region.width) == (1, len("more"))


async def test_thinking_is_folded_to_one_line(pilot):
    transcript = pilot.app.transcript
    entry = Entry("a", "assistant", head="Head", thinking="deep " * 300, body="so", thought_s=3.2)
    transcript.show([entry])
    assert screen(transcript)[:3] == ["Head", "▸ thought for 3 s, 1.5k characters", "so"]


async def test_thinking_unfolds_and_folds_again(pilot):
    transcript = pilot.app.transcript
    transcript.show([*chat(1), Entry("a", "assistant", head="Head", thinking="deep", body="so")])
    await pilot.press("j", "j", "t")
    assert screen(transcript)[6:10] == ["▾ thought, 4 characters", "deep", "", "so"]
    await pilot.press("t")
    assert screen(transcript)[6:8] == ["▸ thought, 4 characters", "so"]


async def test_thinking_that_arrives_is_counted_until_text_comes(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", head="Head", live=True)])
    transcript.append_thinking("a", "hm")
    assert screen(transcript)[1] == "▸ thinking, 2 characters"
    transcript.append_text("a", "so")
    transcript.flush()
    assert screen(transcript)[1:3] == ["▸ thought for 1 s, 2 characters", "so"]


async def test_unfolded_thinking_grows(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", head="Head", live=True)])
    transcript.append_thinking("a", "one")
    await pilot.press("t")
    transcript.append_thinking("a", "\ntwo")
    transcript.flush()
    assert screen(transcript)[2:4] == ["one", "two"]


async def test_hostile_text_is_inert(pilot):
    transcript = pilot.app.transcript
    hostile = "[/foo] \x1b[31m\x9b\u202e [@click=app.quit]x[/]"
    transcript.show(
        [
            Entry("a", "assistant", head=hostile, foot=hostile, thinking=hostile),
            Entry("b", "notice", body=hostile, tone="error"),
            Entry("c", "\x1b]0;x", body="of an unknown role"),
        ]
    )
    await pilot.pause()
    text = "\n".join(screen(transcript))
    assert text.count("[/foo] ␛[31m��") == 3
    assert not any(char in text for char in "\x1b\x9b\u202e")


async def test_folded_thinking_that_arrives_is_not_rendered(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", head="Head", live=True)])
    for _ in range(20):
        transcript.append_thinking("a", "hm ")
        transcript.flush()
    assert pilot.app.press.made == 0


async def test_text_added_after_the_end_of_a_reply_is_shown(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", body="one")])
    transcript.append_text("a", " two")
    transcript.flush()
    assert screen(transcript)[0] == "one two"


async def test_another_body_takes_the_place_of_what_was_streamed(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", live=True)])
    transcript.append_text("a", "streamed")
    transcript.append_text("a", " and waiting")
    transcript.amend("a", body="mended", live=False)
    assert screen(transcript)[0] == "mended"


async def test_an_id_that_is_not_shown_is_ignored(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(2))
    before = screen(transcript)
    transcript.append_text("other", "x")
    transcript.append_thinking("other", "x")
    transcript.amend("other", foot="x")
    transcript.discard("other")
    assert screen(transcript) == before


async def test_an_entry_taken_out_leaves_no_gap(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(3, lines=1))
    transcript.discard("m1")
    assert screen(transcript)[:6] == ["Head 0", "text 0.0", "", "Head 2", "text 2.0", ""]
    transcript.append_text("m2", "!")
    transcript.flush()
    assert screen(transcript)[4] == "text 2.0!"


async def test_an_entry_taken_out_above_moves_nothing_in_view(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(40), Place("m20", 1, False, None))
    before = screen(transcript)
    transcript.discard("m3")
    assert screen(transcript) == before
    transcript.discard("m21")
    assert screen(transcript)[4:6] == ["Head 22", "text 22.0"]


async def test_an_entry_added_twice_is_there_once(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(1, lines=1))
    transcript.add(Entry("m0", "user", head="Again"))
    assert screen(transcript)[:3] == ["Again", "", ""]


@pytest.mark.parametrize("size", [(20, 5), (3, 1), (1, 1), (300, 100)])
async def test_it_works_at_any_size(size):
    stage = Stage()
    async with stage.run_test(size=size) as pilot:
        transcript = stage.transcript
        transcript.show([*chat(9), Entry("live", "assistant", head="Live · model", live=True)])
        transcript.append_text("live", "日本語 and long words\n" * 20)
        transcript.amend("live", live=False, foot="a foot that is rather long, and wraps")
        transcript.flush()
        await pilot.press("k", "k", "g", "pagedown", "G", "t", "y", "c")
        assert len(screen(transcript)) == size[1]


async def test_coming_back_to_a_chat_lays_out_nothing_anew(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(20))
    before = screen(transcript)
    transcript.show([Entry("m19", "assistant", body="another chat with the same id")])
    transcript.show([])
    made = pilot.app.press.made
    transcript.show(chat(20))
    assert screen(transcript) == before
    assert pilot.app.press.made == made + 1


async def test_thinking_stays_unfolded_over_a_change_of_chat(pilot):
    transcript = pilot.app.transcript
    entries = [Entry("a", "assistant", thinking="deep", body="so")]
    transcript.show(entries)
    await pilot.press("t")
    transcript.show(chat(3))
    transcript.show(entries)
    assert screen(transcript)[:4] == ["▾ thought, 4 characters", "deep", "", "so"]


async def test_what_is_far_away_is_let_go(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(1000))
    for _ in range(400):
        transcript.action_page_up()
    assert transcript.place().entry_id == "m120" or transcript.scroll_y > 0
    assert len(transcript._shelf) <= 200
