"""Variables in a system prompt: `{{date}}`, `{{model}}` and `{{file:PATH}}`, filled in when a request is made.

Only what the user wrote as a system prompt, or keeps in the library, is filled in: never a message,
never what a model said, and nothing within what was filled in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tui.core.ports import Prompts

_VARIABLE: Final = re.compile(
    r"(\\?)\{\{[ \t]*(file:[^{}\n]{1,1000}|[A-Za-z_][\w-]{0,60})[ \t]*\}\}"
)


class PromptFile(NamedTuple):
    """One prompt of the library."""

    name: str
    """The file's name without `.md`."""
    beginning: str
    """Its first words."""
    characters: int


class Filling(NamedTuple):
    """One variable, and what became of it."""

    variable: str
    """As it was written, without the braces: `date`, `file:notes.md`."""
    value: str | None
    """What stands in its place; None if it was left as it is."""
    problem: str = ""
    """Why it was left as it is, in words."""
    is_fatal: bool = False
    """Whether the request should not leave so: something that was wanted in it is missing."""

    @property
    def words(self) -> str:
        """What was filled in, or why not, for people."""
        if self.value is None:
            return f"{{{{{self.variable}}}}}: {self.problem}"
        if self.variable.startswith("file:"):
            return f"{{{{{self.variable}}}}}: {len(self.value):,} characters"
        return f"{{{{{self.variable}}}}}: {self.value}"


class Filled(NamedTuple):
    """A text with its variables filled in."""

    text: str
    fillings: tuple[Filling, ...] = ()

    @property
    def problems(self) -> list[str]:
        """What could not be filled in, in words."""
        return [filling.words for filling in self.fillings if filling.value is None]


def fill(text: str, today: date, model: str | None, read: Callable[[str], str]) -> Filled:
    r"""Fill in a text's variables; `\{{date}}` stays as it is, without the backslash.

    `read` gives the text of a file and raises `Failure`, which is told in the filling; it may block on the disk.
    """
    parts = list(pieces(text, today, model, read))
    return Filled(
        "".join(piece for piece, _ in parts), tuple(filling for _, filling in parts if filling)
    )


def verbatim(text: str) -> str:
    """The text so that filling in its variables gives it back as it was."""
    return _VARIABLE.sub(lambda match: f"\\{match.group()}", text)


def pieces(
    text: str, today: date, model: str | None, read: Callable[[str], str]
) -> Iterator[tuple[str, Filling | None]]:
    """The same piece by piece: plain text, and what stands in place of each variable with its filling."""
    values = {"date": today.isoformat(), "model": model}
    at = 0
    for match in _VARIABLE.finditer(text):
        yield text[at : match.start()], None
        at = match.end()
        if match.group(1):
            yield match.group()[1:], None
            continue
        filling = _filling(match.group(2).strip(), values, read)
        yield match.group() if filling.value is None else filling.value, filling
    yield text[at:], None


def _filling(name: str, values: dict[str, str | None], read: Callable[[str], str]) -> Filling:
    if name.startswith("file:"):
        try:
            return Filling(name, read(name.removeprefix("file:").strip()))
        except Failure as failure:
            return Filling(name, None, failure.message, is_fatal=True)
    if name not in values:
        return Filling(name, None, "no such variable; it was left as it is")
    value = values[name]
    return Filling(name, value, "" if value else "no model is chosen")


def system_prompt(
    own: str | None, linked: str | None, library: Prompts, today: date, model: str | None
) -> Filled | None:
    """The system prompt that a request gets: the linked one of the library, then the chat's own; None without either.

    It reads files, and so blocks on the disk. Raises `Failure` if the linked one is not there.
    """
    texts = [library.text(linked)] if linked else []
    texts += [own] if own else []
    filled = [fill(text, today, model, library.file) for text in texts]
    text = "\n\n".join(part.text for part in filled if part.text.strip())
    if not text:
        return None
    return Filled(text, tuple(filling for part in filled for filling in part.fillings))
