"""Runs the installed `bise` in a real pseudo-terminal and sees what its user would see.

Everything happens in the calling thread: whoever waits also reads, answers the program's questions
to its terminal, and keeps the screen.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.pty.emulator import Emulator
from tests.pty.processes import descendants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Condition = str | re.Pattern[str] | Callable[[list[str]], bool]

BISE = Path(sys.executable).parent / "bise"
"""The program as it is installed beside the interpreter that runs the tests."""

DEADLINE = float(os.environ.get("BISE_TEST_DEADLINE", "60"))
"""Seconds after which something that was waited for will not come, even on a busy machine."""

_TAKE_TERMINAL = 'tty=$1; shift; exec "$@" <>"$tty" >&0 2>&0'
"""A session leader without a terminal gets the first one that it opens (on Linux)."""

_PASSED_ON = re.compile(
    r"PATH|LANG|LC_.*|TMPDIR|PIP_.*|SSL_CERT_.*|REQUESTS_CA_BUNDLE|.*_PROXY|.*_proxy"
)

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "alt+up": "\x1b[1;3A",
    "alt+down": "\x1b[1;3B",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
}
"""What an xterm sends for a key, beside Ctrl and Alt with a letter."""


def keystroke(key: str) -> bytes:
    """The bytes of a key: `enter`, `ctrl+n`, `alt+u`, `alt+down`, `f1`, or one character."""
    if key in KEYS:
        return KEYS[key].encode()
    modifier, _, letter = key.rpartition("+")
    match modifier:
        case "ctrl":
            return bytes([ord(letter) & 0x1F])
        case "alt":
            return b"\x1b" + letter.encode()
        case "" if len(letter) == 1:
            return letter.encode()
    raise ValueError(f"no such key: {key}")


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a user who has nothing but an empty home folder and an xterm."""
    passed = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
    pip_config = Path.home() / ".config" / "pip" / "pip.conf"
    if pip_config.exists():  # the registry to be used must not be lost with the home folder
        passed.setdefault("PIP_CONFIG_FILE", str(pip_config))
    own = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    return passed | own | dict(extra or {})


class Terminal:
    """A program in a pseudo-terminal of its own, whose controlling terminal it is."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        home: Path,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.raw = bytearray()
        """All bytes that were written to the terminal."""
        self._emulator = Emulator(columns, rows)
        self._master, self._slave = pty.openpty()
        self._set_size(columns, rows)
        self._before = termios.tcgetattr(self._slave)
        name = os.ttyname(self._slave)
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", _TAKE_TERMINAL, "sh", name, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(home, env),
            cwd=cwd,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def screen(self) -> list[str]:
        """The lines of the screen, without the blanks at their ends."""
        return self._emulator.screen

    @property
    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.screen)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._emulator.cursor

    def has_cursor(self, text: str) -> bool:
        """Whether a text field paints its cursor on the first character of a text (it may blink)."""
        for row, line in enumerate(self.screen):
            if (column := line.find(text)) >= 0:
                behind = self._emulator.background
                return behind(column, row) != behind(column + 1, row)
        return False

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self.process.pid

    @property
    def children(self) -> list[int]:
        """Ids of the processes that the program has started, and theirs."""
        return descendants(self.pid)

    def send(self, data: bytes) -> None:
        """Hand bytes to the program as if they were typed."""
        waiting = data
        while waiting:
            _, writable, _ = select.select([], [self._master], [], 0.05)
            if writable:
                waiting = waiting[os.write(self._master, waiting[:1024]) :]
            self.pump(0)

    def type(self, text: str) -> None:
        """Type a text."""
        self.send(text.encode())

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal with bracketed paste does."""
        self.send(b"\x1b[200~" + text.replace("\n", "\r").encode() + b"\x1b[201~")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.send(keystroke(key))

    def press_until(self, key: str, condition: Callable[[], bool]) -> None:
        """Press a key, and again if it was ignored (as Enter is right after a paste), until something holds."""
        end = time.monotonic() + DEADLINE
        while not condition():
            self.press(key)
            again = time.monotonic() + 0.5
            while not condition() and time.monotonic() < again:
                self.pump(0.02)
            if time.monotonic() > end:
                raise AssertionError(self._report(f"{key} did not help in {DEADLINE:g} s"))

    def pump(self, timeout: float) -> bool:
        """Read what is there, waiting for it up to `timeout` seconds; False if nothing came."""
        if self._master < 0:
            return False
        readable, _, _ = select.select([self._master], [], [], timeout)
        if not readable:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            return False
        self.raw += data
        if answer := self._emulator.feed(data):
            os.write(self._master, answer)
        return True

    def wait_for(self, condition: Condition, timeout: float = DEADLINE) -> None:
        """Wait until a text, a pattern or a condition holds on the screen; fails with the screen."""
        end = time.monotonic() + timeout
        holds = _as_predicate(condition)
        while not holds(self.screen):
            gone = self.process.poll() is not None
            if not self.pump(0.05) and gone and not holds(self.screen):
                raise AssertionError(self._report(f"ended before {condition!r} was seen"))
            if time.monotonic() > end:
                raise AssertionError(self._report(f"{condition!r} not seen in {timeout:g} s"))

    def wait_for_no(self, text: str, timeout: float = DEADLINE) -> None:
        """Wait until a text has gone from the screen."""
        self.wait_for(lambda screen: not any(text in line for line in screen), timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float = DEADLINE) -> None:
        """Wait until something beside the screen holds, going on with reading; fails with the screen."""
        end = time.monotonic() + timeout
        while not condition():
            self.pump(0.02)
            if time.monotonic() > end:
                raise AssertionError(self._report(f"did not come true in {timeout:g} s"))

    def wait_exit(self, timeout: float = DEADLINE) -> int:
        """Wait for the program's end; gives its status, negative if a signal ended it."""
        end = time.monotonic() + timeout
        while self.process.poll() is None:
            self.pump(0.05)
            if time.monotonic() > end:
                raise AssertionError(self._report(f"still running after {timeout:g} s"))
        while self.pump(0.05):
            pass
        return self.process.returncode

    def left_behind(self) -> list[str]:
        """After the end: what of the terminal was not set back, in words; empty if all was."""
        wrong = self._emulator.left_behind()
        if termios.tcgetattr(self._slave) != self._before:
            wrong.append("the terminal's line settings differ")
        return wrong

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size; the program gets SIGWINCH."""
        self._emulator.resize(columns, rows)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal while the program runs, as a dropped line does."""
        for end in (self._slave, self._master):
            os.close(end)
        self._slave = self._master = -1

    def close(self) -> None:
        """End the program, if it still runs, and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        if self._master >= 0:
            self.hang_up()

    def _report(self, what: str) -> str:
        status = self.process.poll()
        running = "running" if status is None else f"ended with {status}"
        column, row = self._emulator.cursor
        lines = "\n".join(f"{number:3}│{line}" for number, line in enumerate(self.screen, 1))
        return f"{what}; {running}, cursor at {column},{row}\n{lines}\nlast bytes: {bytes(self.raw[-300:])!r}"


def _as_predicate(condition: Condition) -> Callable[[list[str]], bool]:
    if isinstance(condition, str):
        wanted = condition
        return lambda screen: any(wanted in line for line in screen)
    if isinstance(condition, re.Pattern):
        pattern = condition
        return lambda screen: pattern.search("\n".join(screen)) is not None
    return condition
