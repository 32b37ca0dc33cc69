"""Markdown within a paragraph, heading or cell: its text in spans of one style each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from rich.style import Style

from tui.core.text import clean

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    from tui.paint.flow import Span
    from tui.paint.palette import Palette

_DOLLARS = re.compile(r"\$(?![\s$])(?:[^$\\\n]|\\.)*?(?<![\s\\])\$(?![\d$])")
_MATHS_ENDS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,64})\]")
_BARE_URL = re.compile(r"(?<![a-zA-Z0-9])https?://[^\s<>\"`\u3000-\u303f\uff00-\uffef]+")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _maths(state: StateInline, silent: bool) -> bool:
    """Keep formulas as they are written, and the backslash of a lone `(` or `[` too."""
    at, source = state.pos, state.src
    if source[at] not in "\\$":
        return False
    mark = source[at : at + 2]
    end = 0
    if mark in _MATHS_ENDS:
        end = source.find(_MATHS_ENDS[mark], at + 2, state.posMax) + 2
        if end == 1 or end == at + 4:
            end = 0
    elif match := _DOLLARS.match(source, at, state.posMax):
        end = match.end()
    if end:
        if not silent:
            state.push("maths", "", 0).content = source[at:end].replace("\n", " ")
        state.pos = end
        return True
    if mark[0] == "\\" and mark[1:] in ("(", ")", "[", "]"):
        if not silent:
            state.append_pending(mark)
        state.pos += 2
        return True
    return False


def _bracket(state: StateInline, silent: bool) -> bool:
    """Take a bracket that nothing closes for text at once: the link rule would look on and on."""
    if state.src[state.pos] != "[" or state.src.find("]", state.pos, state.posMax) >= 0:
        return False
    if not silent:
        state.append_pending("[")
    state.pos += 1
    return True


def _footnote(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    match = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("footnote", "", 0).content = match.group(1)
    state.pos = match.end()
    return True


def _as_written(url: str) -> str:
    return url


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")
    markdown.inline.ruler.before("escape", "maths", _maths)
    markdown.inline.ruler.before("link", "bracket", _bracket)
    markdown.inline.ruler.before("link", "footnote", _footnote)
    markdown.normalizeLink = _as_written  # type: ignore[method-assign]  # shown as it was written
    return markdown


_MARKDOWN = _parser()
_DEFINITIONS = MarkdownIt("zero").enable("reference")
_DEFINITIONS.normalizeLink = _as_written  # type: ignore[method-assign]  # shown as it was written


class References(dict[str, dict[str, Any]]):
    """Link definitions by label; remembers which labels were asked for in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.missed: set[str] = set()

    def get(self, label: str, default: Any = None) -> Any:
        """The definition of a label."""
        found = super().get(label)
        if found is None:
            self.missed.add(label)
            return default
        return found

    def learn(self, text: str) -> tuple[list[str], int]:
        """Take the definitions that begin a paragraph.

        Gives the labels that are new, and how many lines of the text were definitions.
        """
        found, lines = definitions(text)
        fresh = [label for label in found if label not in self]
        for label in fresh:
            self[label] = found[label]
        return fresh, lines


def definitions(text: str) -> tuple[dict[str, Any], int]:
    """The link definitions that begin a paragraph, by label, and how many lines they take."""
    env: dict[str, Any] = {}
    tokens = _DEFINITIONS.parse(text, env)
    lines = tokens[0].map[0] if tokens and tokens[0].map else text.count("\n") + 1
    return env.get("references", {}), lines


def is_settled(text: str) -> bool:
    """Whether no emphasis, code, link or formula that begins in the text may end after it."""
    tokens: list[Token] = []
    _MARKDOWN.inline.parse(text, _MARKDOWN, {}, tokens)
    return not any(_OPENERS.search(t.content) for t in tokens if t.type == "text")


_OPENERS = re.compile(r"[*_`\[<$]|~~|\\[(\[]")


