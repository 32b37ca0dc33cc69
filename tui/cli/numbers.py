"""Numbers on the command line; what click says of wrong ones is no language of users."""

from __future__ import annotations

import click


class Number(click.FloatRange):
    """A number within a range."""

    name = "number"


class Whole(click.IntRange):
    """A whole number within a range."""

    name = "whole number"
