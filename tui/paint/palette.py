"""The styles in which Markdown is painted: one for each role, made from a theme's variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pygments.token import (  # type: ignore[import-untyped]  # pygments has no types
    Comment,
    Error,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Token,
    _TokenType,
)
from rich.style import Style
from textual.color import Color, ColorParseError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DARK = {
    "foreground": "#e4e0da",
    "background": "#161412",
    "surface": "#1f1c19",
    "panel": "#2a2622",
    "primary": "#ff8205",
    "secondary": "#ffaf00",
    "accent": "#fa500f",
    "error": "#e5484d",
}
_LIGHT = {
    "foreground": "#262320",
    "background": "#fbf8f3",
    "surface": "#f3eee6",
    "panel": "#e9e2d6",
    "primary": "#c94a00",
    "secondary": "#9a6200",
    "accent": "#b83208",
    "error": "#b3261e",
}
_DARK_CODE = {
    "code-keyword": "#ff9d5c",
    "code-string": "#a9c77d",
    "code-comment": "#8b8378",
    "code-number": "#d7a0e0",
    "code-function": "#7cc4e8",
    "code-type": "#f2c94c",
    "code-operator": "#cdbfae",
}
_LIGHT_CODE = {
    "code-keyword": "#b83a00",
    "code-string": "#48710f",
    "code-comment": "#7b7267",
    "code-number": "#8a3a9c",
    "code-function": "#11658f",
    "code-type": "#876000",
    "code-operator": "#5d5347",
}
_FALLBACK = {
    "md-heading": "primary",
    "md-link": "secondary",
    "md-quote": "foreground",
    "md-table": "panel",
    "md-rule": "panel",
    "md-emphasis": "foreground",
    "message-user": "primary",
    "code-background": "surface",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """One style for each role that text can have in a message."""

    text: Style
    """The style of everything that has no other."""
    strong: Style
    emphasis: Style
    strike: Style
    headings: tuple[Style, ...]
    """Levels 1 to 6."""
    link: Style
    target: Style
    """Where a link leads, after its text."""
    quote: Style
    quote_bar: Style
    rule: Style
    marker: Style
    """Bullets and numbers of lists."""
    task_open: Style
    task_done: Style
    table_border: Style
    table_header: Style
    code: Style
    """Code within a line of text."""
    code_block: Style
    """Code in blocks of its own, with its background."""
    code_label: Style
    """The language above a block of code."""
    maths: Style
    footnote: Style
    faint: Style
    """What is there for completeness, like definitions of link targets."""
    thinking: Style
    user: Style
    """The mark of what the user wrote."""
    syntax: Mapping[_TokenType, Style] = field(default_factory=dict)
    """Styles of pygments' token types, to be laid over `code_block`."""

    @classmethod
    def of(cls, variables: Mapping[str, str], *, dark: bool) -> Palette:
        """The palette of a theme; what its variables lack or misspell comes from our defaults."""
        colours = _Colours(variables, dark=dark)
        plain = cls.plain()
        muted = colours.accented("muted") or Style(
            color=colours.mixed("foreground", "background", 0.42).rich_color
        )
        faint_line = Style(color=colours.mixed("foreground", "background", 0.7).rich_color)
        heading = colours.style("md-heading")
        code_background = Style(bgcolor=colours["code-background"].rich_color)
        return cls(
            text=plain.text,
            strong=plain.strong,
            emphasis=plain.emphasis + colours.accented("md-emphasis"),
            strike=plain.strike + muted,
            headings=tuple(style + heading for style in plain.headings),
            link=plain.link + colours.style("md-link"),
            target=muted,
            quote=plain.quote + colours.accented("md-quote"),
            quote_bar=colours.accented("md-quote", otherwise="secondary"),
            rule=colours.line("md-rule", faint_line),
            marker=colours.style("primary"),
            task_open=colours.style("primary"),
            task_done=colours.style("code-string"),
            table_border=colours.line("md-table", faint_line),
            table_header=plain.table_header + heading,
            code=colours.style("secondary") + code_background,
            code_block=Style(color=colours["foreground"].rich_color) + code_background,
            code_label=muted + code_background,
            maths=colours.style("code-number"),
            footnote=colours.style("md-link"),
            faint=muted,
            thinking=muted + Style(italic=True),
            user=plain.user + colours.style("message-user"),
            syntax=_syntax(colours),
        )

    @classmethod
    def plain(cls) -> Palette:
        """A palette without a colour, only bold, italic and underline: for pipes and `NO_COLOR`."""
        none, bold, italic = Style.null(), Style(bold=True), Style(italic=True)
        under = Style(underline=True)
        return cls(
            text=none,
            strong=bold,
            emphasis=italic,
            strike=Style(strike=True),
            headings=(bold + under, bold, bold, bold + italic, italic, italic),
            link=under,
            target=none,
            quote=italic,
            quote_bar=none,
            rule=none,
            marker=none,
            task_open=none,
            task_done=none,
            table_border=none,
            table_header=bold,
            code=bold,
            code_block=none,
            code_label=italic,
            maths=italic,
            footnote=none,
            faint=none,
            thinking=italic,
            user=bold,
        )


