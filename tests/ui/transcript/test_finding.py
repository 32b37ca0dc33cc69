from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tests.ui.transcript.fake_rendering import Press
from tests.ui.transcript.stage import Stage, chat, until
from tui.paint.palette import Palette
from tui.ui.widgets.transcript.dress import Dress
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.finding import Hits, Query, Tally
from tui.ui.widgets.transcript.laid import Laid
from tui.ui.widgets.transcript.look import Look, render_markdown
from tui.ui.widgets.transcript.sheet import Sheet
from tui.ui.widgets.transcript.shelf import Shelf

DRESS = Dress.of(Style(), lambda _: Style())


def laid(source: str, cells: int = 40, around: str = "") -> Laid:
    look = Look(cells, DRESS, Palette.plain(), render_markdown)
    return Laid(Entry("a", "assistant", around, source, foot=around), look, unfolded=False)


def marked(words: str, entry: Laid) -> list[list[str]]:
    """The text of each hit, in parts if it is broken over lines."""
    spots = Query(words).spots(entry, entry.text_lines)
    return [[entry.plain(s.line)[s.start : s.end] for s in parts] for parts in spots]


@pytest.mark.parametrize(
    ("words", "source", "count"),
    [
        ("cheese", "Cheese and CHEESE", 2),
        ("Cheese", "Cheese and CHEESE", 1),
        ("é", "É é e", 2),
        ("best cheese", "best\ncheese, best  cheese", 2),
        ("best cheese", "the **best** *cheese*", 1),
        ("best.", "the **best**.", 1),
        ("cheese blue", "> cheese\n> blue", 1),
        ("**kwargs", "`**kwargs`", 1),
        ("a_b", "a_b", 1),
        ("(.*)", "a (.*) b", 1),
        ("x", "", 0),
        ("one two", "one three two", 0),
    ],
)
def test_hits_are_counted_in_sources(words: str, source: str, count: int) -> None:
    assert Query(words).count(source) == count


@pytest.mark.parametrize("words", ["", " ", "\t \n"])
def test_blanks_alone_are_no_query(words: str) -> None:
    assert not Query(words)


def test_hits_are_marked_in_the_lines_as_they_stand() -> None:
    entry = laid("# Best\n\nthe **best** cheese\n\n- best", around="best")
    assert marked("best", entry) == [["Best"], ["best"], ["best"]]
    assert marked("the best cheese", entry) == [["the best cheese"]]


def test_a_hit_that_is_broken_over_lines_is_marked_in_both() -> None:
    entry = laid("some words before the **blue** cheese", cells=32)
    assert marked("blue cheese", entry) == [["blue", "cheese"]]
    quoted = laid("> some words before the blue cheese", cells=32)
    assert marked("blue cheese", quoted) == [["blue", "cheese"]]


@given(st.text(st.sampled_from("ab *_`\n"), max_size=80), st.text("ab ", min_size=1, max_size=4))
def test_every_hit_on_the_lines_of_plain_words_is_what_was_looked_for(
    source: str, words: str
) -> None:
    query = Query(words)
    if query:
        for parts in marked(words, laid(source)):
            found = "".join(part.replace("•", "") for part in parts)
            assert [c for c in found if c in "ab"] == [c for c in words if c in "ab"]


@pytest.mark.parametrize("source", ["*" * 300_000, " " * 300_000, "a" + " *" * 150_000])
def test_no_text_makes_the_search_slow(source: str) -> None:
    """It would not end before the suite does if it were not linear."""
    assert Query("a  b").count(source + "b") == 0


def sheet(*bodies: str) -> Sheet:
    entries = [Entry(str(n), "user", body=body) for n, body in enumerate(bodies)]
    return Sheet(entries, Look(40, DRESS, Palette.plain(), Press()), Shelf())


def test_the_way_from_hit_to_hit_wraps_at_both_ends() -> None:
    hits = Hits(sheet("", "x x", "", "x", ""), Query("x"))
    assert (hits.counts, hits.total) == ([0, 2, 0, 1, 0], 3)
    assert hits.first_from(0, 0) == (1, 0, "")
    assert hits.first_from(1, 2) == (3, 0, "")
    assert hits.first_from(3, 1) == (1, 0, "top")
    assert hits.last_before(3, 0) == (1, 1, "")
    assert hits.last_before(1, 0) == (3, 0, "bottom")
    assert hits.tally(3, 0) == Tally(3, 3)


