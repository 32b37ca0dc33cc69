"""Textual's driver for Linux and macOS, asleep while nothing is typed, and with its signals in turn.

Textual 8.2.8 looks ten times a second whether something was typed or a lone Escape has waited long
enough: a tenth of a second of computing in each minute in which nothing happens. The seams are
`run_input_thread` and `disable_input`, which waits for that thread to end. Pastes are taken out by
`tui.ui.terminal.pasting`, and `tui.ui.terminal.typed` makes keys of the rest.

Its handlers of SIGTSTP and SIGCONT run in the middle of each other, and a SIGCONT that follows no
SIGTSTP takes the terminal twice: two threads read it then, and it is left in its raw mode. Here
such signals wait until the terminal is taken or given back.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from textual import events
from textual.drivers.linux_driver import LinuxDriver

from tui.ui.terminal.pasting import Pasted, Pastes
from tui.ui.terminal.typed import KeyParser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.message import Message

_TICK_S = 0.1
"""Seconds between two looks at what was begun and has not ended, an escape sequence or a lone Escape."""
_TICKS = 20
"""So many looks after the last thing that was typed; after that nothing can be waiting."""
_MOST = 4096


class QuietDriver(LinuxDriver):
    """Reads the terminal in a thread that wakes up when there is something to read."""

    _is_changing = False
    """Whether the terminal is just being taken or given back."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._signals: list[int] = []
        """Those that wait."""
        super().__init__(*args, **options)
        vars(self)["_file"] = painted_on(sys.__stderr__, sys.__stdout__)
        self._ended, self._end = os.pipe()

    def disable_input(self) -> None:
        """Read no more."""
        if self._is_reading():
            os.write(self._end, b"!")
        super().disable_input()

    def start_application_mode(self) -> None:
        """Take the terminal."""
        with self._undisturbed():
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual has no type here

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        with self._undisturbed():
            super().stop_application_mode()

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """Within the outermost of these no signal does anything; what came is done behind it."""
        is_outermost, self._is_changing = not self._is_changing, True
        try:
            yield
        finally:
            if is_outermost:
                self._is_changing = False
                self._obey_waiting()

    def _sigtstp_application(self, *_: object) -> None:
        self._signals.append(signal.SIGTSTP)
        self._obey_waiting()

    def _sigcont_application(self, *_: object) -> None:
        self._signals.append(signal.SIGCONT)
        self._obey_waiting()

    def _obey_waiting(self) -> None:
        while self._signals and not self._is_changing:
            self._is_changing = True
            try:
                self._obey(self._signals.pop(0))
            finally:
                self._is_changing = False

    def _obey(self, number: int) -> None:
        if number == signal.SIGTSTP:
            self._stop()
        elif self._auto_restart and self._must_signal_resume:
            self.resume_application_mode()
        elif self._auto_restart and self._is_reading() and self._is_in_front():
            # Stopped by SIGSTOP: whoever had the terminal meanwhile may have set it otherwise
            self.suspend_application_mode()
            self.resume_application_mode()

    def _stop(self) -> None:
        if self._auto_restart and self._is_reading():
            self.suspend_application_mode()
            self._must_signal_resume = True
        if signal.SIGCONT not in self._signals:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _is_reading(self) -> bool:
        """Whether this has the terminal."""
        return self._key_thread is not None and self._key_thread.is_alive()

    def _is_in_front(self) -> bool:
        """Whether there is a terminal still, and no other program is to have it."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return False

    def run_input_thread(self) -> None:
        """Wait for input and dispatch it, until `disable_input` is called."""
        parser = KeyParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        pastes = Pastes()
        ticks = 0
        # Not the best selector there is: macOS has others that can't wait for terminals.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(_TICK_S if ticks else None)}
                if self.fileno in ready:
                    if data := os.read(self.fileno, _MOST):
                        self._take(decode(data), pastes, parser)
                    else:  # there will never be more
                        selector.unregister(self.fileno)
                else:  # else the rest of a sequence may be there, however late this thread is
                    if pastes.is_waiting:
                        self._dispatch(parser.feed(pastes.release()))
                    self._dispatch(parser.tick())
                ticks = _TICKS if ready else max(0, ticks - 1)
                if self._ended in ready:
                    os.read(self._ended, 1)
                    return

    def _take(self, text: str, pastes: Pastes, parser: KeyParser) -> None:
        for piece in pastes.split(text):
            if isinstance(piece, Pasted):
                self._dispatch([events.Paste(piece.text)])
            else:
                self._dispatch(parser.feed(piece))

    def _dispatch(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def painted_on(errors: TextIO | None, out: TextIO | None) -> TextIO | None:
    """Where the screen is painted: Textual takes standard error, which may lead into a file."""
    is_elsewhere = errors is None or not errors.isatty()
    return out if is_elsewhere and out is not None and out.isatty() else errors
