"""Runs a chat client in a pseudo-terminal and takes its figures from outside."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Self

from tests.benchmarks.text import END
from tests.pty.emulator import Emulator
from tests.pty.harness import BISE, Terminal
from tests.pty.processes import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


COLUMNS, ROWS = 120, 40
QUIET_S = 1.0
"""A client that neither wrote nor computed for so long has nothing more to do."""
LIMIT_S = 400.0
PROBE = "§"
"""A character that no client shows by itself."""


@dataclass(frozen=True)
class Client:
    """A program that is measured."""

    name: str
    command: tuple[str, ...]

    @classmethod
    def bise(cls, url: str) -> Self:
        """The installed program."""
        options = ("--base-url", url, "--kind", "mistral", "--model", "bench")
        return cls("bise", (str(BISE), *options))

    @classmethod
    def floor(cls, url: str) -> Self:
        """The smallest Textual app."""
        return cls("floor", (sys.executable, "-m", "tests.benchmarks.floor", url))


@dataclass(frozen=True)
class Streamed:
    """What one streamed reply cost."""

    tokens: int
    rate: int
    """Tokens per second, as the server sent them; 0 for all at once."""
    cpu_s: float
    """User and system time of all the client's processes, from Enter until it had come to rest."""
    written: int
    """Bytes written to the terminal."""
    behind_s: float
    """From the server's last byte until the client had come to rest."""
    complete: bool
    """Whether the end of the reply was on the screen then."""


class Unread(Terminal):
    """A terminal that only keeps what is written; a screen is made of it when asked for.

    A screen kept up to date would cost more than a slow client does, and hold it up.
    """

    def __init__(self, command: Sequence[str], home: Path) -> None:
        super().__init__(command, home=home, columns=COLUMNS, rows=ROWS, env={"BISE_API_KEY": "k"})
        self._emulator = _Answers(COLUMNS, ROWS)

    def shows(self, text: str) -> bool:
        """Whether the text stands on the screen."""
        emulator = Emulator(COLUMNS, ROWS)
        emulator.feed(bytes(self.raw))
        return any(text in line for line in emulator.screen)


class _Answers(Emulator):
    """Answers questions only."""

    def feed(self, data: bytes) -> bytes:
        return super().feed(b"".join(_questions(data)))


def _questions(data: bytes) -> list[bytes]:
    return [q for q in (b"\x1b[?2026$p", b"\x1b[?2048$p", b"\x1b[c", b"\x1b[6n") if q in data]


class Server:
    """The streaming server, in a process of its own."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.benchmarks.server"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self._told.readline())}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    @property
    def _told(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def has_finished(self) -> bool:
        """Whether a reply has been written to its end since the last time that this said so."""
        readable, _, _ = select.select([self._told], [], [], 0)
        return bool(readable) and "tokens" in json.loads(self._told.readline())


def start_up(client: Client, home: Path) -> float:
    """Seconds from the start of the process until a typed character is on the screen."""
    began = time.monotonic()
    with Terminal(client.command, home=home, env={"BISE_API_KEY": "k"}) as terminal:
        terminal.wait_until(lambda: b"\x1b[?1049h" in terminal.raw)
        typed_at = 0.0
        while PROBE not in terminal.text:
            if time.monotonic() - typed_at > 0.05:  # what is typed too early may be lost
                typed_at = time.monotonic()
                terminal.type(PROBE)
            terminal.pump(0.005)
            assert time.monotonic() < began + LIMIT_S, terminal.text
        return time.monotonic() - began


def stream(client: Client, server: Server, home: Path, tokens: int, rate: int) -> Streamed:
    """One reply of that many tokens at that pace, in a fresh client."""
    with Unread(client.command, home) as terminal:
        _settle(terminal)
        terminal.type(f"stream {tokens} tokens at {rate}")
        _settle(terminal)
        cpu, written = cpu_seconds(terminal.pid), len(terminal.raw)
        terminal.press("enter")
        terminal.wait_until(server.has_finished, LIMIT_S)
        ended = time.monotonic()
        rested = _settle(terminal)
        return Streamed(
            tokens=tokens,
            rate=rate,
            cpu_s=cpu_seconds(terminal.pid) - cpu,
            written=len(terminal.raw) - written,
            behind_s=max(0.0, rested - ended),
            complete=terminal.shows(END),
        )


def _settle(terminal: Terminal) -> float:
    """Wait until the client rests; gives the moment at which it began to."""
    end = time.monotonic() + LIMIT_S
    seen: Any = None
    since = time.monotonic()
    while time.monotonic() - since < QUIET_S:
        assert time.monotonic() < end, "the client does not come to rest"
        assert terminal.process.poll() is None, bytes(terminal.raw[-2000:])
        terminal.pump(0.1)
        now = (len(terminal.raw), round(cpu_seconds(terminal.pid), 1))
        if now != seen:
            seen, since = now, time.monotonic()
    return since


def as_json(figures: Streamed) -> dict[str, Any]:
    """The figures by name."""
    return asdict(figures)
