"""Thousands of sessions on disk, made quickly and the same in every run."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_SYLLABLES = "ka lo mi ter an ges pro in ra des que stil ver mon da fel ost bri ne ul"


def vocabulary(size: int = 30_000, seed: int = 5) -> list[str]:
    """Words, the most usual ones first."""
    random = Random(seed)
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(random.choices(_SYLLABLES.split(), k=random.randint(1, 4)))] = None
    return list(words)


class Prose:
    """Text whose words are as unequally usual as those of a language."""

    def __init__(self, seed: int = 7) -> None:
        self.words = vocabulary()
        self._random = Random(seed)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def text(self, length: int) -> str:
        """So many words."""
        return " ".join(self._random.choices(self.words, cum_weights=self._weights, k=length))


def fill(folder: Path, sessions: int, messages: int, words: int = 60) -> None:
    """Write session files as bise does, each an hour younger than the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    prose = Prose()
    for number in range(sessions):
        moment = _BEGIN + timedelta(hours=number)
        path = folder / f"{moment:%Y%m%d-%H%M%S}-{number:04x}.toml"
        path.write_text(_session(prose, path.stem, moment, messages, words), "utf-8")
        os.utime(path, (moment.timestamp(), moment.timestamp()))


def _session(prose: Prose, session_id: str, moment: datetime, messages: int, words: int) -> str:
    lines = [
        f'schema = 1\nid = "{session_id}"\ntitle = "{prose.text(4)}"\ncreated = {_toml(moment)}\n'
        'provider = "mistral"\n\n[parameters]\nmodel = "mistral-medium-latest"\n'
    ]
    for number in range(messages):
        role = "assistant" if number % 2 else "user"
        parent = f'parent = "m{number - 1:07}"\n' if number else ""
        when = _toml(moment + timedelta(seconds=20 * number))
        content = f'"{prose.text(words // 3)}"'
        ending = ""
        if role == "assistant":
            content = f'"""\n{prose.text(words)}\n\n{prose.text(words)}"""'
            ending = (
                'ended = "stop"\n\n[message.completion]\nmodel = "mistral-medium-latest"\n'
                'provider = "mistral"\nprompt_tokens = 14\ncompletion_tokens = 212\nseconds = 2.71\n'
            )
        lines.append(
            f'\n[[message]]\nid = "m{number:07}"\n{parent}role = "{role}"\ncreated = {when}\n'
            f"content = {content}\n{ending}"
        )
    return "".join(lines)


def _toml(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
