"""Keeps the binary contents of messages beside the sessions, each once, named by what is in it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tui.core.attached import Attachment, Reference, changed, references_in
from tui.core.listing import Problem
from tui.core.message import Chunk, TextChunk
from tui.store import atomic
from tui.store.disk import cause_of, disk_failure
from tui.store.sessions.locking import locked
from tui.store.sessions.whereabouts import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tui.core.message import Message
    from tui.store.places import Places

UNUSED = ".unused"
"""Ends the name of a file that no session refers to any more, until it is removed."""

LOCK = "files"
"""Who puts files there or removes them holds this lock."""


def put_beside(places: Places, messages: Iterable[Message]) -> None:
    """Put the data in messages into files; in its place the messages refer to them from now on.

    Raises `Failure` if it can't be saved; the message is then as it was.
    """
    for message in messages:
        if isinstance(message.content, str):
            continue
        found: dict[str, Attachment] = {}

        def refer(text: str, may_be_bare: bool, found: dict[str, Attachment] = found) -> str:
            attachment = Attachment.of(text, may_be_bare=may_be_bare)
            if attachment is None:
                return text
            found[attachment.name] = attachment
            return attachment.reference

        content = changed(message.content, refer)
        for attachment in found.values():
            _keep(places, attachment)
        if found:
            message.content = content


class FileAttachments:
    """The files beside the sessions; implements `core.ports.Attachments`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def inlined(self, messages: Sequence[Message]) -> tuple[list[Message], list[str]]:
        """The messages with all data in them, as servers want them; and what is missing, in words.

        The messages given are not changed. What is missing is replaced by words that say so.
        """
        notes: dict[str, None] = {}
        return [self._inlined(message, notes) for message in messages], list(notes)

    def problems(self, messages: Iterable[Message]) -> list[Problem]:
        """What messages refer to and what is not there, or is not what was put there."""
        found = []
        for reference in {ref: None for message in messages for ref in references_in(message)}:
            data, words = self._read(reference)
            if data is None:
                found.append(Problem(str(self._places.files / reference.name), 0, words))
        return found

    def _inlined(self, message: Message, notes: dict[str, None]) -> Message:
        if isinstance(message.content, str) or not references_in(message):
            return message
        content = [self._chunk(chunk, notes) for chunk in message.content]
        return message.model_copy(update={"content": content})

    def _chunk(self, chunk: Chunk, notes: dict[str, None]) -> Chunk:
        missing: list[Reference] = []

        def insert(text: str, _may_be_bare: bool) -> str:
            reference = Reference.of(text)
            if reference is None:
                return text
            data, words = self._read(reference)
            if data is None:
                missing.append(reference)
                path = self._places.files / reference.name
                notes[f"the {reference.what} {path} was not sent: {words}"] = None
                return text
            return reference.text(data)

        [made] = changed([chunk], insert)
        return TextChunk(text=f"[missing: {missing[0].what}]") if missing else made

    def _read(self, reference: Reference) -> tuple[bytes | None, str]:
        """The data, or None and why it can't be had."""
        path = self._places.files / reference.name
        try:
            data = read_plain(path)
        except OSError as error:
            unused = path.with_name(path.name + UNUSED)
            try:
                data = read_plain(unused)
            except OSError:
                return None, cause_of(error)
        return (data, "") if reference.fits(data) else (None, "its content was changed")


def _keep(places: Places, attachment: Attachment) -> None:
    """Write a file, unless it is there; then it counts as used now."""
    path = places.ensure(places.files) / attachment.name
    with locked(places, LOCK):
        try:
            if _is_there(path, attachment.data):
                os.utime(path)
            else:
                atomic.replace(path, attachment.data)
        except OSError as error:
            raise disk_failure(error, path, "save") from error
        with contextlib.suppress(OSError):
            path.with_name(path.name + UNUSED).unlink()


def _is_there(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False
