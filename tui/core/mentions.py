"""Files that a prompt names: `@notes.md`, `@"path with spaces"`. Nothing is read here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.message import AnyChunk

_MENTION = re.compile(
    r"""(?:^|(?<=[\s(\[{<,;:]))@(?:"(?P<quoted>[^"\n]+)"|(?P<bare>[^\s"'`]+))""", re.MULTILINE
)
_TRAILING = ".,;:!?)]}>"
_PATHLIKE = re.compile(r"[./~\\]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A file that is named in a text."""

    path: str
    """As it was written, without quotes."""
    start: int
    """Where the `@` stands."""
    end: int
    """Behind its last character."""
    is_quoted: bool = False

    @property
    def is_path(self) -> bool:
        """Whether it is surely meant as a path: if there is no such file, that is worth a sentence.

        `@anna` may be a name.
        """
        return self.is_quoted or bool(_PATHLIKE.search(self.path))


@dataclass(frozen=True, slots=True)
class Named:
    """A file that was read to go with a prompt: either text or a chunk."""

    name: str
    size: int
    """In bytes."""
    text: str | None = None
    """Its text in a fence, under its name."""
    chunk: AnyChunk | None = None


@dataclass(frozen=True, slots=True)
class Expanded:
    """A prompt with the files that it names."""

    text: str
    chunks: list[AnyChunk]
    files: list[Named]
    """What was read, each file once."""


def mentions_in(text: str) -> list[Mention]:
    """The mentions in a prompt, in order. An address such as `a@b.example` is none, nor is `@@`."""
    found = []
    for match in _MENTION.finditer(text):
        path = match["quoted"] or match["bare"]
        end = match.end()
        if match["quoted"] is None:
            kept = path.rstrip(_TRAILING) or path
            end -= len(path) - len(kept)
            path = kept
            if path.startswith("@") or not path.strip(_TRAILING):
                continue
        found.append(Mention(path, match.start(), end, match["quoted"] is not None))
    return found


def mention_at(text: str, cursor: int) -> Mention | None:
    """The mention that is being typed at the cursor, to be completed: its path is what stands before it."""
    line = text[:cursor]
    match = re.search(
        r"""(?:^|(?<=[\s(\[{<,;:]))@(?:"(?P<quoted>[^"\n]*)|(?P<bare>[^\s"'`]*))$""", line
    )
    if match is None:
        return None
    path = match["bare"] if match["quoted"] is None else match["quoted"]
    return Mention(path, match.start(), cursor, match["quoted"] is not None)


def mention_text(path: str) -> str:
    """How a path is written as a mention, quoted if it must be."""
    is_plain = bool(path) and not re.search(r"""[\s"'`]""", path) and path[-1] not in _TRAILING
    return f"@{path}" if is_plain and not path.startswith("@") else f'@"{path}"'


def fenced(name: str, text: str) -> str:
    """A file's text as it is put into a prompt: a code block under its name, whatever stands in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    suffix = name.rpartition(".")[2] if "." in name else ""
    language = suffix if suffix.isalnum() and len(suffix) <= 8 else ""
    body = text if text.endswith("\n") else f"{text}\n"
    return f"{name}:\n\n{fence}{language}\n{body}{fence}"
