from __future__ import annotations

import os
import pty
import selectors
import threading

import pytest
from textual import events
from textual.app import App
from textual.message import Message

pytest.importorskip("termios", reason="a driver for terminals that Windows has not")

from tests.ui.terminal.recording import until
from tui.ui.terminal import driver as module
from tui.ui.terminal.driver import QuietDriver
from tui.ui.terminal.output import DifferenceOutput


class PipedDriver(QuietDriver):
    """A driver whose terminal is a pipe."""

    def __init__(self) -> None:
        self.read: list[Message] = []
        self.fileno, self.typed = os.pipe()
        self._ended, self._end = os.pipe()
        self._debug = False
        self.exit_event = threading.Event()
        self.thread = self._key_thread = threading.Thread(target=self.run_input_thread)
        self.thread.start()

    def process_message(self, message: Message) -> None:
        self.read.append(message)

    def _disable_mouse_support(self) -> None:
        pass

    def keys(self) -> list[str]:
        return [message.key for message in self.read if isinstance(message, events.Key)]


@pytest.fixture
def reading():
    driver = PipedDriver()
    yield driver
    driver.disable_input()
    assert not driver.thread.is_alive()
    for descriptor in (driver.fileno, driver._ended, driver._end):
        os.close(descriptor)


async def test_keys_are_read_also_in_pieces(reading):
    for piece in ("a", "\x1b", "[A", "\N{SNOWMAN}"[:1]):
        os.write(reading.typed, piece.encode())
    await until(lambda: len(reading.keys()) == 3)
    assert reading.keys()[:2] == ["a", "up"]


async def test_a_lone_escape_is_told_after_a_while(reading):
    os.write(reading.typed, b"\x1b")
    await until(lambda: reading.keys() == ["escape"])


@pytest.fixture
def waits(monkeypatch) -> list[float | None]:
    """How long the thread is willing to sleep, each time that it lies down."""
    monkeypatch.setattr(module, "_TICKS", 2)
    monkeypatch.setattr(module, "_TICK_S", 0.01)
    noted: list[float | None] = []
    select = selectors.SelectSelector.select

    def noting(self, timeout=None):
        noted.append(timeout)
        return select(self, timeout)

    monkeypatch.setattr(selectors.SelectSelector, "select", noting)
    return noted


async def test_nothing_is_looked_at_while_nothing_is_typed(reading, waits):
    os.write(reading.typed, b"a")
    await until(lambda: None in waits)
    assert waits == [0.01, 0.01, None]


async def test_a_terminal_that_is_gone_is_not_read_again_and_again(reading, waits):
    os.close(reading.typed)
    await until(lambda: None in waits)
    assert waits == [0.01, 0.01, None]


def test_it_takes_the_place_of_textuals_driver(monkeypatch):
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    assert DifferenceOutput().driver_class is QuietDriver
    assert issubclass(QuietDriver, App().driver_class)


def test_the_screen_is_painted_on_a_terminal_also_if_standard_error_goes_to_a_file(tmp_path):
    master, slave = pty.openpty()
    with open(slave, "w") as terminal, (tmp_path / "errors").open("w") as file:
        assert module.painted_on(file, terminal) is terminal
        assert module.painted_on(terminal, file) is terminal
        assert module.painted_on(terminal, terminal) is terminal
        assert module.painted_on(None, terminal) is terminal
    os.close(master)
