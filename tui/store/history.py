"""The prompts of all chats and runs in one file that only grows, newest last.

Several processes may add to it at once. A torn or mangled entry hides no other.
"""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tui.core.message import utc_now
from tui.core.recall import LONGEST
from tui.core.text import scrub
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions.locking import locked
from tui.store.toml.text import encode, key_text, line_text, table_text

if TYPE_CHECKING:
    from tui.store.places import Places

READ_AT_MOST = 8_000_000
"""Bytes of the file's end that are read."""

LOCK = "history"

_MARK = re.compile(rb"(?m)^\[\[prompt\]\][ \t]*\r?$")
_TORN_MARK = re.compile(rb"\n\[[\[promt\]]{0,9}\s*\Z")
_LIKE_A_MARK = re.compile(r"(?m)^\[\[prompt\]\]")


class PromptHistory:
    """The prompts in the data folder; implements `core.ports.History`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def load(self) -> list[str]:
        """What was said, the newest last, each once; what can't be read is passed over. Raises `Failure`."""
        texts: dict[str, None] = {}
        for text in _texts_of(self._end()):
            texts.pop(text, None)
            texts[text] = None
        return list(texts)

    def add(self, text: str) -> None:
        """Put a prompt at the end, unless it is empty or too long to be remembered. Raises `Failure`."""
        if not text.strip() or len(text) > LONGEST:
            return
        path = self._places.history_file
        self._places.ensure(path.parent)
        with locked(self._places, LOCK):
            try:
                with contextlib.suppress(FileExistsError):
                    if not path.exists():
                        atomic.create(path, b"")
                joint = "" if _ends_well(path) else "\n"
                atomic.append(path, (joint + _entry(text)).encode())
            except OSError as error:
                raise disk_failure(error, path, "add to") from error

    @property
    def stamp(self) -> tuple[int, ...]:
        """Another value whenever somebody has added a prompt."""
        try:
            state = self._places.history_file.stat()
        except OSError:
            return ()
        return state.st_ino, state.st_size, state.st_mtime_ns

    def _end(self) -> bytes:
        path = self._places.history_file
        try:
            with path.open("rb") as file:
                start = max(0, os.fstat(file.fileno()).st_size - READ_AT_MOST)
                file.seek(start)
                data = file.read(READ_AT_MOST)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise disk_failure(error, path, "read") from error
        found = _MARK.search(data) if start else None
        return data[found.start() :] if found else data


def _entry(text: str) -> str:
    """A prompt as it stands in the file; no line inside it looks like the beginning of another."""
    text = scrub(text)
    if _LIKE_A_MARK.search(text):
        return f"[[prompt]]\nat = {utc_now():%Y-%m-%dT%H:%M:%SZ}\n{key_text('text')} = {line_text(text)}\n\n"
    return f"[[prompt]]\n{table_text(encode({'at': utc_now(), 'text': text}))}\n"


def _ends_well(path: os.PathLike[str]) -> bool:
    with open(path, "rb") as file:  # noqa: PTH123 (a path-like of any kind)
        if not os.fstat(file.fileno()).st_size:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _texts_of(data: bytes) -> list[str]:
    try:
        return _told(tomllib.loads(data.decode()))
    except (ValueError, RecursionError):
        pass
    starts = [match.start() for match in _MARK.finditer(data)]
    texts = []
    for start, end in pairwise([*starts, len(data)]):
        block = _TORN_MARK.sub(b"", data[start:end])
        with contextlib.suppress(ValueError, RecursionError):
            texts += _told(tomllib.loads(block.decode()))
    return texts


def _told(table: dict[str, Any]) -> list[str]:
    prompts = table.get("prompt")
    if not isinstance(prompts, list):
        return []
    texts = [prompt.get("text") for prompt in prompts if isinstance(prompt, dict)]
    return [text for text in texts if isinstance(text, str) and text.strip()]
