from __future__ import annotations

import pytest

from tests.paint.texts import COLOURS, rows, shown, texts, whole
from tui.paint.rendering import Rendering


def test_paragraphs_fill_the_width() -> None:
    assert shown("one two three\nfour", 9) == ["one two", "three", "four"]


def test_emphasis_in_a_long_paragraph_is_found_beyond_a_thousand_characters() -> None:
    source = "word " * 190 + "*" + "inner " * 50 + "end* " + "word " * 300
    found = {s.text for row in rows(whole(source, 7)) for s in row if s.style and s.style.italic}
    assert found == {"inner", "end"}
    assert "*" not in "".join(shown(source))


def test_a_star_that_nothing_closes_is_a_star() -> None:
    source = "a * b " + "word " * 1_000
    assert "".join(shown(source)).count("*") == 1


@pytest.mark.parametrize("source", ["日本語の文。" * 1_000, "x" * 9_000, "a-" * 5_000, "é" * 5_000])
def test_a_paragraph_without_spaces_is_all_there(source: str) -> None:
    assert "".join(shown(source, 50)) == source


def test_long_paragraphs_keep_their_line_breaks() -> None:
    source = ("one  \ntwo\\\n" * 400).removesuffix("\\\n")
    assert shown(source) == ["one", "two"] * 400


def test_headings_have_styles_and_no_hashes() -> None:
    rendering = whole("# one ##\n\n## two\n\nthree\n=====")
    assert texts(rendering) == ["one", "", "two", "", "three"]
    first, second = rendering.line(0), rendering.line(4)
    assert [segment.style for segment in first] == [segment.style for segment in second]
    assert [segment.style for segment in first] != [COLOURS.text]


def test_a_paragraph_turns_into_a_heading_when_it_is_underlined() -> None:
    rendering = Rendering(COLOURS, 40, "Title\n")
    rendering.lay_out()
    rendering.append("---\n")
    assert rendering.lay_out() == 0
    assert rendering.line(0) != Rendering(COLOURS, 40, "Title")


def test_definitions_stay_on_the_screen() -> None:
    assert shown("[a]: /u 'title'\n[b]: /v\ntext") == ["[a]: /u 'title'", "[b]: /v", "text"]


def test_a_task_that_becomes_a_table_is_no_task() -> None:
    rendering = Rendering(COLOURS, 40, "- [ ] a|b\n")
    rendering.lay_out()
    assert texts(rendering) == ["☐ a|b"]
    rendering.append("  -|-\n")
    rendering.lay_out()
    assert texts(rendering)[0] == "•  [ ] a │ b"
