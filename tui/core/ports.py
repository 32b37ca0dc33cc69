"""The ports: what conversations need of the world, as Protocols that other parts fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tui.core.words import Place

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from tui.core.checks import Report
    from tui.core.completion import CompletionRequest
    from tui.core.costs import Prices
    from tui.core.elsewhere import Flight, Sight
    from tui.core.events import ReplyEvent
    from tui.core.listing import Draft, Listing, Problem
    from tui.core.mentions import Expanded
    from tui.core.merging import Base, Stamp
    from tui.core.message import Message
    from tui.core.models import ModelCard, ModelList
    from tui.core.presets import Preset, Presets
    from tui.core.prompts import PromptFile
    from tui.core.provider import Provider
    from tui.core.search import Found, Query
    from tui.core.session import Session
    from tui.core.settings import Settings
    from tui.core.themes import ThemeFile, Themes
    from tui.core.usage import Used
    from tui.core.words import Kind


class Backend(Protocol):
    """One server that completes chats."""

    def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        """The events of one reply, in the order of `core.events`.

        Closing or cancelling the iteration closes the connection at once.
        Raises `Failure` when the reply fails; its `reply` holds what had arrived.
        """
        ...

    async def models(self) -> list[ModelCard]:
        """The models on offer for chats; raises `Failure`."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


class Backends(Protocol):
    """Finds the backend of a provider, starting what has to be started."""

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> Backend:
        """The backend of a provider; `told` hears in words what is going on meanwhile.

        Raises `Failure` if it can't be had (no key, no embedded model, plain http).
        """
        ...

    async def aclose(self) -> None:
        """Close all backends and end what was started."""
        ...


class SessionStore(Protocol):
    """Keeps sessions. Methods block on the disk: call them in a thread. They raise `Failure`.

    `session.base` tells what a session in memory and its file last had in common. What others have
    changed in the file since is never overwritten; methods that write bring the base up to date.
    """

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        """The newest `limit` sessions (all if None) of a place, with no message read.

        Those that are known to be pinned come first and don't count.
        """
        ...

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        """About the same as `listing`, in a few milliseconds, however many sessions there are.

        What is listed is as it is now, but a session that was made or written to since the last
        `listing` may be missing or stand too low: ask for that next.
        """
        ...

    def load(self, session_id: str) -> Session:
        """One session, with all its messages."""
        ...

    def create(self, session: Session) -> None:
        """Write a new session's file, its messages included."""
        ...

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        """Save one more message, at a cost that does not depend on the session's size.

        `base`: of the session in memory that has the message, if there is one.
        """
        ...

    def save_header(self, session: Session) -> None:
        """Save title, provider and parameters; messages stay as they are."""
        ...

    def rewrite(self, session: Session) -> None:
        """Save head and messages whatever was done to them: edited, removed, put in anywhere.

        Messages that others have added or edited meanwhile stay as they are. Costs as much as the
        session is long; a message more is better saved by `append`.
        """
        ...

    def stamp(self, session_id: str) -> Stamp | None:
        """The state of the session's file now, to compare with its base's; None if it can't be had."""
        ...


class Search(Protocol):
    """Finds words in all sessions. Methods block on the disk: call them in a thread."""

    def search(self, query: Query, limit: int = 50) -> Found:
        """The best `limit` places that match. Any query will do, and none raises."""
        ...

    def refresh(self, progress: Callable[[int, int], bool]) -> bool:
        """Take in what has changed in the files since the last time; whether all of it was.

        `progress` hears sessions done and sessions to do, every few milliseconds, and says whether to
        go on. What was taken in until then is kept.
        """
        ...


