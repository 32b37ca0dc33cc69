from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.paint.texts import markdown
from tui.paint.ending import part_before


def end_of(source: str, size: int) -> str:
    return part_before(source, len(source), size).source


def test_a_short_text_is_its_own_end() -> None:
    assert part_before("some text", 9, 100) == (0, "some text", False)


def test_the_end_begins_with_a_paragraph() -> None:
    source = "words and\n\n" * 50 + "last *one"
    assert part_before(source, len(source), 15) == (550, "last *one", True)


def test_what_comes_before_an_end_ends_where_that_begins() -> None:
    source = "words and\n\n" * 50 + "last *one"
    assert part_before(source, 550, 15) == (539, "words and\n\n", True)


def test_an_item_of_a_list_is_no_place_to_begin_but_the_line_is() -> None:
    assert end_of("- item\n\n" * 50, 17) == "- item\n\n- item\n\n"


def test_in_a_fence_its_first_line_stands_before_the_end() -> None:
    source = "text\n\n```py\n" + "x = 1\n\ny = 2\n" * 50
    assert end_of(source, 7) == "```py\ny = 2\n"


def test_fences_that_are_closed_are_no_matter() -> None:
    source = "```py\nx\n```\n\n~~~\n```\n~~~\n\n" + "text\n\n" * 50 + "end"
    assert end_of(source, 12) == "text\n\nend"


def test_a_line_without_end_is_cut_anywhere() -> None:
    assert end_of("x" * 1000, 10) == "x" * 10


@given(markdown, st.integers(1, 40), st.integers(0, 40))
def test_parts_follow_each_other_without_loss(source: str, size: int, left: int) -> None:
    end = max(0, len(source) - left)
    taken = ""
    at = end
    while at > 0:
        part = part_before(source, at, size)
        assert part.begin < at
        text = source[part.begin : at]
        assert part.source.endswith(text)
        assert part.source == text or part.source.lstrip()[:3] in {"```", "~~~"}
        taken, at = text + taken, part.begin
    assert taken == source[:end]
