"""Random screens and the updates that Textual's compositor would make of them."""

from __future__ import annotations

from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

STYLES = [
    None,
    *map(
        Style.parse,
        [
            "on #101010",
            "white on #101010",
            "bold #ff7000 on #101010",
            "italic dim red",
            "underline cyan on #202040",
            "reverse bold",
            "strike color(99) on color(236)",
            "blink overline bright_blue on bright_black",
            "link https://example.org/a blue",
            "bold dim italic underline2 green",
        ],
    ),
]
PIECES = [
    *"abc .,-|│█",
    "word",
    "    ",
    " " * 15,
    "日本",
    "한",
    "e\u0301",
    "n\u0303o",
    "😀",
    "क\u094dषि",
    "ก\u0e31น",
    "שלום",
    "\u00a0",
]
UNCUT = [*PIECES, "👩\u200d🚀", "❤\ufe0f", "👍🏽", "🇫🇷", "1\ufe0f\u20e3"]
"""Textual cuts such glyphs in the middle, and what is then seen depends on the terminal."""


def _segments(pieces: list[str]) -> st.SearchStrategy[list[Segment]]:
    return st.lists(
        st.builds(
            lambda parts, style: Segment("".join(parts), style),
            st.lists(st.sampled_from(pieces), min_size=1, max_size=6),
            st.sampled_from(STYLES),
        ),
        max_size=4,
    )


CUTTABLE, WHOLE = _segments(PIECES), _segments(UNCUT)


def strips(
    width: int, parts: st.SearchStrategy[list[Segment]] = CUTTABLE
) -> st.SearchStrategy[Strip]:
    return st.builds(
        lambda segments, pad: Strip(segments).adjust_cell_length(width, pad),
        parts,
        st.sampled_from(STYLES),
    )


def screens(
    width: int, height: int, parts: st.SearchStrategy[list[Segment]] = CUTTABLE
) -> st.SearchStrategy[list[Strip]]:
    return st.lists(strips(width, parts), min_size=height, max_size=height)


def layout(rows: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[row] for row in rows], Region(0, 0, rows[0].cell_length, len(rows)))


@st.composite
def patches(draw: st.DrawFn, width: int, height: int) -> ChopsUpdate:
    """Parts of lines, cut as the compositor cuts them where widgets begin and end."""
    chops: list[dict[int, Strip | None]] = []
    ends: list[list[int]] = []
    spans: list[tuple[int, int, int]] = []
    for y in range(height):
        cuts = sorted(draw(st.sets(st.integers(1, width - 1), max_size=3)) | {0, width})
        parts = draw(st.lists(st.booleans(), min_size=len(cuts) - 1, max_size=len(cuts) - 1))
        chops.append(
            {
                x: draw(strips(end - x)) if there else None
                for x, end, there in zip(cuts, cuts[1:], parts, strict=False)
            }
        )
        ends.append(cuts[1:])
        if draw(st.booleans()):
            first, last = sorted(draw(st.tuples(*[st.integers(0, width)] * 2)))
            if first < last:
                spans.append((y, first, last))
    if not spans:
        spans.append((0, 0, width))
    return ChopsUpdate(chops, spans, ends)


def scrolled(rows: list[Strip], by: int, left: int, right: int, fresh: list[Strip]) -> list[Strip]:
    """The rows with the columns from left to right moved up, `fresh` coming in from below."""
    width = rows[0].cell_length
    moved = [*rows[by:], *fresh][: len(rows)] if by > 0 else [*fresh, *rows][: len(rows)]
    return [
        Strip.join([old.crop(0, left), new.crop(left, right), old.crop(right, width)])
        for old, new in zip(rows, moved, strict=True)
    ]
