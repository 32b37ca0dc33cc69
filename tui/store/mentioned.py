"""Reads files that a prompt names: text to be put into it, images and documents as chunks.

Everything blocks: call it in a thread. Whatever is wrong with a file is said in a sentence.
"""

from __future__ import annotations

import base64
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.mentions import Expanded, Named, fenced, mentions_in
from tui.core.message import Chunk, ImageChunk
from tui.store.disk import cause_of

if TYPE_CHECKING:
    from tui.core.message import AnyChunk

LARGEST_TEXT = 1_000_000
"""Bytes of a file that is put into a prompt as text."""

LARGEST = 50_000_000
"""Bytes of an image or document that is sent inside a request."""

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class NamedFiles:
    """The files that prompts name; implements `core.ports.NamedFiles`."""

    def __init__(self, folder: Path | None = None) -> None:
        """Relative paths are below `folder`, which is the current one unless given."""
        self._folder = folder

    def expanded(self, text: str) -> Expanded:
        """Read the files that a prompt mentions. Raises `Failure`."""
        return expanded(text, self._folder)

    def paths_like(self, start: str) -> list[str]:
        """Paths that begin so; folders end with a slash."""
        return paths_like(start, self._folder)

    def told(self, text: str) -> list[str]:
        """Each file that a prompt mentions, with its size or what is wrong with it."""
        return told(text, self._folder)


def read_named(path: str, folder: Path | None = None) -> Named:
    """Read a file; a relative path is one below `folder`, which is the current one unless given.

    Raises `Failure` in words: for a folder, a file that is too big, binary, unreadable or gone.
    """
    where = (folder or Path()) / _at_home(path)
    data = _read(where, path)
    image = image_type(data)
    if image is not None:
        chunk: AnyChunk = ImageChunk(type="image_url", image_url=inline(image, data))
        return Named(where.name, len(data), chunk=chunk)
    if data.startswith(b"%PDF"):
        document = {
            "type": "document_url",
            "document_url": inline("application/pdf", data),
            "document_name": where.name,
        }
        return Named(where.name, len(data), chunk=Chunk.model_validate(document))
    return Named(where.name, len(data), text=fenced(path, _text(data, path)))


def expanded(text: str, folder: Path | None = None) -> Expanded:
    """Read the files that a prompt mentions: their text goes behind it, images and documents beside it.

    The mentions stay where they are. What looks like a name, and nothing of that name is there, is left
    alone. Raises `Failure` for what is meant as a path, or is there, and can't be had, or if all of it is too big.
    """
    files: dict[str, Named] = {}
    for mention in mentions_in(text):
        if mention.path in files:
            continue
        if not mention.is_path and not _is_there((folder or Path()) / mention.path):
            continue
        files[mention.path] = read_named(mention.path, folder)
        size = sum(named.size for named in files.values())
        if size > LARGEST:
            raise _too_big("All that the prompt names", size, LARGEST)
    named = list(files.values())
    parts = [text, *(one.text for one in named if one.text is not None)]
    chunks = [one.chunk for one in named if one.chunk is not None]
    return Expanded("\n\n".join(parts), chunks, named)


def told(text: str, folder: Path | None = None) -> list[str]:
    """What is known of the files that a prompt mentions without reading them: `notes.md 3.2 kB`, `x is a folder`."""
    found: dict[str, str] = {}
    for mention in mentions_in(text):
        words = _state((folder or Path()) / _at_home(mention.path))
        if words or mention.is_path:
            found[mention.path] = f"{mention.path} {words or 'is not there'}"
    return list(found.values())


def _state(where: Path) -> str:
    """The size of a file, or what is wrong with it; empty if there is none."""
    try:
        state = where.stat()
    except OSError as error:
        return "" if error.errno in {errno.ENOENT, errno.ENOTDIR} else "can't be read"
    except ValueError:
        return ""
    if stat.S_ISDIR(state.st_mode):
        return "is a folder"
    if not stat.S_ISREG(state.st_mode):
        return "is no plain file"
    if not os.access(where, os.R_OK):
        return "can't be read"
    size = _size(state.st_size)
    return f"{size}: too big" if state.st_size > LARGEST else size


def _size(size: int) -> str:
    for least, unit in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if size >= least:
            return f"{size / least:.1f} {unit}"
    return f"{size} B"


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def image_type(data: bytes) -> str | None:
    """The media type of an image that servers take, by its first bytes; None if it is none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _IMAGES if data.startswith(magic)), None)


def inline(kind: str, data: bytes) -> str:
    """The data as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def paths_like(start: str, folder: Path | None = None, limit: int = 200) -> list[str]:
    """Paths that begin so, to complete what is being typed; folders end with a slash. Empty on trouble.

    Hidden ones are left out unless their dot is typed.
    """
    head, slash, begin = start.rpartition("/")
    base = (folder or Path()) / _at_home(f"{head}{slash}")
    try:
        with os.scandir(base) as entries:
            found = [
                f"{head}{slash}{entry.name}{'/' if _is_folder(entry) else ''}"
                for entry in entries
                if entry.name.lower().startswith(begin.lower())
                and (begin.startswith(".") or not entry.name.startswith("."))
                and entry.name.isprintable()
            ]
    except (OSError, ValueError):
        return []
    return sorted(found, key=lambda path: (path[-1] != "/", path.lower()))[:limit]


def _at_home(path: str) -> Path:
    """The path, with a `~` at its beginning put out where that means a home."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _read(where: Path, path: str) -> bytes:
    try:
        state = where.stat()
        if stat.S_ISDIR(state.st_mode):
            raise _refused(path, "is a folder", "Name a file in it.")
        if not stat.S_ISREG(state.st_mode):
            raise _refused(path, "is no plain file", "Only files can be attached.")
        if state.st_size > LARGEST:
            raise _too_big(path, state.st_size, LARGEST)
        with where.open("rb") as file:
            data = file.read(LARGEST + 1)  # it may grow while it is read
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise _refused(path, "is not there", "Check the path.") from error
        raise _refused(path, f"can't be read: {cause_of(error)}", "") from error
    except ValueError as error:  # NUL in the path
        raise _refused(path, "is no path", "") from error
    if len(data) > LARGEST:
        raise _too_big(path, len(data), LARGEST)
    return data


def _text(data: bytes, path: str) -> str:
    if len(data) > LARGEST_TEXT:
        what = "is binary" if b"\0" in data[:4096] else None
        raise _refused(path, what, "") if what else _too_big(path, len(data), LARGEST_TEXT)
    coding = next((coding for mark, coding in _BOMS if data.startswith(mark)), "utf-8")
    advice = "Text, images (PNG, JPEG, WEBP, GIF) and PDF can be attached."
    if coding != "utf-16" and b"\0" in data:
        raise _refused(path, "is binary", advice)
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        raise _refused(path, "is no UTF-8 text", advice) from None


def _too_big(path: str, size: int, largest: int) -> Failure:
    words = f"has {_size(size)}; {largest / 1_000_000:.0f} MB is the most"
    return _refused(path, words, "Attach a part of it.")


def _refused(path: str, words: str, advice: str) -> Failure:
    return Failure(FailureKind.CONFIG, f"{path} {words}", advice=advice)
