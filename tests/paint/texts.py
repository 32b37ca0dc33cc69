"""Markdown to test with: the corpus, and strategies for text and for ways of cutting it."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import strategies as st
from rich.segment import Segment

from tui.paint.palette import Palette
from tui.paint.rendering import Rendering

CORPUS = Path(__file__).with_name("corpus.md").read_text("utf-8").split("\n⁂\n")
WIDTHS = (4, 10, 23, 60, 80, 120)
EXAMPLES = int(os.environ.get("BISE_TEST_EXAMPLES", "500"))
"""How many examples the most important properties are tried on."""
COLOURS = Palette.of({}, dark=True)

_FRAGMENTS = [
    *(
        "# h\n",
        "## h ##\n",
        "text ",
        "word\n",
        "\n",
        "\n\n",
        " ",
        "  ",
        "    ",
        "\t",
        "  \n",
        "\\\n",
    ),
    *("- a\n", "- ", "  - b\n", "* c\n", "+ ", "-\n", "1. x\n", "2) y\n", "10. z\n", "1.", "12"),
    *("- [ ] t\n", "- [x] a|b\n", "[ ] ", "> q\n", ">", "> ", "---\n", "===\n", "***\n", "* * *\n"),
    *("```py\n", "```\n", "````\n", "~~~\n", "```", "`", "``", "    code\n", "def f():\n", "'''\n"),
    *("/*", "*/", "#", "|a|b|\n", "|-|-|\n", "|:-:|-:|\n", "| 1 | 2 |\n", "|", "a|b\n", "-|-\n"),
    *("*", "**", "_", "~~", "*em*", "**bold**", "`code`", "[", "]", "(", ")", "!", "<", ">", "\\"),
    *("[a]", "[a][b]", "[a](u)", "[a]: /u\n", "[b]: /v\n\n", "![i](p)", "<http://x.y>", "[^1]"),
    *(
        "[^1]: n\n",
        "$x$",
        "$",
        "$$\n",
        "\\[",
        "\\]\n",
        "\\(y\\)",
        "http://x.y/z_a.",
        "<b>",
        "<b>\n",
        "<div>\n",
        "<!--",
        "-->",
        "<pre>\n",
        "</pre>",
        '<a href="',
    ),
    *(
        "&amp;",
        "&#27;",
        "日本語。",
        "，",
        "é",
        "e\u0301",
        "👨‍👩‍👧",
        "\ufe0f",
        "\u200d",
        "1\ufe0f",
        "\u00a0",
    ),
    *(
        "\r\n",
        "\r",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ud800",
        "=",
        ":",
        "+",
        "-",
        "0",
        "averyveryverylongword",
    ),
]

fragments = st.lists(st.sampled_from(_FRAGMENTS), max_size=40).map("".join)
snippets = st.lists(st.sampled_from(CORPUS), min_size=1, max_size=3).map("\n\n".join)
anything = st.text(st.characters(codec=None), max_size=80)
markdown = st.one_of(fragments, snippets, anything)
"""Text of all sorts, with unsafe characters and lone surrogates in it."""

cuts = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=60)
"""The lengths of deltas, and whether the lines are laid out after each; begun again at the end."""

widths = st.sampled_from(WIDTHS)


def whole(
    source: str, width: int = 80, *, breaks: bool = False, wrap_code: bool = True
) -> Rendering:
    """The source, laid out at once."""
    rendering = Rendering(COLOURS, width, source, breaks=breaks, wrap_code=wrap_code)
    rendering.finish()
    rendering.lay_out()
    return rendering


def rows(rendering: Rendering) -> list[list[Segment]]:
    """All lines, with their styles."""
    return [list(rendering.line(index)) for index in range(len(rendering))]


def texts(rendering: Rendering) -> list[str]:
    """The text of all lines, without the spaces at their ends."""
    return [rendering.plain_line(index).rstrip() for index in range(len(rendering))]


def shown(source: str, width: int = 80) -> list[str]:
    """The text of the lines of a source, without the spaces at their ends."""
    return texts(whole(source, width))
