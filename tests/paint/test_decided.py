from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.paint.decided import LONGEST, is_decided


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "  a",
        "> a",
        "- a",
        "12. a",
        "# a",
        "**a",
        "- **a",
        "`a",
        "--a",
        "| a",
        "[a",
        "<3",
        "<b>x",
        "<div ",
        "<!--",
        "<i <",
        "é",
        "2a",
    ],
)
def test_a_line_may_be_known_by_its_beginning(line: str) -> None:
    assert is_decided(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        ">",
        "> ",
        "-",
        "- ",
        "--",
        "12",
        "12.",
        "12. ",
        "#",
        "# ",
        "*",
        "**",
        "```",
        "```py",
        "~~~ a",
        "=",
        "|",
        "|-",
        ":-",
        "[",
        "[^",
        "[^a]",
        "[^a]:",
        "$",
        "$$ a",
        "\\",
        "\\[ a",
        "<",
        "<b",
        "<b>",
        "<div",
        "</x> ",
        "<!",
        "- > 1",
    ],
)
def test_other_beginnings_say_too_little(line: str) -> None:
    assert not is_decided(line)


def test_a_very_long_line_is_text() -> None:
    assert is_decided("-" * (LONGEST + 1))


@settings(max_examples=500)
@given(st.text(st.sampled_from("ab1 .)#<>/!-+*_=`~|:$\\[]^"), max_size=14), st.text(max_size=4))
def test_more_text_never_takes_a_decision_back(line: str, more: str) -> None:
    if is_decided(line):
        assert is_decided(line + more)
