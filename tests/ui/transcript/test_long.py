from __future__ import annotations

import pytest

from tests.paint.test_bad_input import HUGE
from tests.paint.texts import COLOURS, CORPUS
from tests.ui.transcript.stage import screen, until
from tests.ui.transcript.test_reading import Reading
from tui.paint.rendering import Rendering
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.laid import AT_ONCE, SLICE
from tui.ui.widgets.transcript.long import LONG, LongText
from tui.ui.widgets.transcript.place import Place

NUMBERED = "".join(f"- item {number}\n" for number in range(6_000))
BIG = f"# Top\n\n{NUMBERED}\nThe *end*"


def make(source: str) -> Rendering:
    return Rendering(COLOURS, 80, source)


def lines(text: LongText | Rendering) -> list[str]:
    return [text.line(index).text for index in range(len(text))]


def opened(source: str) -> LongText:
    text = LongText(make, source)
    text.finish()
    text.lay_out(AT_ONCE)
    return text


@pytest.fixture
async def pilot():
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        yield pilot


async def all_laid_out(pilot) -> None:
    transcript = pilot.app.transcript
    await until(lambda: not transcript._view.behind(), 30)


def test_the_beginning_and_the_end_are_there_at_once() -> None:
    text = opened(BIG)
    assert text.is_behind
    assert lines(text)[:3] == ["Top", "", "• item 0"]
    assert lines(text)[-3:] == ["• item 5999", "", "The end"]


def test_in_the_end_the_lines_are_those_of_the_whole_text() -> None:
    source = "\n\n".join(CORPUS * (1 + LONG // sum(map(len, CORPUS))))
    text = opened(source)
    while text.is_behind:
        text.lay_out(4_000)
    whole = make(source)
    whole.finish()
    whole.lay_out()
    assert [text.line(index) for index in range(len(text))] == [
        whole.line(index) for index in range(len(whole))
    ]
    assert text.landmarks() == whole.landmarks()
    assert text.code_blocks() == whole.code_blocks()


def test_the_height_is_about_right_from_the_first() -> None:
    first = len(opened(BIG))
    assert first == pytest.approx(6_004, rel=0.1)


def test_what_arrives_meanwhile_is_at_both_ends() -> None:
    text = LongText(make, BIG)
    text.lay_out(AT_ONCE)
    text.append(" has moved")
    text.lay_out(4_000)
    assert lines(text)[-1] == "The end has moved"
    text.finish()
    while text.is_behind:
        text.lay_out(4_000)
    assert lines(text)[-1] == "The end has moved"


def test_a_settled_line_stays_what_it_is() -> None:
    text = opened(BIG)
    while text.is_behind:
        before = lines(text)[: text.settled - 1]
        text.lay_out(20_000)
        assert lines(text)[: len(before)] == before


async def test_a_long_entry_opens_at_its_end_at_once(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show([Entry("big", "assistant", head="Head", body=BIG, foot="foot")])
    before = screen(transcript)
    assert [line for line in before if line][-2:] == ["The end", "foot"]
    assert transcript._view.behind()
    await all_laid_out(pilot)
    assert screen(transcript) == before
    assert transcript.at_tail
    assert transcript.virtual_size.height == 6_000 + 7


async def test_what_is_read_above_the_end_stays_while_the_rest_is_laid_out(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show([Entry("big", "assistant", head="Head", body=BIG, foot="foot")])
    await pilot.press("pageup")
    before = screen(transcript)
    assert transcript._view.behind()
    await all_laid_out(pilot)
    assert screen(transcript) == before


async def test_a_long_entry_opens_at_its_top_at_once_and_stays_there(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show(
        [Entry("big", "assistant", head="Head", body=BIG)], Place("big", 0, False, None)
    )
    before = screen(transcript)
    assert before[:4] == ["Head", "Top", "", "• item 0"]
    assert transcript._view.behind()
    await all_laid_out(pilot)
    assert screen(transcript) == before


async def test_a_resize_shows_the_end_of_a_long_entry_at_once(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show([Entry("big", "assistant", head="Head", body=BIG, foot="foot")])
    await all_laid_out(pilot)
    await pilot.resize_terminal(60, 20)
    assert "The end" in screen(transcript)


async def test_a_hit_deep_in_a_long_entry_is_found(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show([Entry("big", "assistant", head="Head", body=BIG)])
    tally = transcript.find("item 3210")
    assert tally.total == 1
    await all_laid_out(pilot)
    transcript.find_next()
    assert "• item 3210" in screen(transcript)


async def test_above_the_end_there_is_something_to_read_before_the_rest_is_laid_out(pilot) -> None:
    transcript = pilot.app.transcript
    transcript.show([Entry("big", "assistant", head="Head", body=BIG, foot="foot")])
    seen: list[str] = []
    for _ in range(30):
        transcript.action_page_up()
        seen = [*screen(transcript)[:-1], *seen]
    assert transcript._view.behind()
    numbers = [int(line.split()[-1]) for line in seen if "item" in line]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) == len([line for line in seen if line]) > 600
    before = screen(transcript)
    await all_laid_out(pilot)
    assert screen(transcript) == before


def test_far_from_both_ends_nothing_is_laid_out_at_once() -> None:
    text = opened(BIG)
    assert not text.reach(len(text) // 2)
    assert not text.reach(0)
    assert not text.reach(len(text) - 1)
    height = len(text)
    top = next(index for index in range(height) if index > text.settled and text.line(index).text)
    assert text.reach(top - 10)
    assert text.line(top - 10).text
    assert len(text) == height


def test_all_of_the_end_can_be_reached() -> None:
    source = "".join(f"para {number}\n\n" for number in range(4_000))
    text = opened(source)
    while blank := [at for at in range(len(text) - 1) if not _is_there(text, at)]:
        if not text.reach(blank[-1]):
            break
    shown = [line for line in lines(text) if line]
    assert len(shown) > 3_800


def _is_there(text: LongText, index: int) -> bool:
    return bool(text.line(index).text or text.line(index + 1).text)


@pytest.mark.parametrize("source", HUGE.values(), ids=HUGE.keys())
def test_whatever_it_is_it_opens_and_goes_on_with_bounded_work(source: str) -> None:
    made: list[Rendering] = []

    def made_of(part: str) -> Rendering:
        made.append(make(part))
        return made[-1]

    def work() -> int:
        return sum(rendering.work for rendering in made)

    text = LongText(made_of, source * (1 + 2 * LONG // len(source)))
    text.finish()
    before = 0
    for _ in range(8):
        text.lay_out(SLICE)
        text.reach(max(0, len(text) - 60))
        assert work() - before <= 250_000
        before = work()
    height = len(text)
    assert all(text.line(index).cell_length <= 80 for index in range(max(0, height - 60), height))


async def test_five_megabytes_open_with_little_work_and_scroll(pilot) -> None:
    transcript = pilot.app.transcript
    body = ("Some *text* with `code`.\n\n```py\nx = 1\n```\n\n" * 110_000) + "The end"
    transcript.show([Entry("big", "assistant", head="Head", body=body)])
    assert "The end" in screen(transcript)
    laid = transcript._sheet.seen(0)
    assert laid.settled_lines.stop < 2_000
    transcript.action_page_up()
    assert " x = 1" in screen(transcript)
    transcript.action_first()
    assert screen(transcript)[1] == "Some text with code."
