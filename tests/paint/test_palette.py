from __future__ import annotations

from dataclasses import fields

import pytest
from pygments.token import Keyword  # type: ignore[import-untyped]  # pygments has no types
from rich.style import Style
from textual.color import Color

from tui.paint.palette import Palette


def styles(palette: Palette) -> list[Style]:
    found = list(palette.syntax.values())
    for field in fields(palette):
        value = getattr(palette, field.name)
        found += value if isinstance(value, tuple) else [value] if isinstance(value, Style) else []
    return found


def test_plain_has_no_colour() -> None:
    assert all(style.color is None and style.bgcolor is None for style in styles(Palette.plain()))


def test_no_style_blinks_or_links() -> None:
    assert not any(style.blink or style.link for style in styles(Palette.of({}, dark=True)))


def test_colours_come_from_the_theme() -> None:
    palette = Palette.of({"md-link": "#010203", "code-keyword": "#040506"}, dark=True)
    assert palette.link.color == Color.parse("#010203").rich_color
    assert palette.syntax[Keyword].color == Color.parse("#040506").rich_color


@pytest.mark.parametrize("bad", ["", "auto 87%", "nonsense", "$primary", "#12"])
def test_a_colour_that_is_none_is_replaced(bad: str) -> None:
    assert Palette.of(
        {"md-link": bad, "primary": bad, "background": bad}, dark=False
    ) == Palette.of({}, dark=False)


def test_a_see_through_colour_is_laid_over_the_background() -> None:
    palette = Palette.of({"md-link": "#ffffff80", "background": "#000000"}, dark=True)
    assert palette.link.color is not None
    assert palette.link.color.triplet is not None
    assert 120 < palette.link.color.triplet.red < 135


def test_the_terminals_own_colours_work() -> None:
    palette = Palette.of({"foreground": "ansi_white", "background": "ansi_black"}, dark=True)
    assert palette.code_block.color is not None


def luminance(triplet: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in triplet]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(style: Style, background: str) -> float:
    assert style.color is not None
    assert style.color.triplet is not None
    pair = luminance(style.color.triplet), luminance(Color.parse(background).rgb)
    return (max(pair) + 0.05) / (min(pair) + 0.05)


@pytest.mark.parametrize(("dark", "background"), [(True, "#161412"), (False, "#fbf8f3")])
def test_the_default_colours_can_be_read(dark: bool, background: str) -> None:
    palette = Palette.of({}, dark=dark)
    for style in styles(palette):
        if style.color is not None and style not in (palette.rule, palette.table_border):
            assert contrast(style, background) > 3.9
