from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from tests.ui.terminal.emulator import Emulator
from tests.ui.terminal.screens import STYLES
from tui.ui.terminal.pens import Pens


def seen(*sequences: str) -> object:
    terminal = Emulator(4, 1)
    terminal.feed("".join(sequences) + "x")
    return terminal.rows()[0][0]


@given(st.lists(st.sampled_from(STYLES), min_size=1, max_size=5))
def test_any_change_of_pens_ends_in_the_look_of_the_last(styles):
    pens = Pens(ColorSystem.TRUECOLOR)
    sequences = []
    ink = pens.plain
    for style in styles:
        pen = pens.of(style)
        sequences.append(pens.change(ink, pen))
        ink = pen
    assert seen(*sequences) == seen(pens.change(pens.plain, ink))


@given(st.sampled_from(STYLES))
def test_the_plain_pen_undoes_every_other(style):
    pens = Pens(ColorSystem.TRUECOLOR)
    pen = pens.of(style)
    assert seen(pens.change(pens.plain, pen), pens.change(pen, pens.plain)) == seen()


def test_styles_that_look_the_same_share_a_pen():
    pens = Pens(ColorSystem.TRUECOLOR)
    plain = Style.parse("red on blue")
    assert pens.of(plain) is pens.of(plain + Style.from_meta({"offset": (1, 2)}))


def test_a_change_names_only_what_differs():
    pens = Pens(ColorSystem.TRUECOLOR)
    old, new = pens.of(Style.parse("red on #102030")), pens.of(Style.parse("green on #102030"))
    assert pens.change(old, new) == "\x1b[32m"


@pytest.mark.parametrize("look", ["underline", "reverse", "strike", "overline", "blink"])
def test_a_space_is_not_blank_when_its_pen_shows_on_it(look):
    assert Pens(ColorSystem.TRUECOLOR).of(Style.parse(look)).blank is None


@pytest.mark.parametrize("look", ["bold", "dim red", "italic"])
def test_a_space_is_blank_when_its_pen_shows_only_on_letters(look):
    pens = Pens(ColorSystem.TRUECOLOR)
    assert pens.of(Style.parse(look)).blank is pens.plain


def test_colors_are_those_of_the_color_system():
    pens = Pens(ColorSystem.STANDARD)
    assert pens.change(pens.plain, pens.of(Style.parse("#ff0000"))) == "\x1b[31m"


def test_many_styles_do_not_pile_up():
    pens = Pens(ColorSystem.TRUECOLOR)
    for number in range(20_000):
        pens.of(Style.from_meta({"n": number}) + Style(color=f"color({number % 200})"))
    assert len(pens._by_style) <= 8192


@pytest.mark.parametrize("link", ["https://x\x1b\\", "https://x\x07", "https://é.example", ""])
def test_a_link_that_could_end_its_sequence_is_dropped(link):
    assert Pens(ColorSystem.TRUECOLOR).of(Style(link=link)).link == ""
