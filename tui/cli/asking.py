"""Runs one question through the conductor and prints what comes of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from tui.cli.parts import Parts
from tui.cli.sessions_naming import id_of
from tui.cli.telling import DONE, FAILED, INTERRUPTED, WRONG_USE, output_lost, tell
from tui.core.events import TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import CONTENT, Message, utc_now
from tui.core.prompts import verbatim
from tui.core.session import title_from
from tui.core.text import clean, one_line, scrub
from tui.core.words import Place, Role, TurnState
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.journal import FileJournal
from tui.wire.expect import outcome

if TYPE_CHECKING:
    from tui.chat.conductor import Conductor
    from tui.cli.options import Wanted
    from tui.core.events import ReplyEvent
    from tui.core.listing import Listing
    from tui.core.merging import Base, Stamp
    from tui.core.ports import SessionStore
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.store.places import Places


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how."""

    text: str
    preset: str | None = None
    """The name of a preset whose parameters stand behind the others."""
    system: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    chunks: list[dict[str, Any]] = field(default_factory=list)
    """Images and documents that belong to the prompt."""
    timeout_s: float | None = None
    retries: int | None = None
    longest_wait_s: float | None = None
    save: bool = False
    as_json: bool = False
    thinking: bool = False
    """Whether the thinking is printed, on standard error."""


class Unsaved:
    """A session store that keeps nothing; it only reads."""

    def __init__(self, store: TomlSessions) -> None:
        self._store = store

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        """As on disk."""
        return self._store.listing(limit, place)

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        """As on disk."""
        return self._store.recall(limit, place)

    def load(self, session_id: str) -> Session:
        """As on disk."""
        return self._store.load(session_id)

    def create(self, session: Session) -> None:
        """Nothing."""

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        """Nothing."""

    def save_header(self, session: Session) -> None:
        """Nothing."""

    def rewrite(self, session: Session) -> None:
        """Nothing."""

    def stamp(self, session_id: str) -> Stamp | None:
        """As on disk."""
        return self._store.stamp(session_id)


class Printer:
    """A listener that prints the reply's text as it arrives."""

    def __init__(self, *, silent: bool, thinking: bool = False) -> None:
        self._silent = silent
        self._shows_thinking = thinking
        self._is_thinking = False
        self._clean = sys.stdout.isatty()
        self._last = "\n"
        self.unsaved = ""
        """Why not all of the chat is on disk, if that was wanted."""

    def turn_changed(self, turn: Turn) -> None:
        """Tell of a wait before another try."""
        if turn.retrying is not None and not turn.state.is_over:
            wait = turn.retrying
            tell(f"{one_line(wait.failure.message, 200)}; trying again in {wait.wait_s:.0f} s")

    def turn_grew(self, turn: Turn, event: ReplyEvent) -> None:  # noqa: ARG002 (the listener's signature)
        """Print a piece of text at once; on a terminal it is made harmless."""
        self._think(event)
        if self._silent or not isinstance(event, TextDelta) or event.choice != 0 or not event.text:
            return
        self._write(event.text)

    def print(self, text: str) -> None:
        """Print a whole text, its last line ended."""
        self._write(text)
        self.end()

    def _write(self, text: str) -> None:
        self._last = text[-1:]
        sys.stdout.write(clean(text) if self._clean else scrub(text))
        sys.stdout.flush()

    def _think(self, event: ReplyEvent) -> None:
        """Print a piece of thinking on standard error, and end its last line when the text begins."""
        if not self._shows_thinking:
            return
        if isinstance(event, ThinkingDelta) and event.choice == 0:
            self._is_thinking = True
            click.echo(clean(event.text), err=True, nl=False)
        elif self._is_thinking:
            self._is_thinking = False
            click.echo(err=True)

    def end(self) -> None:
        """End the last line."""
        if self._is_thinking:
            click.echo(err=True)
        if self._last != "\n":
            sys.stdout.write("\n")
            sys.stdout.flush()

    def turn_told(self, turn: Turn, words: str) -> None:  # noqa: ARG002
        """Tell what takes long."""
        tell(words)

    def prompt_added(self, session: Session, message: Message) -> None:
        """Nothing to print."""

    def session_changed(self, session: Session) -> None:
        """Nothing to print."""

    def save_failed(self, session: Session, failure: Failure) -> None:  # noqa: ARG002
        """Keep it for the end: it is tried again until then, and the answer is printed all the same."""
        self.unsaved = failure.sentence

    def save_recovered(self, session: Session) -> None:  # noqa: ARG002
        """What could not be saved is saved."""
        self.unsaved = ""


