r"""How text with invisible characters is typed and shown: `\n` is typed, ⏎ is seen, a line end is meant.

A field in which such text is typed puts pasted text in by `escaped`, so that it stays as it was.
"""

from __future__ import annotations

import re
from typing import Final

from tui.core.text import UNSAFE, clean

_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}  # fmt: skip
_PLAIN: Final = {"\\", '"', "'"}
_DIGITS: Final = {"x": 2, "u": 4, "U": 8}
_TYPED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}
_SEEN: Final = {"\n": "⏎", "\t": "⇥", "\r": "␍", " ": "·", "\xa0": "⍽"}
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.|\Z)", re.DOTALL)


def escaped(text: str) -> str:
    """The text as it is typed: on one line, with escapes for what can't be seen. The inverse of `unescaped`."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_typed, text))


def quoted(text: str) -> str:
    """The same between double quotes, cut in its middle if it is very long; for sentences."""
    short = text if len(text) <= 80 else f"{text[:40]}…{text[-20:]}"
    return '"' + escaped(short).replace('"', '\\"') + '"'


def unescaped(typed: str) -> str:
    r"""The text that is meant by what was typed: `\n`, `\t`, `\\`, `\x1b`, `\u2028`, `\U0001f600`.

    Raises `ValueError`, in words, for a backslash that begins none of these.
    """
    if "\\" not in typed:
        return typed
    return _ESCAPE.sub(_meant, typed)


def typed_text(words: str) -> str:
    r"""The text that an argument means: `"\n\n"` with quotes or `\n\n` without them.

    Only quotes make spaces at the ends count. Raises `ValueError` like `unescaped`, and for a quote that is not closed.
    """
    words = words.strip(" \t")
    if not words.startswith('"'):
        return unescaped(words)
    if not re.fullmatch(r'"(?:[^"\\]|\\.)*"', words, re.DOTALL):
        raise ValueError('a text that begins with " ends with " as well; write \\" for one within')
    return unescaped(words[1:-1])


def visible(text: str, limit: int = 0) -> str:
    """The text as it is seen, on one line and safe to paint: ⏎ for a line's end, ⇥ for a tab, · for a space.

    With `limit`, at most so many characters; the middle is then left out.
    """
    if limit and len(text) > limit:
        head = max(1, (limit - 1) * 2 // 3)
        tail = limit - 1 - head
        return f"{visible(text[:head])}…{visible(text[len(text) - tail :])}"
    return "".join(map(_seen, text))


def _typed(character: str) -> str:
    known = _TYPED.get(character)
    if known:
        return known
    if character.isprintable() and not UNSAFE.match(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _meant(match: re.Match[str]) -> str:
    word = match.group(1)
    if word in _LETTERS:
        return _LETTERS[word]
    if word in _PLAIN:
        return word
    if len(word) > 1:
        code = int(word[1:], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise ValueError(f"\\{word} is no character")
        return chr(code)
    if not word:
        raise ValueError("a single backslash stands at the end; write \\\\ for a backslash")
    if word in _DIGITS:
        raise ValueError(f"\\{word} is followed by {_DIGITS[word]} hexadecimal digits")
    raise ValueError(f"\\{clean(word)} means nothing; write \\\\{clean(word)} for a backslash")


def _seen(character: str) -> str:
    known = _SEEN.get(character)
    if known:
        return known
    if character.isprintable() and not UNSAFE.match(character):
        return character
    return clean(character) if ord(character) < 0x20 else _typed(character)
