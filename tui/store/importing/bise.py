"""bise's own exports: JSON as `export.json_form` writes it, and session files (TOML)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.attached import Reference, changed, references_in
from tui.core.failure import Failure
from tui.core.listing import Problem
from tui.core.message import Message
from tui.core.session import SCHEMA, Session
from tui.store.export.json_form import VERSION, members_of_api
from tui.store.filing import trash_mark
from tui.store.importing.formats import Origin, Reading, Trouble, each
from tui.store.importing.making import MOST_MESSAGES, Found, Unfit, first_error
from tui.store.importing.shelf import beside
from tui.store.importing.values import name, rows, table
from tui.store.sessions.head_change import head_of
from tui.store.sessions.read import read_session
from tui.store.sessions.whereabouts import SUFFIX, check_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tui.store.importing.streams import Value

SOURCE = "bise"


def read_json(origin: Origin, values: Iterable[Value]) -> Iterator[Reading]:
    """One session for each object."""
    return each(origin, (value.data for value in values), _session)


def read_toml(origin: Origin, data: bytes) -> Iterator[Reading]:
    """The session of a file; what it refers to is taken from `files/` beside it."""
    try:
        yield from each(origin, [data], lambda found: _of_file(origin, found))
    except Failure as failure:
        yield Trouble(failure.message)


def _session(raw: object) -> Found:
    data = table(raw)
    if data.get("bise") != VERSION:
        raise Unfit(f"it is of the version {name(data.get('bise'))[:20]!r} of bise's exports")
    sent = [table(message) for message in rows(data.get("messages"))]
    branches = rows(data.get("tree"))
    if len(branches) > MOST_MESSAGES:
        raise Unfit(f"the conversation has more than {MOST_MESSAGES} messages")
    try:
        session = Session.model_validate(table(data.get("session")))
        session.messages = [_message(table(branch), sent) for branch in branches]
    except ValidationError as error:
        raise Unfit(first_error(error)) from error
    return _found(session)


def _message(branch: dict[str, Any], sent: list[dict[str, Any]]) -> Message:
    members = dict(branch)
    at = members.pop("message", None)
    if at is not None:
        if type(at) is not int or not 0 <= at < len(sent):
            raise Unfit(f"its tree means a message that is not there: {name(at)[:20]!r}")
        members = {**members_of_api(sent[at]), **members}
    return Message.model_validate(members)


def _of_file(origin: Origin, data: bytes) -> Found:
    session = read_session(_path(origin, data), data, origin.part.changed.timestamp())
    if not session.messages:
        raise Unfit("nothing that was said in it can be read")
    found = _found(session)
    found.notes += [str(Problem(origin.label, one.line, one.message)) for one in session.problems]
    session.problems.clear()
    for at, message in enumerate(session.messages):
        session.messages[at] = _with_data(origin, message, found.notes)
    return found


def _path(origin: Origin, data: bytes) -> Path:
    """Where the session's file lay; exports may be called otherwise, and then what is written in them counts."""
    path = origin.shelf.path_of(origin.part) or origin.shelf.path / origin.part.name
    written = head_of(data).get("id")
    if not isinstance(written, str):
        return path
    try:
        check_id(written)
    except Failure:
        return path
    return path.parent / f"{written}{SUFFIX}"


def _found(session: Session) -> Found:
    if session.schema_version > SCHEMA:
        raise Unfit("a newer version of bise wrote it")
    if len({message.id for message in session.messages}) < len(session.messages):
        raise Unfit("two of its messages have the same id")
    if not session.messages:
        raise Unfit("nothing was said in it")
    (session.model_extra or {}).pop(trash_mark.KEY, None)
    session.created = _aware(session.created)
    for message in session.messages:
        message.created = _aware(message.created) if message.created else None
    return Found(SOURCE, session.id, session)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _with_data(origin: Origin, message: Message, notes: list[str]) -> Message:
    """The message with what lies beside the export in it; what is not there is told, and stays a reference."""
    if isinstance(message.content, str) or not references_in(message):
        return message

    def insert(text: str, _may_be_bare: bool) -> str:
        reference = Reference.of(text)
        data = _beside(origin, reference) if reference is not None else None
        if reference is None or data is None:
            notes.extend(
                [f"the {reference.what} {reference.name} is not beside it"] if reference else []
            )
            return text
        return reference.text(data)

    return message.model_copy(update={"content": changed(message.content, insert)})


def _beside(origin: Origin, reference: Reference) -> bytes | None:
    before = origin.part.name.rpartition("/")[0]
    folders = ["/".join(filter(None, [before, "files"])), "files"]
    parts = (origin.shelf.named(f"{folder}/{reference.name}") for folder in folders)
    found = next((part for part in parts if part is not None), None)
    if found is not None:
        data = origin.shelf.attachment(found)
    else:
        path = origin.shelf.path_of(origin.part)
        data = beside(path, f"files/{reference.name}") if path is not None else None
    return data if data is not None and reference.fits(data) else None
