"""Makes text from outside harmless: for the screen, for a file, for a link that is to be opened.

What is stored and sent stays as it came. Only what is painted is cleaned, one character at a
time and without state, so that an escape sequence cut across two deltas is harmless as well.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
"""Characters that may act on a terminal or hide text: C0, C1, bidirectional controls, invisible
characters, tags and lone surrogates. Newline, tab and the emoji joiners are not among them."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)  # control pictures: ESC is shown, not obeyed
    return "\u2421" if code == 0x7F else "\ufffd"


def clean(text: str) -> str:
    """The text, safe to paint: every unsafe character is replaced by one that can be seen.

    CR LF and CR become LF. Newline, tab and the joiners of emoji stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return UNSAFE.sub(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, limit: int = 0) -> str:
    """The text, safe to paint, on one line; cut to `limit` characters with an ellipsis if `limit` > 0."""
    line = _SPACES.sub(" ", clean(text[: 8 * limit] if limit else text)).strip()
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def scrub(text: str) -> str:
    """The text with lone surrogates replaced by U+FFFD, so that it can be written as UTF-8."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def openable(url: str) -> bool:
    """Whether a link may be handed to the browser: http, https or mailto, with no tricks in it.

    The target is percent-decoded first, since `%66ile:///etc/passwd` opens a file in some browsers.
    """
    target = unquote(url)
    if any(ord(c) < 0x21 or 0x7F <= ord(c) <= 0x9F for c in target) or UNSAFE.search(target):
        return False
    try:
        parts = urlsplit(target)
        if parts.scheme == "mailto":
            return "@" in parts.path
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # urlsplit refuses bad IPv6 hosts
        return False
