"""Block structure: as markdown-it sees it, and as it is to look on the screen."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.paint.texts import CORPUS, EXAMPLES, shown, widths
from tui.paint.blocks import Blocks
from tui.paint.code import Code
from tui.paint.html import Html
from tui.paint.inline import Inline, References
from tui.paint.palette import Palette
from tui.paint.plain import Rule
from tui.paint.prose import Prose
from tui.paint.table import Table

_ORACLE = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")

Structure = list[tuple[str, str]]
"""Each block's kind and text."""


def tidy(text: str) -> str:
    """The text without what markdown-it and we treat in different ways, all of it invisible."""
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n")).strip()


def expected(source: str) -> Structure:
    """The blocks as markdown-it sees them."""
    found: Structure = []
    kind = ""
    for token in _ORACLE.parse(source):
        match token.type:
            case "heading_open":
                kind = token.tag
            case "paragraph_open":
                kind = "p"
            case "table_open":
                kind = "cell"
            case "inline":
                found.append((kind, tidy(token.content)))
            case "fence" | "code_block":
                found.append((token.type, tidy(token.content)))
            case "html_block":
                found.append(("html", tidy(token.content)))
            case "hr":
                found.append(("hr", ""))
    return [block for block in found if block != ("p", "")]


def parsed(source: str) -> Structure:
    """The blocks as we see them."""
    blocks = Blocks(Inline(Palette.plain(), References(), breaks=False), 80)
    for line in source.split("\n"):
        blocks.line(line, whole=True)
        blocks.end_line()
    blocks.finish()
    found: Structure = []
    for leaf in blocks.leaves:
        match leaf:
            case Prose():
                found.append((f"h{leaf.level}" if leaf.level else "p", tidy(leaf.text)))
            case Code():
                kind = "code_block" if leaf.language is None else "fence"
                found.append((kind, tidy(leaf.code)))
            case Html():
                found.append(("html", tidy("\n".join(leaf.lines))))
            case Rule():
                found.append(("hr", ""))
            case Table():
                width = len(leaf.sources[0])
                for row in leaf.sources:
                    cells = [*row, *[""] * width][:width]
                    found.extend(("cell", tidy(cell)) for cell in cells)
    return [block for block in found if block != ("p", "")]


_LINES = st.sampled_from(
    [
        *(
            "text",
            "more text",
            "",
            "",
            "# head",
            "## head ##",
            "#",
            "---",
            "===",
            "***",
            "* * *",
            "-",
        ),
        *("- a", "  - b", "    - c", "* d", "+ e", "1. one", "2. two", "10. ten", "1)", "- - f"),
        *(
            "- # g",
            "1. - h",
            "- ```",
            "  ```",
            "```py",
            "```",
            "~~~",
            "    code",
            "      deep",
            "  in",
        ),
        *("> q", ">", "> - r", "> ```", "> > s", ">     t", "| a | b |", "|---|---|", "| 1 | 2 |"),
        *(
            "a|b",
            "-|-",
            "`x`",
            "\\- y",
            "+",
            "-   wide",
            "<div>",
            "</div> x",
            "<b>",
            "<b> y",
            "<!-- c",
            "d -->",
            "- <pre>",
            "</pre>",
            "  <i>",
            "-     code",
            "   three",
            "\tt",
            "-\tu",
        ),
    ]
)


@settings(max_examples=EXAMPLES)
@given(st.lists(_LINES, max_size=14).map("\n".join))
def test_structure_is_that_of_markdown_it(source: str) -> None:
    assume(
        not re.search(
            r"^(?: {4,}|\t| {1,3}\t) *[>|]|^[>|].*\n(?:(?![ \t]*\n).*\n)* {4}", source, re.MULTILINE
        )
    )
    assume(not re.search(r"^>.*\n(?:.*\n)?\s*\t", source, re.MULTILINE))
    assert parsed(source) == expected(source)


_OURS = ("[^", "$$", "\\[", "]:")  # footnotes, formulas; definitions are shown, not dropped


@pytest.mark.parametrize("source", [s for s in CORPUS if not any(mark in s for mark in _OURS)])
def test_structure_of_the_corpus_is_that_of_markdown_it(source: str) -> None:
    assert parsed(source) == expected(source)


