from __future__ import annotations

from textual.containers import Vertical
from textual.widgets import Input

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.pane import Pane
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.transcript.widget import Transcript


class Fields(Vertical):
    """Two fields, as a settings pane may have them."""

    def compose(self):
        yield Input(id="one")
        yield Input(id="two")


async def shown(chat: Session) -> tuple[Pane, Fields]:
    fields = Fields()
    await chat.ctx.pane.show(fields)
    await chat.pilot.pause()
    return chat.ctx.pane, fields


def focused_id(chat: Session) -> str | None:
    return chat.app.focused.id if chat.app.focused else None


async def test_it_is_hidden_at_first(chat: Session) -> None:
    assert not chat.ctx.pane.is_open


async def test_what_is_shown_stands_beside_the_conversation_and_has_the_keys(chat: Session) -> None:
    pane, _ = await shown(chat)
    transcript = chat.stage.widgets.transcript
    assert pane.region.x == transcript.region.right
    assert pane.region.right == 120
    await chat.press("x")
    assert pane.query_one("#one", Input).value == "x"


async def test_escape_closes_it_and_goes_to_the_prompt(chat: Session) -> None:
    pane, _ = await shown(chat)
    await chat.press("escape", "y")
    assert not pane.is_open
    assert chat.composer.text == "y"


async def test_escape_in_the_prompt_stops_the_reply_before_it_closes_the_pane(
    chat: Session,
) -> None:
    await chat.say("go")
    pane, _ = await shown(chat)
    chat.ctx.focus(chat.composer)
    await chat.press("escape")
    await chat.sees("Stopped before anything came")
    assert pane.is_open
    await chat.press("escape")
    assert not pane.is_open


async def test_the_parts_are_gone_through_with_the_pane_among_them(chat: Session) -> None:
    pane, _ = await shown(chat)
    await chat.press("f6")
    seen = [type(chat.app.focused)]
    for _ in range(3):
        await chat.press("tab")
        seen.append(Pane if pane.has_focus_within else type(chat.app.focused))
    assert seen == [Sidebar, Composer, Transcript, Pane]


async def test_the_focus_comes_back_to_where_it_was(chat: Session) -> None:
    pane, fields = await shown(chat)
    chat.ctx.focus(fields.query_one("#two"))
    await chat.press("f6", "shift+tab")
    pane.close()
    assert isinstance(chat.app.focused, Composer)
    await pane.show(fields)
    assert focused_id(chat) == "two"


async def test_another_widget_takes_its_place_and_the_first_is_kept(chat: Session) -> None:
    pane, first = await shown(chat)
    await chat.press("x")
    _, second = await shown(chat)
    assert (first.display, second.display) == (False, True)
    await pane.show(first)
    assert (first.display, second.display) == (True, False)
    assert first.query_one("#one", Input).value == "x"


async def test_toggling_closes_it_only_when_it_has_the_keys(chat: Session) -> None:
    pane, fields = await shown(chat)
    chat.ctx.focus(chat.composer)
    await pane.toggle(fields)
    assert pane.has_focus_within
    await pane.toggle(fields)
    assert not pane.is_open


async def test_on_a_narrow_screen_it_covers_the_conversation(make: Maker) -> None:
    chat = await make(size=(80, 24))
    pane, _ = await shown(chat)
    assert pane.covers
    assert pane.region.width == 80
    assert pane.region.height == 23  # the status line stays
    await chat.press("tab")
    assert pane.has_focus_within
    await chat.press("escape")
    assert not pane.is_open
    assert isinstance(chat.app.focused, Composer)


async def test_a_smaller_terminal_makes_it_cover_and_a_wider_one_no_more(chat: Session) -> None:
    pane, _ = await shown(chat)
    await chat.pilot.resize_terminal(60, 16)
    await chat.until(lambda: pane.region.width == 60)
    await chat.pilot.resize_terminal(120, 40)
    await chat.until(lambda: pane.region.width == 44)


async def test_widths_change_by_keys_within_bounds_and_are_remembered(make: Maker) -> None:
    desk = FakeDesk()
    chat = await make(desk)
    pane, _ = await shown(chat)
    before = pane.region.width
    await chat.press("alt+left")
    await chat.until(lambda: pane.region.width == before + 4)
    await chat.press(*["alt+left"] * 30)
    await chat.until(lambda: pane.region.width > before + 4)
    assert chat.stage.widgets.transcript.region.width >= 40
    await chat.press(*["alt+right"] * 30)
    await chat.until(lambda: pane.region.width == 30)
    chat.ctx.focus(chat.ctx.sidebar)
    await chat.press(">")
    await chat.until(lambda: desk.memory.kept == {"pane.width": 30, "sidebar.width": 32})
    again = await make(desk)
    assert again.ctx.sidebar.region.width == 32
    again_pane, _ = await shown(again)
    assert again_pane.region.width == 30


async def test_quitting_at_once_remembers_too(make: Maker) -> None:
    desk = FakeDesk()
    chat = await make(desk)
    await chat.press("alt+right", "ctrl+q")
    await chat.until(lambda: chat.app._exit)
    assert desk.memory.kept == {"pane.width": 40}
