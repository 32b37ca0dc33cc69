"""How well one colour can be told from another, as WCAG 2 defines it."""

from __future__ import annotations

Rgb = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


def luminance(color: Rgb) -> float:
    """How light a colour is: 0 for black, 1 for white."""
    red, green, blue = (_linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours, from 1 to 21; text wants 4.5 of its ground, and 7 to be read with ease."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