_PLACES = st.sampled_from(
    [
        *(
            "{}\n",
            "{}\n\n",
            "- {}\n",
            "  - {}\n",
            "3. {}\n",
            "> {}\n",
            "> - {}\n",
            "# {}\n",
            "*{}* ",
        ),
        *(
            "**{}**\n",
            "`{}` ",
            "[{}](u)",
            "```\n{}\n```\n",
            "```py\n{}\n",
            "    {}\n",
            "- [x] {}\n",
        ),
        *(
            "|{}|{}|\n|-|-|\n|{}|{}|\n",
            "|{}|{}|{}|\n",
            "{}\n===\n",
            "<b>{}</b>",
            "${}$ ",
            "[^1]: {}\n",
        ),
        *(
            "[{}]: {}\n",
            "[{}]",
            "![{}](p) ",
            "\\[{}\\]\n",
            "~~{}~~ ",
            "[{}][x] ",
            "{}|{}\n-|-\n",
            "***",
        ),
    ]
)


@st.composite
def placed_words(draw: st.DrawFn) -> tuple[str, list[str]]:
    source = ""
    words: list[str] = []
    for place in draw(st.lists(_PLACES, max_size=15)):
        new = [f"w{len(words) + index}x" for index in range(place.count("{}"))]
        source += place.format(*new)
        words += new
    return source, words


@settings(max_examples=EXAMPLES)
@given(placed_words(), widths)
def test_every_word_of_the_source_is_on_the_screen(
    placed: tuple[str, list[str]], width: int
) -> None:
    source, words = placed
    screen = re.sub(r"[\s▎│─━┿┼•◦▪]", "", "".join(shown(source, max(width, 60))))
    for word in words:
        assert word in screen


def test_a_list_keeps_the_blank_lines_of_its_source() -> None:
    assert shown("- a\n- b\n\n- c") == ["• a", "• b", "", "• c"]


def test_blocks_outside_of_lists_stand_apart() -> None:
    assert shown("# A\ntext\n- b\n> c\n```\nd\n```\n---") == [
        *("A", "", "text", "", "• b", "", "▎ c", "", " d", "", "─" * 80)
    ]


def test_blocks_in_an_item_stand_as_in_the_source() -> None:
    assert shown("1. a\n   - b\n\n   c\n2. d") == ["1. a", "   • b", "", "   c", "2. d"]


def test_bullets_change_with_depth() -> None:
    assert shown("- a\n  - b\n    - c\n      - d") == ["• a", "  ◦ b", "    ▪ c", "      ▪ d"]


def test_numbers_stay_as_they_are() -> None:
    assert shown("7. a\n8) b\n9) c") == ["7. a", "", "8) b", "9) c"]


def test_tasks_have_boxes() -> None:
    assert shown("- [ ] a\n- [x] b\n1. [X] c\n- [ ]d") == [*("☐ a", "☑ b", "", "☑ c", "", "• [ ]d")]


def test_quotes_have_bars_through_their_gaps() -> None:
    assert shown("> a\n>\n> > b\n>\n> c") == ["▎ a", "▎", "▎ ▎ b", "▎", "▎ c"]


def test_items_without_text_are_seen() -> None:
    assert shown("-\n- a\n-") == ["•", "• a", "•"]


def test_text_wraps_beside_its_marker() -> None:
    assert shown("- one two three four", 14) == ["• one two", "  three four"]


def test_footnotes_have_their_numbers_raised() -> None:
    assert shown("a[^12]\n\n[^12]: b\n[^x]: c\n    d") == ["a¹²", "", "¹² b", "[x] c d"]


def test_deep_markers_become_text_and_nothing_is_lost() -> None:
    screen = "".join(shown(">" * 100 + " x", 40))
    assert screen.count("▎") + screen.count(">") >= 68
    assert "x" in screen


def test_the_innermost_marker_is_seen_however_narrow_the_screen() -> None:
    assert "".join(shown("123456789. x", 10)).replace(" ", "") == "123456789.x"


def test_html_lines_stay_lines() -> None:
    assert shown("<ul>\n<li>a</li>\n</ul>") == ["<ul>", "<li>a</li>", "</ul>"]


def test_formulas_on_lines_of_their_own_stay_as_written() -> None:
    assert shown("so\n$$\na\n- b\n= \\\\ c\n$$\nand") == [
        *("so", "", "$$", "a", "- b", "= \\\\ c", "$$", "", "and")
    ]


def test_a_formula_that_is_not_closed_ends_at_a_blank_line() -> None:
    assert shown("\\[ a\n\n# b") == ["\\[ a", "", "b"]