class Inline:
    """Turns inline Markdown into spans, in the styles of a palette."""

    def __init__(
        self, palette: Palette, references: References, *, breaks: bool, wrap_code: bool = True
    ) -> None:
        self.palette = palette
        self.references = references
        self.parsed = 0
        """Characters parsed so far: the measure of work in tests."""
        self.newline = "\n" if breaks else " "
        """What a single newline in a paragraph becomes."""
        self.wrap_code = wrap_code
        """Whether long lines of code are wrapped; else they may be wider than the screen."""

    def spans(self, text: str, base: Style, newline: str = " ") -> list[Span]:
        """The spans of a text, its styles laid over `base`, with `newline` for its newlines."""
        self.parsed += len(text)
        tokens: list[Token] = []
        _MARKDOWN.inline.parse(text, _MARKDOWN, {"references": self.references}, tokens)
        painter = _Painter(self.palette, base, newline)
        painter.paint(tokens)
        return painter.spans

    def literal(self, text: str, style: Style) -> list[Span]:
        """The spans of a text that is no Markdown: nothing but bare links is found in it."""
        self.parsed += len(text)
        painter = _Painter(self.palette, style, " ")
        painter.literal(text)
        return painter.spans


class _Painter:
    """Walks over inline tokens with the styles that are open."""

    def __init__(self, palette: Palette, base: Style, newline: str) -> None:
        self.spans: list[Span] = []
        self._palette = palette
        self._newline = newline
        self._styles = [base]
        self._links: list[tuple[str, int]] = []

    def paint(self, tokens: list[Token]) -> None:
        for token in tokens:
            kind = token.type
            if kind == "text":
                self.literal(token.content)
            elif kind == "softbreak":
                self._put(self._newline)
            elif kind == "hardbreak":
                self._put("\n")
            elif kind.endswith("_open"):
                self._open(token)
            elif kind.endswith("_close"):
                self._close(token)
            else:
                self._atom(token)

    def _put(self, text: str, style: Style | None = None) -> None:
        if text:
            base = self._styles[-1]
            self.spans.append((text, base if style is None else base + style))

    def literal(self, text: str) -> None:
        """Put text in which nothing but bare links is to be found."""
        text = clean(text)  # an entity may stand for a control character
        if "://" not in text or self._links:
            self._put(text)
            return
        at = 0
        for match in _BARE_URL.finditer(text):
            url = _trimmed(match.group())
            self._put(text[at : match.start()])
            self._put(url, self._palette.link + Style(meta={"link": url}))
            at = match.start() + len(url)
        self._put(text[at:])

    def _open(self, token: Token) -> None:
        palette = self._palette
        match token.type:
            case "strong_open":
                style = palette.strong
            case "em_open":
                style = palette.emphasis
            case "s_open":
                style = palette.strike
            case _:
                url = clean(str(token.attrs.get("href", "")))
                self._links.append((url, len(self.spans)))
                style = palette.link + Style(meta={"link": url})
        self._styles.append(self._styles[-1] + style)

    def _close(self, token: Token) -> None:
        self._styles.pop()
        if token.type == "link_close":
            url, start = self._links.pop()
            text = "".join(text for text, _ in self.spans[start:])
            if url and url not in (text, f"mailto:{text}"):
                self._put(f" ({url})", self._palette.target + Style(meta={"link": url}))

    def _atom(self, token: Token) -> None:
        palette = self._palette
        content = clean(token.content)
        match token.type:
            case "code_inline":
                self._put(content, palette.code)
            case "maths":
                self._put(content, palette.maths)
            case "footnote":
                raised = content.isdecimal() and content.isascii()
                self._put(
                    content.translate(_RAISED) if raised else f"[{content}]", palette.footnote
                )
            case "image":
                url = clean(str(token.attrs.get("src", "")))
                link = Style(meta={"link": url})
                self._put(f"🖼 {content}".rstrip(), palette.link + link)
                self._put(f" ({url})", palette.target + link)
            case "html_inline":
                self.literal(content.replace("\n", " "))
            case _:
                self._put(content)


def _trimmed(url: str) -> str:
    """A bare URL without the punctuation that belongs to the sentence around it."""
    while url and url[-1] in ".,:;!?'*_~)]}|":
        if url[-1] in ")]}" and url.count(url[-1]) <= url.count("([{"[")]}".index(url[-1])]):
            break
        url = url[:-1]
    return url
