"""Text that is out to break the renderer: no exception, no line too wide, bounded work per call."""

from __future__ import annotations

import pytest

from tests.paint.texts import COLOURS, rows, texts, whole
from tui.core.text import UNSAFE
from tui.paint.rendering import Rendering

HUGE = {
    "a line of letters": "x" * 1_000_000,
    "a line of words": "word " * 200_000,
    "a line of dashes": "-" * 200_000,
    "a line of NUL": "\x00" * 100_000,
    "a fence of one line": "```py\n" + "x = 1; " * 100_000,
    "an unclosed fence": "```python\n" + "def f():\n    return '''\n\n" * 3_000,
    "an unclosed fence in a quote": "> ```\n" + "> x\n" * 5_000,
    "quotes": ">" * 10_000 + " x",
    "quotes on each line": ("> " * 200 + "x\n") * 50,
    "brackets": "[" * 10_000,
    "closed brackets": "[" * 5_000 + "x" + "]" * 5_000,
    "links in links": "[a](b" * 3_000,
    "images": "![" * 5_000,
    "lists in lists": "".join("  " * depth + "- x\n" for depth in range(300)),
    "stars": "*" * 20_000,
    "emphasis": "*a **b " * 5_000,
    "backticks": "".join("`" * count + " " for count in range(200)),
    "dollars": "$a " * 10_000,
    "opened formulas": "\\(" * 10_000,
    "a thousand columns": "|"
    + "c|" * 1_000
    + "\n|"
    + "-|" * 1_000
    + "\n"
    + ("|" + "v|" * 1_000 + "\n") * 10,
    "a table of long rows": "|a|b|\n|-|-|\n" + ("|" + "x y " * 2_000 + "|z|\n") * 10,
    "lone surrogates": "\ud800 \udfff" * 5_000,
    "escapes": "\x1b]52;c;aGk=\x07\x9b31m\u202e" * 3_000,
    "one emoji": "👨‍👩‍👧" * 20_000,
    "joiners": "\u200d" * 20_000,
    "combining marks": "e" + "\u0301" * 20_000,
    "variation selectors": "\ufe0f" * 10_000 + "1\ufe0f" * 5_000,
    "mixed line ends": "a\r\nb\rc\n\r" * 2_000,
    "definitions": "".join(f"[d{index}]: /u\n\n[d{index + 1}]\n\n" for index in range(2_000)),
    "an unclosed formula": "$$\n" + "x\n" * 3_000,
    "tabs": "\t" * 3_000 + "x\n- \t" * 100,
    "entities": "&#27;" * 8_000,
    "html": "<div " * 5_000 + "\n" + "<div>\n" * 3_000,
    "an unclosed comment": "<!--\n" + "words and\n\n" * 3_000,
    "a comment of one line": "<!-- " + "word " * 100_000,
    "a comment of spaces": "<!--\n" + " " * 5_000 + "\n" * 3_000 + "x",
    "comments in a line": "x " + "<!--" * 5_000,
    "tags with attributes": "x " + "<a b=c " * 3_000,
    "headings": "# " * 5_000 + "\n" + "# x\n" * 2_000,
    "items": "1. " * 3_000 + "\n" + "- \n" * 3_000,
}


@pytest.mark.parametrize("source", HUGE.values(), ids=HUGE.keys())
def test_bad_text_is_shown_in_bounded_steps(source: str) -> None:
    rendering = Rendering(COLOURS, 80, source)
    rendering.finish()
    work = 0
    while rendering.is_behind:
        rendering.lay_out(4_096)
        assert rendering.work - work <= 100_000
        work = rendering.work
    for index in range(len(rendering)):
        strip = rendering.line(index)
        assert strip.cell_length <= 80
        assert not UNSAFE.search(strip.text)


@pytest.mark.parametrize("name", ["quotes", "brackets", "a thousand columns", "one emoji", "tabs"])
def test_bad_text_is_the_same_in_steps(name: str) -> None:
    rendering = Rendering(COLOURS, 60, HUGE[name])
    rendering.finish()
    while rendering.is_behind:
        rendering.lay_out(1_000)
    assert rows(rendering) == rows(whole(HUGE[name], 60))


@pytest.mark.parametrize("width", [0, 1, 2, 4, 7, 10])
def test_narrow_screens_are_no_problem(width: int) -> None:
    source = "# Title\n\n> - quote `code`\n\n1000. item\n\n```py\nx = 1\n```\n\n|a|b|c|\n|-|-|-|\n|1|2|3|\n\n日本語"
    rendering = whole(source, width)
    assert all(
        rendering.line(index).cell_length <= max(width, 4) for index in range(len(rendering))
    )
    assert "日" in "".join(texts(rendering))


def test_escapes_are_shown_and_not_obeyed() -> None:
    assert texts(whole("a\x1b[31mb\x9bc\u202e\x00")) == ["a␛[31mb\ufffdc\ufffd␀"]


def test_an_escape_in_code_in_a_table_or_in_a_link_is_no_other() -> None:
    source = "```\n\x1b[2J\n```\n\n|a\x1b|\n|-|\n|`\x9b`|\n\n[x](http://a\x1b/)\n\n```\x1b\nx\n```"
    assert not UNSAFE.search("".join(texts(whole(source))))


def test_five_megabytes_open_in_steps() -> None:
    paragraph = "Some *text* with `code` and a list:\n\n- one\n- two\n\n```py\nx = 1\n```\n\n"
    source = paragraph * (5_000_000 // len(paragraph))
    rendering = Rendering(COLOURS, 80, source)
    rendering.finish()
    assert rendering.lay_out(16_384) == 0
    assert 1_000 < len(rendering) < 5_000
    assert rendering.is_behind
    assert rendering.lay_out(16_384) > 1_000
