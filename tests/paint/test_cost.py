"""What a delta costs, in characters parsed: the same, however long the block is that it goes to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.paint.texts import COLOURS
from tui.paint.rendering import Rendering

_PROSE = "Some words of *text*, with `code` and **more** of it; and [links](u), too. "


def paragraph(size: int) -> str:
    return (_PROSE * (size // len(_PROSE) + 1))[:size]


def plain_paragraph(size: int) -> str:
    return ("word " * (size // 5 + 1))[:size]


def unsettled_paragraph(size: int) -> str:
    return ("a * b _ c [d " * (size // 13 + 1))[:size]


def fence(size: int) -> str:
    function = 'def function(value: int) -> int:\n    """Doc."""\n    return value * 2\n\n\n'
    return "```python\n" + (function * (size // len(function) + 1))[:size]


def dense_fence(size: int) -> str:
    return "```json\n" + ('  {"key": [1, 2, 3], "name": "text"},\n' * (size // 38 + 1))[:size]


def string_fence(size: int) -> str:
    return "```python\ns = '''\n" + ("a line of a string\n\n" * (size // 20 + 1))[:size]


def plain_fence(size: int) -> str:
    return "```\n" + ("a line of no language\n" * (size // 22 + 1))[:size]


def bullets(size: int) -> str:
    return ("- an *item* of some length\n" * (size // 27 + 1))[:size]


def loose_items(size: int) -> str:
    return ("1. an item\n\n   - a nested one\n\n" * (size // 32 + 1))[:size]


def table(size: int) -> str:
    rows = "".join(f"| {i} | {'x' * (i % 23)} | some *words* |\n" for i in range(size // 26 + 1))
    return "| a | b | c |\n|---|---|---|\n" + rows[:size]


def quote(size: int) -> str:
    return ("> a line of a quote\n>\n" * (size // 22 + 1))[:size]


def long_line_of_code(size: int) -> str:
    return "```python\n" + ("x = 1; " * (size // 7 + 1))[:size]


def html(size: int) -> str:
    return "<pre>\n" + ("  a line <b>of</b> HTML\n" * (size // 24 + 1))[:size]


def formula(size: int) -> str:
    return "$$\n" + ("x_{1} + x_{2} + \\dots \\\\\n" * (size // 26 + 1))[:size]


def work_per_delta(source: str) -> tuple[float, int]:
    """Characters parsed per delta, on average and at most."""
    rendering = Rendering(COLOURS, 80)
    before = most = deltas = 0
    for at in range(0, len(source), 24):
        rendering.append(source[at : at + 24])
        rendering.lay_out()
        most = max(most, rendering.work - before)
        before = rendering.work
        deltas += 1
    return before / deltas, most


BLOCKS = [
    *(paragraph, plain_paragraph, unsettled_paragraph, fence, dense_fence, string_fence),
    *(plain_fence, bullets, loose_items, table, quote, long_line_of_code, html, formula),
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_a_delta_costs_the_same_in_a_long_block(block: Callable[[int], str]) -> None:
    short, _ = work_per_delta(block(4_096))
    long, most = work_per_delta(block(32_768))
    assert long <= 1.2 * short + 1
    assert most <= 20_000


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_what_is_settled_is_not_laid_out_again(block: Callable[[int], str]) -> None:
    rendering = Rendering(COLOURS, 80, block(32_768))
    rendering.lay_out()
    rendering.append("x")
    assert rendering.lay_out() >= len(rendering) - 60


def test_an_append_parses_nothing() -> None:
    rendering = Rendering(COLOURS, 80)
    rendering.append("# text *text*\n" * 1_000)
    assert rendering.work == 0
    assert len(rendering) == 0


def test_closed_blocks_are_not_parsed_again() -> None:
    rendering = Rendering(COLOURS, 80, paragraph(900) + "\n\n" + fence(9_000) + "\n```\n\n")
    rendering.lay_out()
    before = rendering.work
    rendering.append("more\n\n")
    rendering.lay_out()
    assert rendering.work - before <= 10


def test_a_definition_costs_only_the_blocks_that_asked_for_it() -> None:
    rendering = Rendering(COLOURS, 80, (paragraph(900) + "\n\n") * 20 + "[it]\n\n")
    rendering.lay_out()
    before = rendering.work
    rendering.append("[it]: /u\n\n")
    rendering.lay_out()
    assert rendering.work - before <= 100