class Filing(Protocol):
    """Files sessions away and back. Methods block on the disk: call them in a thread. They raise `Failure`.

    What is in memory of a session is not changed by them: title, pin and tags of an open one are
    changed there, and saved by `SessionStore.save_header`. A session in which a reply comes in is
    not moved: the failure's code is then `EBUSY`.
    """

    def place_of(self, session_id: str) -> Place:
        """Where a session is filed."""
        ...

    def archive(self, session_id: str) -> str:
        """Move a session to the archive; gives its id, another if this one was taken there."""
        ...

    def delete(self, session_id: str) -> str:
        """Move a session to the trash; gives its id there."""
        ...

    def restore(self, session_id: str) -> str:
        """Bring a session back from the archive or the trash; gives its id."""
        ...

    def rename(self, session_id: str, title: str) -> str:
        """Give a session a title; gives it as it is kept, on one line."""
        ...

    def pin(self, session_id: str) -> None:
        """Have a session stand first."""
        ...

    def unpin(self, session_id: str) -> None:
        """Have a session stand where its time puts it."""
        ...

    def tag(
        self, session_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[str]:
        """Add and remove tags; gives those that it has then."""
        ...

    def duplicate(self, session_id: str) -> str:
        """Make a copy of a session, with all its messages; gives the copy's id."""
        ...


class Attachments(Protocol):
    """The images, documents and sounds that messages of saved sessions refer to. It blocks on the disk."""

    def inlined(self, messages: Sequence[Message]) -> tuple[list[Message], list[str]]:
        """The messages with all data in them, as servers want them; and what is missing, in words.

        The messages given are not changed.
        """
        ...


class Diary(Protocol):
    """The journal of one reply: a list of records that only grows. Its methods block on the disk."""

    @property
    def session_id(self) -> str:
        """The session that the reply belongs to."""
        ...

    @property
    def message_id(self) -> str:
        """The id that the reply has."""
        ...

    def write(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add records, plain JSON each, durably. Raises `Failure`; there is then none of them."""
        ...

    def read(self) -> list[dict[str, Any]]:
        """All whole records; a torn end is left out. Raises `Failure`."""
        ...

    def discard(self) -> None:
        """The reply is saved elsewhere: remove the journal, and let go of it."""
        ...

    def release(self) -> None:
        """Let go of it: whoever comes next may take it over."""
        ...


class Journal(Protocol):
    """Keeps replies that are in the making, for the case that the program dies. Methods block on the disk."""

    def begin(self, session_id: str, message_id: str) -> Diary:
        """A new journal, ours as long as this process lives. It has no file before its first record.

        Raises `Failure`.
        """
        ...

    def left_behind(self, session_id: str | None = None) -> Iterator[Diary]:
        """The journals whose owner is gone, taken over by us; of one session, or of all."""
        ...


class Claim(Protocol):
    """A session in which only this process makes replies, until it lets go of it or dies."""

    def release(self) -> None:
        """Let go of it."""
        ...


class Watch(Protocol):
    """Sees what other running instances do. Methods block on the disk."""

    def look(self, session_ids: Iterable[str]) -> Sight:
        """What others do now, and the states of these sessions' files. Never raises."""
        ...

    def read(self, flight: Flight, start: int) -> tuple[list[dict[str, Any]], int]:
        """The whole records of a reply's journal from an offset on, and the offset behind them.

        Raises `Failure` if it can't be read; it is gone when its reply is saved.
        """
        ...

    def claim(self, session_id: str) -> Claim | None:
        """Make a session ours while replies are made in it; None if it is another instance's.

        Raises `Failure` if there can be no locks.
        """
        ...


class Drafts(Protocol):
    """Keeps what was typed and not sent, per chat. Methods block on the disk and raise `Failure`."""

    def load(self) -> list[Draft]:
        """All drafts, the newest last; those of other running instances are left out."""
        ...

    def save(self, chat_id: str, text: str) -> None:
        """Keep a chat's draft; an empty one is removed."""
        ...


class Prompts(Protocol):
    """The library of system prompts, and the files that they name. Methods block on the disk and raise `Failure`."""

    def text(self, name: str) -> str:
        """A prompt of the library, as it stands in its file."""
        ...

    def file(self, path: str) -> str:
        """The text of a file that a prompt names; refuses what is no text, or too much."""
        ...


class History(Protocol):
    """Keeps the prompts of all chats and runs. Methods block on the disk and raise `Failure`."""

    def load(self) -> list[str]:
        """All of them, the newest last."""
        ...

    def add(self, text: str) -> None:
        """Keep one more."""
        ...

    @property
    def stamp(self) -> tuple[int, ...]:
        """Another value whenever somebody, perhaps another instance, has added one. Quick."""
        ...


class NamedFiles(Protocol):
    """Reads the files that prompts name by `@path`. Methods block on the disk."""

    def expanded(self, text: str) -> Expanded:
        """The prompt with what is in the files: text behind it, images and documents beside it.

        Raises `Failure` in a sentence for what is meant as a path and can't be had.
        """
        ...

    def paths_like(self, start: str) -> list[str]:
        """Paths that begin so, to complete what is being typed; folders end with a slash."""
        ...

    def told(self, text: str) -> list[str]:
        """Each file that a prompt mentions, with its size or what is wrong with it; nothing is read."""
        ...


class Usage(Protocol):
    """What all sessions have used. Blocks on the disk: call it in a thread."""

    def used(self, since: date | None = None, until: date | None = None) -> list[Used]:
        """By day, provider and model, oldest first; days in local time, both ends included."""
        ...


class Tokenizer(Protocol):
    """Counts tokens exactly, where the user has installed what that takes."""

    def load(self) -> bool:
        """Get ready, which may take seconds: call it in a thread. Whether it can count now."""
        ...

    def count(self, text: str) -> int:
        """The tokens of a text; an estimate as long as it is not ready."""
        ...


class ModelBook(Protocol):
    """What is known of models: by the user, else their servers' lists as last seen, else this program.

    Blocks on the disk when it is asked for a provider for the first time; quick then.
    """

    def card(self, provider: str | None, model: str | None) -> ModelCard | None:
        """The model of a provider, by their names; None if nothing is known of it."""
        ...

    def prices(self, provider: str | None, model: str | None) -> Prices:
        """What it costs, as far as is known."""
        ...

    def renew(self) -> None:
        """A server's list was fetched anew, or the settings were changed: read them again."""
        ...


class Catalogue(Protocol):
    """The models to choose from."""

    def kept(self, provider: Provider) -> ModelList | None:
        """What the server offered when it was last asked; None if it never was. Blocks on the disk."""
        ...

    async def fetch(self, provider: Provider) -> ModelList:
        """What the server offers now; it is kept. Raises `Failure` if it can't be had."""
        ...


class PrintedRequest(Protocol):
    """A request as it goes over the line, but for the key: in its place stands the name of a variable."""

    @property
    def url(self) -> str:
        """Where it goes."""
        ...

    @property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What was left out, translated or repaired, in words."""
        ...

    def as_form(self, name: str) -> str:
        """The request as text: `json`, `http`, `curl`, `python` or `typescript`."""
        ...

    def with_body(self, body: dict[str, Any], note: str = "") -> PrintedRequest:
        """The same with another body."""
        ...


class SentRequest(Protocol):
    """A request that was sent, and what came of it."""

    @property
    def printed(self) -> PrintedRequest:
        """What was sent."""
        ...

    @property
    def at(self) -> float:
        """When it was sent, in seconds since the epoch."""
        ...

    def lines(self) -> Iterable[tuple[float, str]]:
        """What came, line by line, each with the seconds from sending until then."""
        ...


class Inspector(Protocol):
    """Shows requests and what came of them."""

    def preview(self, request: CompletionRequest, provider: Provider) -> PrintedRequest:
        """The request as it would be sent now. Blocks on the disk; raises `Failure` if it can't be sent."""
        ...

    def sent(self, message_id: str) -> SentRequest | None:
        """What was sent for a reply of this run; None if that is not known any more."""
        ...

    def save(self, path: str, text: str) -> Path:
        """Write a text to a file that is not there yet. Blocks on the disk; raises `Failure`."""
        ...


class ProviderShelf(Protocol):
    """Keeps the servers. What blocks does so on the disk, and raises `Failure`."""

    async def check(self, provider: Provider, key: str | None = None) -> Report:
        """Ask a server for its models and tell how far that went; by another key than the kept one, if given."""
        ...

    def key_words(self, provider: Provider) -> str:
        """Where a server's key comes from, in words; never the key. Blocks."""
        ...

    def save(self, before: Provider | None, provider: Provider, key: str | None = None) -> None:
        """Save a server, new if there was none before, and its key: an empty one is forgotten. Blocks."""
        ...

    def remove(self, name: str) -> None:
        """Take a server and its kept key out; one that comes with the program is as it came again. Blocks."""
        ...


class PromptLibrary(Prompts, Protocol):
    """The library as it is edited. Methods block on the disk and raise `Failure`."""

    def listing(self) -> list[PromptFile]:
        """All prompts, by name."""
        ...

    def path(self, name: str) -> Path:
        """A prompt's file, whether it exists or not."""
        ...

    def save(self, name: str, text: str) -> Path:
        """Write a prompt's file, new or in place of the old one."""
        ...


class PresetShelf(Protocol):
    """Keeps presets. Methods block on the disk and raise `Failure`."""

    def load(self) -> Presets:
        """All presets; what is wrong with a file is among the problems."""
        ...

    def path(self, name: str) -> Path:
        """The file of a preset of the user's, whether it exists or not."""
        ...

    def save(self, preset: Preset) -> Path:
        """Write a preset's file; comments and unknown members in it stay."""
        ...

    def remove(self, name: str) -> Path:
        """Put a preset of the user's out of the way; gives the file in which it is kept."""
        ...

    def restore(self, name: str) -> Path:
        """Bring back what was removed last by that name."""
        ...


class ThemeShelf(Protocol):
    """Keeps themes. Methods block on the disk."""

    def load(self) -> Themes:
        """All themes; what is wrong with a file is among the problems."""
        ...

    def read(self, name: str) -> tuple[ThemeFile | None, list[Problem]]:
        """One theme as its file has it now, or what is wrong with that."""
        ...

    def stamp(self, name: str) -> tuple[str, int, int] | None:
        """Another stamp than before means that the theme's file has changed; None if there is none."""
        ...


class SettingsKeeper(Protocol):
    """The settings file, which the user edits too. Methods block on the disk."""

    path: Path
    problems: list[Problem]
    """What was wrong with the file when it was last read."""

    def load(self) -> Settings:
        """All settings, with defaults for those that can't be used."""
        ...

    def set(self, path: Sequence[str], value: Any) -> None:
        """Give one setting a value (None removes it); all else in the file stays. Raises `Failure`."""
        ...

    def set_all(self, changes: Iterable[tuple[Sequence[str], Any]]) -> None:
        """Give several settings values in one go: all of them, or none and a `Failure`."""
        ...

    def stamp(self) -> tuple[int, int, int] | None:
        """Another stamp than before means that the file has changed; None if there is no file."""
        ...

    def set_key(self, command_id: str, keys: str | None) -> None:
        """Give a command other keys, behind commas; None puts it back. Raises `Failure`."""
        ...

    def key_lines(self, ids: Iterable[str]) -> dict[str, int]:
        """On which lines of the file the keys of these commands stand; 0 if it can't be told."""
        ...


class Setup(Protocol):
    """What the first-start screen can have done. All raise `Failure` with what happened and what to do."""

    @property
    def model_facts(self) -> str:
        """Name, size and licence of the embedded model, in a sentence."""
        ...

    async def try_key(self, key: str) -> Provider:
        """Check a Mistral key by asking for the model list, keep it, and give the provider that uses it."""
        ...

    async def fetch_model(self, progress: Callable[[int, int], None]) -> Provider:
        """Fetch the embedded model; `progress` hears bytes done and bytes in all."""
        ...

    async def try_server(self, url: str, kind: Kind, key: str, model: str) -> Provider:
        """Check another server by asking for its model list, and keep it; the first model if none is named."""
        ...


class Memory(Protocol):
    """Keeps across runs how the interface was left: widths, what was open, what was used last.

    It is a convenience: nothing of it is missed when it is gone. Methods block on the disk.
    """

    def load(self) -> dict[str, Any]:
        """What was kept, by dotted name; nothing if there is none or it can't be read."""
        ...

    def keep(self, changes: Mapping[str, Any]) -> None:
        """Keep some members anew; the others stay as they are, those of another instance too.

        Values are text, numbers, booleans, and lists of text. Raises `Failure`.
        """
        ...


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> float:
        """Seconds of a clock that never goes back."""
        ...
