from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.paint.texts import markdown
from tui.paint.ending import end_of


def test_a_short_text_is_its_own_end() -> None:
    assert end_of("some text", 100) == "some text"


def test_the_end_begins_with_a_paragraph() -> None:
    assert end_of("words and\n\n" * 50 + "last *one", 15) == "last *one"


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


@given(markdown, st.integers(1, 40))
def test_it_is_an_end_perhaps_with_a_fence_before_it(source: str, size: int) -> None:
    end = end_of(source, size)
    fence, _, rest = end.partition("\n")
    assert source.endswith(end) or (source.endswith(rest) and fence.lstrip()[:3] in {"```", "~~~"})
