from __future__ import annotations

import pytest

from tests.ui.transcript.stage import Stage, screen
from tests.ui.transcript.test_reading import Reading
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.messages import NothingThere

LONG = "".join(f"{number:03}," for number in range(40))
REPLY = f"words that are wrapped, as always, at the end of the line\n\n```\n{LONG}\n```"


def entries(count: int = 1) -> list[Entry]:
    return [
        Entry(f"m{number}", "assistant", head=f"Reply {number}", body=REPLY)
        for number in range(count)
    ]


@pytest.fixture
async def pilot():
    app = Reading()
    async with app.run_test(size=(44, 20)) as pilot:
        app.transcript.show(entries())
        await pilot.pause()
        yield pilot


def code(pilot) -> str:
    """The first line of the code, with what stands beside it."""
    return next(line for line in screen(pilot.app.transcript) if "," in line and "0" in line)


async def test_code_is_wrapped_until_a_key_says_otherwise(pilot) -> None:
    transcript = pilot.app.transcript
    wrapped = screen(transcript)
    transcript.action_wrap_code()
    assert code(pilot) == " 000,001,002,003,004,005,006,007,008,00›"
    assert len("\n".join(screen(transcript)).split()) < len("\n".join(wrapped).split())
    transcript.action_wrap_code()
    assert screen(transcript) == wrapped


async def test_code_goes_right_and_back_and_nothing_else_does(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.action_wrap_code()
    before = screen(transcript)
    transcript.action_code_right()
    assert code(pilot) == "‹004,005,006,007,008,009,010,011,012,01›"
    after = screen(transcript)
    assert [line for line in before if "0," not in line] == [
        line for line in after if "0," not in line
    ]
    transcript.action_code_left()
    assert screen(transcript) == before


async def test_code_stops_at_its_end(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.action_wrap_code()
    for _ in range(20):
        transcript.action_code_right()
    assert code(pilot).endswith("038,039,")
    await pilot.pause()
    assert [event.what for event in pilot.app.heard if isinstance(event, NothingThere)]


async def test_wrapped_code_has_nothing_to_the_right(pilot) -> None:
    transcript = pilot.app.transcript
    before = screen(transcript)
    transcript.action_code_right()
    assert screen(transcript) == before


async def test_only_the_chosen_message_is_shifted(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show(entries(2))
    transcript.action_wrap_code()
    transcript.action_first()
    transcript.action_code_right()
    lines = [line for line in screen(transcript) if "0," in line]
    assert [line[0] for line in lines] == ["‹", " "]


async def test_more_text_leaves_code_where_it_was_shifted_to(pilot) -> None:
    transcript = pilot.app.transcript
    entry = Entry("live", "assistant", head="Reply", body=REPLY, live=True)
    transcript.show([entry])
    transcript.wraps_code = False
    transcript.action_code_right()
    transcript.append_text("live", "\n\nmore")
    transcript.flush()
    assert code(pilot).startswith("‹004")


async def test_it_can_begin_sideways() -> None:
    app = Stage()
    async with app.run_test(size=(43, 20)):
        assert app.transcript.wraps_code
        app.transcript.wraps_code = False
        assert not app.transcript.wraps_code


async def test_the_line_in_view_stays_when_code_is_wrapped_no_more() -> None:
    app = Reading()
    async with app.run_test(size=(43, 12)) as pilot:
        app.transcript.show(entries(20))
        await pilot.pause()
        app.transcript.action_page_up()
        app.transcript.action_page_up()
        place = app.transcript.place()
        app.transcript.action_wrap_code()
        assert app.transcript.place().entry_id == place.entry_id


async def test_keys_wrap_code_no_more_and_shift_it(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.focus()
    await pilot.press("w")
    assert code(pilot).startswith(" 000")
    await pilot.press("l", "right")
    assert code(pilot).startswith("‹008")
    await pilot.press("h", "left")
    assert code(pilot).startswith(" 000")
