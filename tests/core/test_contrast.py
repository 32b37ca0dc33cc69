from __future__ import annotations

import pytest

from tui.core.contrast import contrast, luminance

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def test_contrast_is_as_wcag_defines_it():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), WHITE) == pytest.approx(4.48, abs=0.01)
    assert contrast(WHITE, WHITE) == 1


def test_the_order_does_not_matter():
    assert contrast(BLACK, (10, 20, 30)) == contrast((10, 20, 30), BLACK)


def test_green_is_lighter_than_red_and_red_than_blue():
    assert luminance((0, 255, 0)) > luminance((255, 0, 0)) > luminance((0, 0, 255))
