"""Which formats can be read, and what comes of reading them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tui.store.importing.making import Found, Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tui.store.importing.shelf import Part, Shelf


class Format(StrEnum):
    """Where conversations can come from, by the word for `--from`."""

    BISE = "bise"
    API = "api"
    CHATGPT = "chatgpt"
    LE_CHAT = "lechat"
    LLM = "llm"
    AICHAT = "aichat"
    ELIA = "elia"
    OTERM = "oterm"
    PARLLAMA = "parllama"


NAMES = {
    Format.BISE: "an export of bise (JSON, TOML)",
    Format.API: "API messages (JSON, JSON lines)",
    Format.CHATGPT: "a ChatGPT data export",
    Format.LE_CHAT: "a Le Chat data export",
    Format.LLM: "llm's logs.db",
    Format.AICHAT: "aichat sessions",
    Format.ELIA: "elia's database",
    Format.OTERM: "oterm's database",
    Format.PARLLAMA: "parllama's chats",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A conversation, or a file, that could not be taken over."""

    words: str


Reading = Found | Trouble


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that is read, and those around it."""

    shelf: Shelf
    part: Part

    @property
    def label(self) -> str:
        """What it is called in a sentence."""
        path = self.shelf.path_of(self.part)
        return str(path) if path is not None else f"{self.part.name} in {self.shelf.path}"


def each(origin: Origin, things: Iterable[Any], make: Callable[[Any], Found]) -> Iterator[Reading]:
    """What comes of each conversation; what is wrong with one does not keep the others back."""
    for number, thing in enumerate(things, 1):
        try:
            yield make(thing)
        except Unfit as error:
            yield Trouble(f"{origin.label}, conversation {number}: {error}")
        except RecursionError:
            yield Trouble(f"{origin.label}, conversation {number}: it is nested too deeply")
