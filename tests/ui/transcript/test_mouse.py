from __future__ import annotations

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from tests.ui.transcript.stage import Stage, chat, screen
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.messages import LinkChosen
from tui.ui.widgets.transcript.widget import Transcript


@pytest.fixture
async def pilot():
    async with Stage().run_test(size=(40, 12)) as pilot:
        yield pilot


async def drag(pilot, start: tuple[int, int], end: tuple[int, int]) -> object:
    await pilot.mouse_down(offset=start)
    await pilot.hover(offset=end)
    await pilot.mouse_up(offset=end)
    return pilot.app.screen.get_selected_text()


async def test_text_is_selected_across_entries(pilot):
    pilot.app.transcript.show(chat(2))
    assert await drag(pilot, (7, 2), (5, 6)) == "0.1\ntext 0.2\n\nHead 1\ntext"


async def test_text_in_wide_characters_is_selected_by_what_is_under_the_mouse(pilot):
    pilot.app.transcript.show([Entry("a", "user", body="日本語 text")])
    assert await drag(pilot, (4, 0), (6, 0)) == "本語"


async def test_the_selection_is_painted(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "user", body="日本語 text")])
    before = transcript.render_lines(transcript.size.region)[0]
    await drag(pilot, (4, 0), (6, 0))
    await pilot.pause()
    after = transcript.render_lines(transcript.size.region)[0]
    assert after.crop(0, 4) == before.crop(0, 4)
    assert after.crop(4, 8) != before.crop(4, 8)
    assert after.crop(8) == before.crop(8)
    assert after.text == before.text


async def test_the_selection_stays_on_its_text_when_the_view_scrolls(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(50))
    await drag(pilot, (2, 9), (9, 9))
    text = pilot.app.screen.get_selected_text()
    transcript.scroll_to(y=transcript.scroll_y - 30)
    assert pilot.app.screen.get_selected_text() == text == screen(transcript)[9] or text


async def test_another_chat_has_no_selection(pilot):
    pilot.app.transcript.show(chat(2))
    await drag(pilot, (7, 2), (5, 6))
    pilot.app.transcript.show(chat(3))
    assert not pilot.app.screen.selections


async def test_everything_selected_is_everything_copied(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(300, lines=1))
    transcript.text_select_all()
    text = pilot.app.screen.get_selected_text()
    assert all(f"text {number}.0" in text for number in range(300))


async def test_a_click_chooses_an_entry(pilot):
    pilot.app.transcript.show(chat(2))
    await pilot.click(offset=(5, 6))
    assert pilot.app.transcript.place().selected == "m1"


async def test_a_double_click_selects_a_word(pilot):
    pilot.app.transcript.show([Entry("a", "user", body="日本 one-two, three")])
    await pilot.click(Transcript, offset=(9, 0), times=2)
    assert pilot.app.screen.get_selected_text() == "one-two"


async def test_a_double_click_on_nothing_selects_nothing(pilot):
    pilot.app.transcript.show([Entry("a", "user", body="one")])
    await pilot.click(Transcript, offset=(20, 0), times=2)
    assert not pilot.app.screen.get_selected_text()


async def test_a_click_on_a_link_is_told_and_chooses_nothing(pilot):
    pilot.app.transcript.show([*chat(1), Entry("a", "user", body="[here](file:///etc/passwd)")])
    await pilot.click(offset=(3, 5))
    await pilot.pause()
    (event,) = [e for e in pilot.app.heard if isinstance(e, LinkChosen)]
    assert event.url == "file:///etc/passwd"


async def test_a_click_below_the_end_does_nothing(pilot):
    pilot.app.transcript.show(chat(1))
    await pilot.click(offset=(5, 10))
    assert pilot.app.transcript.place().at_tail


async def test_the_wheel_leaves_the_end_and_comes_back_to_it(pilot):
    transcript = pilot.app.transcript
    transcript.show(chat(20))
    before = screen(transcript)
    await pilot._post_mouse_events([MouseScrollUp], widget=transcript, offset=(5, 5))
    assert not transcript.at_tail
    assert screen(transcript)[2:] == before[:-2]
    await pilot._post_mouse_events([MouseScrollDown], widget=transcript, offset=(5, 5))
    assert transcript.at_tail
    assert screen(transcript) == before
