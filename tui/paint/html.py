"""Where a block of HTML begins and ends; what is in it is text and shown as it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.paint.verbatim import Verbatim

if TYPE_CHECKING:
    from tui.paint.inline import Inline
    from tui.paint.leaf import Frame

_CONTAINERS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|"
    "header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|"
    "param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_RAW = "script|pre|style|textarea"
BEGINNING = rf"<(?:(?:{_RAW})[ >]|!--|\?|![a-zA-Z]|!\[CDATA\[|/?(?:{_CONTAINERS})(?:[ ]|/?>))"
"""What is enough of a line to know that it begins HTML, but for tags of other names."""

_BLANK = re.compile(r"(?!)")
_BEGINNINGS = [
    (re.compile(rf"<(?:{_RAW})(?:[ >]|$)", re.IGNORECASE), rf"</(?:{_RAW})>"),
    (re.compile("<!--"), "-->"),
    (re.compile(r"<\?"), r"\?>"),
    (re.compile("<![a-zA-Z]"), ">"),
    (re.compile(r"<!\[CDATA\["), r"\]\]>"),
]
_CONTAINER = re.compile(rf"</?(?:{_CONTAINERS})(?: |/?>|$)", re.IGNORECASE)
_ATTRIBUTE = r" +[a-zA-Z_:][a-zA-Z0-9_.:-]*(?: *= *(?:[^ \"'=<>`]+|'[^'<>]*'|\"[^\"<>]*\"))?"
_TAG = re.compile(
    rf"(?=[^>]{{1,200}}>)(?:<[a-zA-Z][a-zA-Z0-9-]*(?:{_ATTRIBUTE})* */?>|</[a-zA-Z][a-zA-Z0-9-]* *>) *$"
)


def ending(line: str, *, whole: bool, continues: bool) -> re.Pattern[str] | None:
    """What ends the block of HTML that this line begins; None if it begins none.

    `whole` tells whether this is all of the line; `continues` whether it would go on a paragraph,
    into which a tag of any name does not break.
    """
    for beginning, end in _BEGINNINGS:
        if beginning.match(line):
            return re.compile(end, re.IGNORECASE)
    if _CONTAINER.match(line) or (whole and not continues and _TAG.match(line)):
        return _BLANK
    return None


class Html(Verbatim):
    """A block of HTML, which goes on until its end is found in a line, or else until a blank line."""

    __slots__ = ("_end",)

    def __init__(self, frame: Frame, inline: Inline, end: re.Pattern[str]) -> None:
        super().__init__(frame, inline, frame.base)
        self._end = end

    @property
    def keeps_blank_lines(self) -> bool:
        """Whether blank lines belong to it."""
        return self._end is not _BLANK

    @property
    def is_ended(self) -> bool:
        """Whether its end was in the last line."""
        return self._end.search(self.lines[-1]) is not None
