"""Tells when the beginning of a line is enough to know what kind of block it belongs to."""

from __future__ import annotations

import re

from tui.paint.html import BEGINNING

LONGEST = 16_384
"""Characters after which a line is taken for text, whatever may follow."""

_SKIPPED = re.compile(r"[ >]*")
_LIST = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)]) +(?=\S)|\[\^[^\]\s]{1,64}\]: *(?=\S)")
_DECIDED = re.compile(
    rf"""
      [^\s\#<>\-+*_=`~|:$\\\[0-9]          # what no block but a paragraph begins with
    | \#{{7}} | \#{{1,6}}[^\s\#] | \#{{1,6}}[ ]+[^\s\#]
    | \+[^ ] | [-][^-:|\s] | [-][-:|]+[ ]*[^-:|\s]
    | \*[^*\s] | \*[*\ ]*\*[^*\s]
    | _[_ ]*[^_\s] | =[= ]*[^=\s]
    | `{{1,2}}[^`] | `{{3,}}[^`]+` | ~{{1,2}}[^~]
    | [|:][-:|\ ]*[^-:|\s]
    | (?i:{BEGINNING}) | <[^a-zA-Z/!?] | <[^<>]*(?:<|>[ ]*[^ ]) | <[^>]{{201}}
    | \$[^$] | \\[^\[]
    | \[[^^] | \[\^\s | \[\^\] | \[\^[^\]\s]{{1,64}}(?:\s|\][^:]) | \[\^[^\]\s]{{65}}
    | [0-9]{{10}} | [0-9]{{1,9}}[^0-9.)] | [0-9]{{1,9}}[.)][^ ]
    """,
    re.VERBOSE,
)


def is_decided(line: str) -> bool:
    """Whether nothing that follows on the line can change what kind of block it begins or goes on.

    True only if certain; the line must have no tabs.
    """
    if len(line) > LONGEST:
        return True
    at = 0
    while True:
        at = _SKIPPED.match(line, at).end()  # type: ignore[union-attr]  # matches always
        if at == len(line):
            return False
        if _DECIDED.match(line, at):
            return True
        marker = _LIST.match(line, at)
        if marker is None:
            return False
        at = marker.end()
