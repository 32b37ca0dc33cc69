from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.ui.widgets.transcript.difference import difference

BOLD, RED = Style(bold=True), Style(color="red")
WIDTH = 24


def strip(*pieces: tuple[str, Style]) -> Strip:
    return Strip([Segment(*piece) for piece in pieces]).adjust_cell_length(WIDTH)


def test_lines_that_look_the_same_do_not_differ():
    assert difference(strip(("one", BOLD)), strip(("one", BOLD))) == (0, 0)


def test_text_added_at_the_end_differs_only_there():
    assert difference(strip(("one", BOLD)), strip(("one two", BOLD))) == (3, 7)


def test_another_style_differs():
    assert difference(strip(("one", BOLD)), strip(("one", RED))) == (0, 3)


def test_a_changed_word_in_the_middle_differs_alone():
    old, new = strip(("one two six", BOLD)), strip(("one ten six", BOLD))
    assert difference(old, new) == (5, 7)


def test_text_with_accents_differs_from_a_space_on():
    assert difference(strip(("l’été est", BOLD)), strip(("l’été est là", BOLD)))[0] == 9
    assert difference(strip(("l’ét", BOLD)), strip(("l’été", BOLD)))[0] == 0


def test_a_joiner_does_not_split_what_it_joins():
    assert difference(strip(("a 👨", BOLD)), strip(("a 👨\u200d👩", BOLD)))[0] == 1


PIECES = st.lists(
    st.tuples(st.text(st.sampled_from("ab é日"), max_size=5), st.sampled_from([BOLD, RED])),
    max_size=3,
)


@given(PIECES, PIECES)
def test_putting_the_difference_into_the_old_line_gives_the_new_one(before, after):
    old, new = strip(*before), strip(*after)
    start, end = difference(old, new)
    mended = Strip.join([old.crop(0, start), new.crop(start, end), old.crop(end)])
    assert cells(mended) == cells(new)


def cells(line: Strip) -> list[tuple[str, Style | None]]:
    return [(char, style or None) for text, style, _ in line for char in text]
