"""Makes the text of an export, whichever form it has; one chat is in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.export.attached import inlined, put_beside
from tui.store.export.chosen import Scope, chosen, kept, part_of
from tui.store.sessions import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui.core.message import Message
    from tui.core.ports import SessionStore
    from tui.core.session import Session
    from tui.store.places import Places

_CODING = "surrogateescape"
"""So that the bytes of a damaged file come out as they are."""


class Form(StrEnum):
    """What can be written, by the ending of the file."""

    MARKDOWN = "md"
    JSON = "json"
    TOML = "toml"
    HTML = "html"

    @classmethod
    def of_ending(cls, ending: str, otherwise: str) -> Form:
        """The form that the ending of a file means, Markdown if there is none.

        Raises `Failure` if it means no form, and tells how to name one `otherwise`.
        """
        endings = {"": cls.MARKDOWN, "htm": cls.HTML, **{str(form): form for form in cls}}
        try:
            return endings[ending.removeprefix(".").lower()]
        except KeyError:
            *most, last = (f".{form}" for form in cls)
            known = f"{', '.join(most)} or {last}"
            raise Failure(
                FailureKind.CONFIG,
                f"No form of a chat ends with {ending}",
                advice=f"Let the name end with {known}, or name the form: {otherwise}.",
            ) from None


@dataclass(frozen=True, slots=True)
class Task:
    """How to write."""

    form: Form
    scope: Scope
    inline: bool = True
    """Whether attached files go into the text; else they are put beside it."""

    @classmethod
    def usual(cls, form: Form, *, to_file: bool) -> Task:
        """What is written unless told otherwise: all for programs, what is shown for people."""
        scope = Scope.ALL if form in {Form.JSON, Form.TOML} else Scope.SHOWN
        return cls(form, scope, inline=not (to_file and form in {Form.MARKDOWN, Form.TOML}))


class Exporter:
    """Writes chats. What is missing of them is gathered in `notes`, in words."""

    def __init__(self, places: Places, store: SessionStore, task: Task) -> None:
        self._places, self._store, self._task = places, store, task
        self.notes: dict[str, None] = {}

    def text(self, ids: Sequence[str], folder: Path | None) -> str:
        """The chats as one text; `folder` is where it will lie. Raises `Failure`."""
        form = self._task.form
        if form is Form.TOML:
            if len(ids) > 1:
                raise Failure(
                    FailureKind.CONFIG,
                    "Several chats can't be in one TOML file",
                    advice="Name a folder with --output.",
                )
            return self._toml(ids[0], folder)
        sessions = (self._ready(session_id, folder) for session_id in ids)
        if form is Form.JSON:
            from tui.store.export.json_form import json_object, json_text

            return json_text(json_object(session, self._task.scope) for session in sessions)
        parts = ((session, chosen(session, self._task.scope)) for session in sessions)
        return _page(parts) if form is Form.HTML else _markdown(parts)

    def _toml(self, session_id: str, folder: Path | None) -> str:
        """The chat's file as it is, comments and all, if it is wanted whole."""
        from tui.store.sessions.text import session_text

        session = self._ready(session_id, folder)
        if self._task.scope is Scope.ALL and not self._task.inline:
            try:
                path = whereabouts.path_of(self._places, session_id)
                if not path.exists():  # it is kept in memory only
                    return session_text(session)
                return whereabouts.read_plain(path).decode("utf-8", _CODING)
            except OSError as error:
                raise disk_failure(error, path, "read") from error
        return session_text(part_of(session, kept(session, self._task.scope)))

    def _ready(self, session_id: str, folder: Path | None) -> Session:
        """The session with its files put into it, or beside it."""
        session = self._store.load(session_id)
        if folder is None or self._task.inline:
            session, missing = inlined(self._places, session)
        else:
            missing = put_beside(self._places, kept(session, self._task.scope), folder)
        self.notes |= dict.fromkeys(missing)
        return session


def _markdown(parts: Iterator[tuple[Session, list[Message]]]) -> str:
    from tui.store.export.markdown import markdown_text

    return "\n".join(markdown_text(session, messages) for session, messages in parts)


def _page(parts: Iterator[tuple[Session, list[Message]]]) -> str:
    from tui.paint.page import page

    return page(parts)


def save(target: Path, text: str, *, force: bool) -> None:
    """Write a text to a file, over one that is there only by `force`. Raises `Failure`."""
    data = text.encode("utf-8", _CODING)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if force:
            atomic.replace(target, data)
        else:
            atomic.create(target, data)
    except FileExistsError as error:
        raise Failure(
            FailureKind.CONFIG, f"{target} is there already", advice="Add --force to write over it."
        ) from error
    except OSError as error:
        raise disk_failure(error, target, "write") from error
    except ValueError as error:  # a NUL in the name
        raise Failure(FailureKind.CONFIG, f"{str(target)!r} is no path") from error
