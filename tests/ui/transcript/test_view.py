from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tests.ui.transcript.fake_rendering import Press
from tui.paint.palette import Palette
from tui.ui.widgets.transcript.dress import Dress
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.look import Look
from tui.ui.widgets.transcript.sheet import Sheet
from tui.ui.widgets.transcript.shelf import Shelf
from tui.ui.widgets.transcript.view import STEP, View

if TYPE_CHECKING:
    from collections.abc import Sequence

DRESS = Dress.of(Style(), lambda _: Style())


def look(cells: int = 40) -> Look:
    return Look(cells, DRESS, Palette.plain(), Press())


def view_of(bodies: Sequence[str], height: int) -> View:
    entries = [Entry(str(number), "user", body=body) for number, body in enumerate(bodies)]
    view = View(Sheet(entries, look(), Shelf()), height)
    view.go(None)
    return view


def texts(view: View) -> list[str]:
    return [view.sheet.seen(index).plain(line) for index, line in view.rows()]


def check(view: View) -> None:
    sheet = view.sheet
    assert 0 <= view.top <= view.last_top
    for index in view.visible():
        assert sheet.heights[index] == sheet.seen(index).height
    missing = view.height - len(view.rows())
    if sheet.heights.total >= view.height:
        assert 0 <= missing < STEP
    if view.at_tail and len(sheet):
        assert view.rows()[-1] == (len(sheet) - 1, sheet.heights[len(sheet) - 1] - 1)


BODIES = st.lists(st.text(st.sampled_from("abc \n"), max_size=300), max_size=12)


@given(BODIES, st.integers(1, 12), st.data())
def test_whatever_happens_the_view_is_sound(bodies, height, data):
    view = view_of(bodies, height)
    check(view)
    for number in range(data.draw(st.integers(1, 12))):
        known = st.integers(0, max(0, len(view.sheet) - 1))
        match data.draw(st.sampled_from(["scroll", "append", "add", "remove", "reshape", "fold"])):
            case "scroll":
                view.scroll(data.draw(st.integers(0, view.last_top)))
            case "append" if len(view.sheet):
                entry = view.sheet.entries[data.draw(known)]
                view.sheet.append(entry.id, data.draw(st.text("ab \n", max_size=99)))
            case "add":
                view.sheet.add(Entry(f"new{number}", "assistant", thinking="deep", body="x\n" * 9))
            case "remove" if len(view.sheet):
                view.remove(view.sheet.entries[data.draw(known)].id)
            case "fold" if len(view.sheet):
                view.sheet.fold(data.draw(known))
            case "reshape":
                view.reshape(look(data.draw(st.integers(4, 60))), data.draw(st.integers(1, 12)))
        if view.at_tail:
            view.follow(data.draw(st.integers(0, STEP - 1)))
        else:
            view.settle()
        check(view)


@given(BODIES, st.integers(2, 12), st.integers(0, 200))
def test_scrolling_up_by_a_line_moves_everything_by_a_line(bodies, height, start):
    view = view_of(bodies, height)
    view.scroll(min(start, view.last_top))
    while view.top > 0:
        before = texts(view)
        view.scroll(view.top - 1)
        after = texts(view)
        assert after[1 : len(before)] == before[: len(after) - 1] or view.top == 0


@given(BODIES, st.integers(2, 12), st.text("ab \n", max_size=200), st.data())
def test_text_that_arrives_moves_nothing_under_a_reader_who_is_away(bodies, height, delta, data):
    view = view_of([*bodies, "live"], height)
    if not view.last_top:
        return
    view.scroll(data.draw(st.integers(0, view.last_top - 1)))
    if view.at_tail:
        return
    before = texts(view)
    view.sheet.append(str(len(bodies)), delta)
    view.settle()
    live = [at for at, (index, _) in enumerate(view.rows()) if index == len(bodies)]
    still = live[0] if live else len(before)
    assert texts(view)[:still] == before[:still]


def test_a_step_leaves_room_below_and_then_nothing_moves():
    view = view_of(["word\n" * 30], 20)
    view.sheet.append("0", "one\n")
    view.follow(STEP - 1)
    top = view.top
    for _ in range(STEP - 1):
        view.sheet.append("0", "more\n")
        view.follow(STEP - 1)
        assert view.top == top
    view.sheet.append("0", "more\n")
    view.follow(STEP - 1)
    assert view.top == top + STEP


def test_leaving_the_end_by_one_line_is_leaving_it():
    view = view_of(["word\n" * 30], 20)
    view.sheet.append("0", "one\n")
    view.follow(STEP - 1)
    view.scroll(view.top - 1)
    assert not view.at_tail
    view.scroll(view.top + 1)
    assert view.at_tail
