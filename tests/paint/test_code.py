from __future__ import annotations

import pytest
from rich.style import Style

from tests.paint.texts import COLOURS, rows, shown, whole
from tui.paint.highlight import lexer_for
from tui.paint.rendering import Rendering


def styles(source: str) -> dict[str, Style | None]:
    return {segment.text.strip(): segment.style for row in rows(whole(source)) for segment in row}


def test_code_is_as_wide_as_the_screen() -> None:
    rendering = whole("```\nx\n\n```", 20)
    assert [rendering.plain_line(index) for index in range(len(rendering))] == [
        " x                  ",
        " " * 20,
    ]
    assert all(segment.style == COLOURS.code_block for row in rows(rendering) for segment in row)


def test_the_language_stands_above() -> None:
    assert shown("```python title=x\npass\n```") == [" python", " pass"]


def test_known_languages_are_coloured() -> None:
    found = styles("```python\ndef f():\n    return 'x'  # why\n```")
    assert found["def"] != found["f"] != found["# why"] != found["def"]


@pytest.mark.parametrize("language", ["", "nonsense", "text", "../x", "💥"])
def test_unknown_languages_are_plain(language: str) -> None:
    found = styles(f"```{language}\ndef f(): pass\n```")
    assert found["def f(): pass"] == COLOURS.code_block


@pytest.mark.parametrize("language", ["python", "py", "Python", "rs", "c++", "ts", "sh", "yml"])
def test_languages_have_several_names(language: str) -> None:
    assert lexer_for(language) is not None


def test_a_name_is_preferred_to_the_ending_of_some_template() -> None:
    assert type(lexer_for("sql")).__name__ == "SqlLexer"
    assert type(lexer_for("r")).__name__ == "SLexer"


def test_tabs_are_expanded() -> None:
    assert shown("```\n\tx\ty\n```") == ["     x   y"]


def test_long_lines_are_cut_and_nothing_is_lost() -> None:
    assert shown("```\nabcdefghijkl\n```", 10) == [" abcdefgh", " ijkl"]


def test_a_string_over_many_lines_stays_a_string() -> None:
    body = "".join(f"line {index}\n\nword\n" for index in range(10))
    found = styles(f"```python\ns = '''\n{body}'''\nx = 1\n```")
    assert found["line 9"] == found["line 0"] != COLOURS.code_block
    assert found["x"] != found["line 0"]


def test_a_long_fence_is_coloured_to_its_end() -> None:
    source = "```python\n" + "def f():\n    return 1\n\n" * 200 + "```"
    kinds = {s.style for row in rows(whole(source)) for s in row if s.text == "return"}
    assert len(kinds) == 1
    assert kinds != {COLOURS.code_block}


def test_the_line_that_is_being_written_is_coloured() -> None:
    rendering = Rendering(COLOURS, 40, "```python\nx = 1\nreturn 'a")
    rendering.lay_out()
    assert {segment.style for segment in rendering.line(2)} - {COLOURS.code_block}


def test_a_fence_in_an_item_stands_beside_the_marker() -> None:
    assert shown("- ```\n  x\n  ```") == ["•  x"]


def test_empty_blocks_are_seen() -> None:
    rendering = whole("```\n```\n\ntext", 9)
    assert rendering.plain_line(0) == " " * 9


def test_colours_do_not_depend_on_the_width() -> None:
    source = "```python\n" + "x = 'some string'  # and a comment\n" * 30
    texts = [
        [(s.text, s.style) for row in rows(whole(source, width)) for s in row if s.text.strip()]
        for width in (60, 90)
    ]
    assert texts[0] == texts[1]