def ask_once(wanted: Wanted, places: Places, question: Question) -> int:
    """Ask, print, and give the exit status."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]  # a TextIOWrapper
    printer = Printer(silent=question.as_json, thinking=question.thinking)
    try:
        parts = Parts.of(wanted, places)
        if parts.provider is None:
            tell(
                "there is nobody to ask: set MISTRAL_API_KEY, or use --local or --base-url, or run: bise"
            )
            return WRONG_USE
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE
    for problem in parts.problems:
        tell(problem)
    if question.retries is not None:
        parts.settings.retries = question.retries
    if question.longest_wait_s is not None:
        parts.settings.longest_wait_s = question.longest_wait_s
    if question.timeout_s is not None:
        parts.providers[parts.provider].idle_timeout_s = question.timeout_s
    store: SessionStore = TomlSessions(places)
    if not question.save:
        store = Unsaved(TomlSessions(places))
    conductor = parts.conductor(store, printer, FileJournal(places) if question.save else None)
    try:
        return asyncio.run(_ask(parts, conductor, printer, wanted, question))
    except OSError as error:
        return output_lost(error)


async def _ask(
    parts: Parts, conductor: Conductor, printer: Printer, wanted: Wanted, question: Question
) -> int:
    try:
        session = await session_for(parts, conductor, wanted, question)
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE
    if question.save and conductor.following is not None:
        await conductor.following.look()
        try:
            conductor.following.refuse(session.id)
        except Failure as failure:  # else a prompt without a reply would stay in the chat
            tell(failure.sentence)
            return FAILED
    add_prompt(session, question)
    try:
        turn = conductor.answer(session)
    except Failure as failure:
        tell(failure.sentence)
        return WRONG_USE
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with contextlib.suppress(NotImplementedError, AttributeError):  # Windows
            loop.add_signal_handler(getattr(signal, name), conductor.interrupt)
    try:
        await conductor.settled()
    finally:
        await conductor.close()
    return _report(turn, printer, question)


async def session_for(
    parts: Parts, conductor: Conductor, wanted: Wanted, question: Question
) -> Session:
    """The conversation that the question belongs to, its parameters set. Raises `Failure`."""
    if wanted.session is not None:
        session = await conductor.open(id_of(wanted.session))
        if wanted.local or wanted.provider or wanted.base_url:
            session.provider = parts.provider
        if parts.model is not None:
            session.parameters.model = parts.model
    else:
        session = conductor.new_session(parts.provider or "", parts.model)
        if question.system:
            session.add(
                Message(role=Role.SYSTEM, created=utc_now(), content=scrub(question.system))
            )
    if question.preset is not None:
        use_preset(parts, session, question.preset, wanted)
    if question.system and wanted.session is not None:
        session.parameters.system_prompt = verbatim(scrub(question.system))
    for name, value in question.parameters.items():
        setattr(session.parameters, name, value)
    return session


def use_preset(parts: Parts, session: Session, name: str, wanted: Wanted) -> None:
    """Put a preset in force in a chat; server and model of the command line come before its own.

    Raises `Failure` if there is none of that name.
    """
    from tui.core.parameters import Parameters
    from tui.core.presets import applied
    from tui.store.config.presets import PresetFolder

    preset = PresetFolder(parts.places).named(name)
    sets = parts.settings.all_stop_sets()
    after = applied(preset, session.parameters.kept(), sets=sets)
    session.parameters = Parameters.model_validate(after)
    if parts.model is not None:
        session.parameters.model = parts.model
    if preset.provider and not (wanted.local or wanted.provider or wanted.base_url):
        if preset.provider not in parts.providers:
            raise Failure(
                FailureKind.CONFIG,
                f"The preset {name!r} is for the server {preset.provider!r:.60}, which is not there",
                advice="Add it to the settings, or name another with --provider.",
            )
        session.provider = preset.provider


def add_prompt(session: Session, question: Question) -> None:
    """Put the user's message at the conversation's end."""
    content: Any = scrub(question.text)
    if question.chunks:
        content = CONTENT.validate_python([{"type": "text", "text": content}, *question.chunks])
    session.add(Message(role=Role.USER, created=utc_now(), content=content))
    if not session.title:
        session.title = title_from(question.text)


def _report(turn: Turn, printer: Printer, question: Question) -> int:
    """Print what is left to print, and give the exit status."""
    printer.end()
    others = turn.reply.choices[1:] if turn.reply is not None and not question.as_json else []
    for choice in others:
        printer.print(f"\n{choice.text}")
    for note in turn.reply.notes if turn.reply is not None else ():
        tell(f"note: {note}")
    if turn.reply is not None and not question.as_json:
        for call in turn.reply.choices[0].tool_calls:
            words = one_line(call.arguments, 200)
            tell(
                f"the model asks for the tool {one_line(call.name, 80)} with {words}; it was not run"
            )
    if question.as_json:
        print(json.dumps(outcome(turn.reply, turn.failure), ensure_ascii=True), flush=True)
    if printer.unsaved:
        tell(f"not saved: {printer.unsaved}")
    if turn.state is TurnState.STOPPED:
        return INTERRUPTED
    if turn.failure is not None:
        tell(turn.failure.sentence)
        return WRONG_USE if turn.failure.kind is FailureKind.CONFIG else FAILED
    return FAILED if printer.unsaved else DONE