class _Colours:
    """Looks up a theme's colours by name, with defaults."""

    def __init__(self, variables: Mapping[str, str], *, dark: bool) -> None:
        self._variables = variables
        self._defaults = {**_DARK, **_DARK_CODE} if dark else {**_LIGHT, **_LIGHT_CODE}

    def _given(self, name: str) -> Color | None:
        value = self._variables.get(name)
        if value is None:
            return None
        try:
            return Color.parse(value)
        except ColorParseError:
            return None

    def __getitem__(self, name: str) -> Color:
        colour = self._given(name)
        if colour is None:
            if name in _FALLBACK:
                return self[_FALLBACK[name]]
            return Color.parse(self._defaults[name])
        if colour.a < 1 and name != "background":
            return self["background"] + colour
        return colour

    def style(self, name: str) -> Style:
        return Style(color=self[name].rich_color)

    def accented(self, name: str, otherwise: str = "") -> Style:
        """The colour if the theme has one of that name, else that of another or none."""
        if self._given(name) is not None:
            return self.style(name)
        return self.style(otherwise) if otherwise else Style.null()

    def line(self, name: str, otherwise: Style) -> Style:
        return otherwise if self._given(name) is None else self.style(name)

    def mixed(self, name: str, other: str, share: float) -> Color:
        first, second = self[name], self[other]
        if first.ansi is not None or second.ansi is not None:
            return first
        return first.blend(second, share)


def _syntax(colours: _Colours) -> dict[_TokenType, Style]:
    keyword, string = colours.style("code-keyword"), colours.style("code-string")
    number, function = colours.style("code-number"), colours.style("code-function")
    kind, operator = colours.style("code-type"), colours.style("code-operator")
    comment = colours.style("code-comment") + Style(italic=True)
    return {
        Token: Style.null(),
        Keyword: keyword,
        Keyword.Constant: number,
        Keyword.Type: kind,
        String: string,
        String.Doc: comment,
        String.Interpol: operator,
        String.Escape: number,
        Comment: comment,
        Comment.Preproc: keyword,
        Number: number,
        Literal: number,
        Operator: operator,
        Operator.Word: keyword,
        Punctuation: operator,
        Name.Function: function,
        Name.Builtin: function,
        Name.Class: kind,
        Name.Exception: kind,
        Name.Decorator: kind,
        Name.Namespace: kind,
        Name.Tag: keyword,
        Name.Attribute: function,
        Name.Constant: number,
        Generic.Deleted: Style(color=colours["error"].rich_color),
        Generic.Inserted: string,
        Generic.Heading: keyword,
        Generic.Subheading: function,
        Generic.Emph: Style(italic=True),
        Generic.Strong: Style(bold=True),
        Generic.Prompt: comment,
        Generic.Output: Style.null(),
        Error: Style.null(),
    }
