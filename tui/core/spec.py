"""What is known of one parameter: its type, its range, who understands it, and the advice on it.

Nothing here needs pydantic: the interface and `bise --help` read it before the data models are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tui.core.words import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL = frozenset(Kind)
"""Every kind of server."""


class Group(StrEnum):
    """Where a parameter stands in the settings pane, in this order."""

    MODEL = "Model"
    SYSTEM = "System prompt"
    STOP = "Stop sequences"
    PREFIX = "Prefix"
    SAMPLING = "Sampling"
    OUTPUT = "Output"
    REASONING = "Reasoning"
    SAFETY = "Safety"
    TOOLS = "Tools"
    TRANSPORT = "Transport"
    EXTRA = "Extra members"


class Shape(StrEnum):
    """What a value looks like; it decides how it is read, shown and edited."""

    NUMBER = "number"
    INTEGER = "whole number"
    SWITCH = "on or off"
    WORD = "word"
    """One line of text; `choices` are those that are known, others are left to the server to judge."""
    TEXT = "text"
    """Several lines of text; spaces at the end count."""
    STOPS = "list of texts"
    OBJECT = "JSON object"
    OBJECTS = "JSON list"
    CHOICE = "word or JSON object"
    """A word of `choices`, or an object."""
    TABLE = "TOML table"


class Home(StrEnum):
    """Where a value is kept."""

    PARAMETERS = "parameters"
    """With the chat, and under `[parameters]` in the settings for new chats."""
    PROVIDER = "provider"
    """With the server, under `[providers.<name>]` in the settings."""
    SETTINGS = "settings"
    """At the top of the settings, for all chats."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; None means no end on that side."""

    low: float | None = None
    high: float | None = None
    above: bool = False
    """Whether `low` itself is outside."""

    def __contains__(self, value: float) -> bool:
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        return self.high is None or value <= self.high

    def __str__(self) -> str:
        """In words: `0 to 1.5`, `above 0, up to 1`, `1 or more`; empty if there is no end on either side."""
        low, high = (None if end is None else f"{end:g}" for end in (self.low, self.high))
        match low, high:
            case None, None:
                return ""
            case None, _:
                return f"up to {high}"
            case _, None:
                return f"above {low}" if self.above else f"{low} or more"
            case _:
                return f"above {low}, up to {high}" if self.above else f"{low} to {high}"


@dataclass(frozen=True, slots=True)
class Spec:
    """One parameter."""

    name: str
    """As the Mistral API has it; for what is no part of the API, as our files have it."""
    group: Group
    shape: Shape
    title: str
    """What the pane calls it."""
    help: str
    """What it does, in a sentence."""
    advice: str = ""
    """What the documentation advises, in a sentence or two."""
    range: Range = field(default_factory=Range)
    """The widest that any kind of server takes."""
    ranges: Mapping[Kind, Range] = field(default_factory=dict)
    """Narrower ones, by kind."""
    unit: str = ""
    default: str = "none"
    """What the server does if it is not sent, in words."""
    defaults: Mapping[Kind, Any] = field(default_factory=dict)
    """The value that this kind of server takes then, where it is known."""
    choices: tuple[str, ...] = ()
    choices_of: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    """The words that this kind of server is known to take, where they are fewer or others."""
    kinds: frozenset[Kind] = ALL
    """The kinds of server that know it."""
    home: Home = Home.PARAMETERS
    ours: bool = False
    """Whether bise itself acts on it: it is then no member of the request."""
    option: str = ""
    """The option of `bise ask` that sets it; empty if that is `--param`."""

    def range_for(self, kind: Kind | None) -> Range:
        """The range that a kind of server takes; the widest if the kind is not known."""
        return self.ranges.get(kind, self.range) if kind is not None else self.range

    def choices_for(self, kind: Kind | None) -> tuple[str, ...]:
        """The words that a kind of server is known to take."""
        return self.choices_of.get(kind, self.choices) if kind is not None else self.choices

    def default_for(self, kind: Kind | None) -> str:
        """What that kind of server does if it is not sent, in words."""
        if kind is None or kind not in self.defaults:
            return self.default
        value = self.defaults[kind]
        if isinstance(value, bool):
            return "on" if value else "off"
        return f"{value:g}" if isinstance(value, (int, float)) else str(value)
