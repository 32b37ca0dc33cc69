"""Binary data inside messages: finds it, and puts something else in its place.

Images, documents and sounds come as base64 inside a chunk, as a data URI or bare. In a session's file a
reference stands in its place; the data is a file of its own, named by its content.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.core.message import Chunk, ReferenceChunk, TextChunk, ThinkingChunk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.core.message import Message

SMALLEST = 2048
"""Characters of base64 from which on data is not kept inside a session's file."""

_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "text/plain": "txt",
    "application/octet-stream": "bin",
}
_TYPES = {extension: kind for kind, extension in _EXTENSIONS.items()}
_DATA_URI = re.compile(r"data:([^,]{0,200});base64,")
_REFERENCE = re.compile(r"files/(([0-9a-f]{64})\.([a-z0-9]{1,8}))(?:#([^\n]{0,200}))?")
_BARE = "base64"
"""Behind a reference: its data comes back as base64 alone, not as a data URI."""
_NO_TYPE = ";"
"""Behind a reference: its data URI names no type."""
_SOUNDS = (
    (b"RIFF", "wav"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
)
_WHAT = {"image": "image", "audio": "sound", "video": "film"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """Data that was found in a message."""

    data: bytes
    extension: str
    note: str = ""
    """What is needed to make the text again, if the extension does not tell it."""

    @classmethod
    def of(cls, text: str, *, may_be_bare: bool = False) -> Attachment | None:
        """The data in a text that is a data URI, or base64; None if it is none, or would not come back equal."""
        found = _DATA_URI.match(text)
        if found is None and not may_be_bare:
            return None
        data = _decoded(text[found.end() :] if found else text)
        if data is None:
            return None
        if found is None:
            extension = next((ext for magic, ext in _SOUNDS if data.startswith(magic)), "bin")
            return cls(data, extension, _BARE)
        kind = found.group(1)
        if kind in _EXTENSIONS:
            return cls(data, _EXTENSIONS[kind])
        taken = kind in {_BARE, _NO_TYPE} or "\n" in kind
        return None if taken else cls(data, "bin", kind or _NO_TYPE)

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{hashlib.sha256(self.data).hexdigest()}.{self.extension}"

    @property
    def reference(self) -> str:
        """What stands in its place."""
        return f"files/{self.name}" + (f"#{self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands in the place of data in a session's file: `files/<sha256>.<extension>`."""

    name: str
    sha256: str
    extension: str
    note: str = ""

    @classmethod
    def of(cls, text: str) -> Reference | None:
        """The reference that a text is, or None."""
        found = _REFERENCE.fullmatch(text)
        return cls(found[1], found[2], found[3], found[4] or "") if found else None

    @property
    def what(self) -> str:
        """What it is, as a word."""
        kind = _TYPES.get(self.extension, "") or self.note
        return _WHAT.get(kind.partition("/")[0], "file")

    def fits(self, data: bytes) -> bool:
        """Whether this is the data that was put away."""
        return hashlib.sha256(data).hexdigest() == self.sha256

    def text(self, data: bytes) -> str:
        """The text with the data in it, as it was."""
        encoded = base64.b64encode(data).decode("ascii")
        if self.note == _BARE:
            return encoded
        kind = (
            "" if self.note == _NO_TYPE else self.note or _TYPES.get(self.extension, _TYPES["bin"])
        )
        return f"data:{kind};base64,{encoded}"


def changed(content: Sequence[Chunk], change: Callable[[str, bool], str]) -> list[Chunk]:
    """The chunks, each text in them that may be data or a reference put through `change`.

    Its second argument tells whether the text may be bare base64. The words of a conversation are
    not looked at. Chunks in which nothing changes are given back as they are.
    """
    return [_chunk_changed(chunk, change) for chunk in content]


def _chunk_changed(chunk: Chunk, change: Callable[[str, bool], str]) -> Chunk:
    if isinstance(chunk, TextChunk | ReferenceChunk):
        return chunk
    if isinstance(chunk, ThinkingChunk):
        inner = changed(chunk.thinking, change)
        same = all(new is old for new, old in zip(inner, chunk.thinking, strict=True))
        return chunk if same else chunk.model_copy(update={"thinking": inner})
    members = chunk.model_dump(exclude={"type"})
    walked = _walked(members, change, may_be_bare=chunk.type == "input_audio")
    if walked == members:
        return chunk
    return type(chunk).model_validate({"type": chunk.type, **walked})


def _walked(value: Any, change: Callable[[str, bool], str], *, may_be_bare: bool) -> Any:
    if isinstance(value, str):
        return change(value, may_be_bare)
    if isinstance(value, dict):
        return {k: _walked(v, change, may_be_bare=may_be_bare) for k, v in value.items()}
    if isinstance(value, list):
        return [_walked(item, change, may_be_bare=may_be_bare) for item in value]
    return value


def references_in(message: Message) -> list[Reference]:
    """What a message refers to, each once, in order."""
    found: dict[Reference, None] = {}

    def note(text: str, _may_be_bare: bool) -> str:
        reference = Reference.of(text)
        if reference is not None:
            found[reference] = None
        return text

    if not isinstance(message.content, str):
        changed(message.content, note)
    return list(found)


def _decoded(text: str) -> bytes | None:
    """The bytes of base64 in its usual form; None if encoding them again would not give the same."""
    if len(text) < SMALLEST:
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None
