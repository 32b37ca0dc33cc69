"""Puts the files that messages refer to into an export, or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.attached import references_in
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions.attachments import UNUSED, FileAttachments
from tui.store.sessions.whereabouts import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.core.attached import Reference
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.store.places import Places


def inlined(places: Places, session: Session) -> tuple[Session, list[str]]:
    """The session with all data in its messages, and what is missing, in words; the one given is not changed."""
    made = session.model_copy()
    messages, notes = FileAttachments(places).inlined(session.messages)
    made.messages = messages
    return made, [note.replace(" was not sent: ", " is missing: ") for note in notes]


def put_beside(places: Places, messages: Iterable[Message], folder: Path) -> list[str]:
    """Copy what messages refer to below a folder, where the references then lead; gives what is missing, in words.

    Raises `Failure` if it can't be written.
    """
    notes = []
    for reference in {ref: None for message in messages for ref in references_in(message)}:
        data = _data(places, reference)
        if data is None:
            notes.append(f"the {reference.what} {reference.name} is missing")
            continue
        target = folder / "files" / reference.name
        try:
            if target.exists():
                continue  # its name says what is in it
            target.parent.mkdir(parents=True, exist_ok=True)
            atomic.replace(target, data)
        except OSError as error:
            raise disk_failure(error, target, "write") from error
    return notes


def _data(places: Places, reference: Reference) -> bytes | None:
    for name in (reference.name, reference.name + UNUSED):
        try:
            data = read_plain(places.files / name)
        except OSError:
            continue
        if reference.fits(data):
            return data
    return None
