"""Reads what is typed with a slash at its beginning: a command's word and its argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.core.fuzzy import nearest
from tui.ui.commands import BY_SLASH

if TYPE_CHECKING:
    from tui.ui.table.command import Command

_WORD = re.compile(r"/([A-Za-z][\w-]*)(?:\s+(.*))?", re.DOTALL)
_BEGINNING = re.compile(r"/([A-Za-z][\w-]*)?")


@dataclass(frozen=True, slots=True)
class Call:
    """A command is to be run."""

    command: Command
    argument: str


def literal(text: str) -> str | None:
    """What is to be sent of a text that begins with two slashes, one of them; None for all others."""
    return text[1:] if text.startswith("//") else None


def read(text: str) -> Call | None:
    """The command that a prompt runs; None if it is a prompt like others, such as `/usr/bin is full`.

    Raises `ValueError`, with a sentence, for a word that is no command's and might be meant as one,
    and for an argument that the command does not take.
    """
    found = _WORD.fullmatch(text.strip())
    if found is None:
        return None
    name, argument = found[1], (found[2] or "").strip()
    command = BY_SLASH.get(name.lower())
    if command is None:
        raise ValueError(_unknown(name))
    if argument and not command.argument:
        raise ValueError(
            f"/{command.slash} takes nothing behind it. // at the start sends it as text."
        )
    return Call(command, argument)


def _unknown(name: str) -> str:
    meant = " or ".join(f"/{near}" for near in nearest(name, BY_SLASH))
    guess = f"Did you mean {meant}? " if meant else ""
    return f"There is no command /{name}. {guess}// at the start sends it as text."


def beginnings(text: str) -> list[Command]:
    """The commands that a word with a slash may become, while it is being typed."""
    found = _BEGINNING.fullmatch(text)
    if found is None:
        return []
    typed = (found[1] or "").lower()
    fitting = [c for name, c in sorted(BY_SLASH.items()) if typed in name]
    return sorted(fitting, key=lambda c: not c.slash.startswith(typed))


def being_typed(text: str) -> Call | None:
    """The command whose argument is being typed, with the argument so far as it stands."""
    name, space, argument = text.partition(" ")
    command = BY_SLASH.get(name[1:].lower()) if name.startswith("/") and space else None
    return Call(command, argument) if command is not None and command.argument else None