def test_text_that_has_not_been_taken_in_is_searched_as_well() -> None:
    page = sheet("one")
    page.append("0", " needle")
    assert Hits(page, Query("needle")).total == 1


def test_thinking_is_searched_when_it_is_unfolded() -> None:
    page = sheet("one")
    page.entries[0].thinking = "needle"
    assert Hits(page, Query("needle")).total == 0
    page.fold(0)
    assert Hits(page, Query("needle")).total == 1


async def test_searching_thousands_of_messages_lays_out_only_where_it_goes() -> None:
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        transcript = stage.transcript
        transcript.show(chat(5000))
        await pilot.pause()
        for words in ("t", "te", "text 2500.", "text 17."):
            before = stage.press.made
            assert transcript.find(words).total > 0
            assert stage.press.made - before <= 12
        before = stage.press.made
        assert transcript.find_next() == Tally(1, 3, "top")
        assert stage.press.made - before <= 8


async def test_a_frame_while_hits_are_marked_touches_only_what_is_in_view() -> None:
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        transcript = stage.transcript
        transcript.show([*chat(3), Entry("long", "assistant", body="needle word\n" * 2000)])
        await until(lambda: transcript.virtual_size.height > 2000)
        transcript.find("needle")
        await pilot.pause()
        before = stage.press.lines
        transcript.action_page_up()
        assert stage.press.lines - before <= 80


async def test_a_hit_far_down_in_a_very_long_message_is_reached_as_it_is_laid_out() -> None:
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        transcript = stage.transcript
        body = "some words\n" * 20_000 + "the needle\n" + "some words\n" * 20_000
        transcript.show([*chat(9), Entry("big", "assistant", body=body)])
        await pilot.press("g")
        transcript.find("needle")
        text = transcript.render_lines(transcript.size.region)
        assert not any("needle" in strip.text for strip in text)
        await until(
            lambda: any(
                "needle" in strip.text for strip in transcript.render_lines(transcript.size.region)
            ),
            seconds=60,
        )
        before = transcript.render_lines(transcript.size.region)
        await until(lambda: transcript._beat is None)
        assert transcript.render_lines(transcript.size.region) == before


async def test_text_that_streams_in_below_leaves_the_reader_at_the_hit() -> None:
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        transcript = stage.transcript
        transcript.show([*chat(40), Entry("live", "assistant", live=True)])
        assert transcript.find("text 5.1").number == 1
        before = transcript.render_lines(transcript.size.region)
        transcript.append_text("live", "text 5.1 again\n" * 20)
        transcript.flush()
        await pilot.pause()
        assert transcript.render_lines(transcript.size.region) == before
        assert transcript.find_next() == Tally(2, 21)


async def test_a_hit_at_the_end_of_a_reply_stays_in_view_while_more_streams_in() -> None:
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        transcript = stage.transcript
        transcript.show([*chat(9), Entry("live", "assistant", body="the needle", live=True)])
        await pilot.pause()
        assert transcript.find("needle").number == 1
        transcript.append_text("live", "\nmore" * 40)
        transcript.flush()
        strips = transcript.render_lines(transcript.size.region)
        assert any("needle" in strip.text for strip in strips)


async def test_lines_with_marks_that_did_not_change_are_not_made_anew() -> None:
    stage = Stage()
    async with stage.run_test(size=(40, 12)) as pilot:
        transcript = stage.transcript
        transcript.show([*chat(9), Entry("live", "assistant", body="text", live=True)])
        await pilot.pause()
        transcript.find("text")
        before = transcript.render_lines(transcript.size.region)
        transcript.append_text("live", " and text")
        transcript.flush()
        after = transcript.render_lines(transcript.size.region)
        changed = [old.text for old, new in zip(before, after, strict=True) if old is not new]
        assert len(changed) == 1
